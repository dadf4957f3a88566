"""Prices, norms and rates with the days on which they hold, and what houses used.

Validity is half-open, and no two rows of one key share a day. The office loads them; a house's months are billing's.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Final

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from kabinet.contracts.models import House
from kabinet.contracts.values import ContractKind, HouseType, Settlement, Zone
from kabinet.infra import ids
from kabinet.infra.models import StoredFile
from kabinet.kernel.periods import Period
from kabinet.providers.models import Provider
from kabinet.providers.values import Resource
from kabinet.tariffs.values import DatedRate, HouseVolumes, Unit
from kabinet.tariffs.values.tables import NormKey, NormKind, TariffKey


def _choices(codes: type[StrEnum]) -> list[tuple[str, str]]:
    return [(code.value, code.value) for code in codes]


class Dated(models.Model):
    """A row that holds from a day up to, not including, another."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, db_index=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        abstract = True

    @property
    def period(self) -> Period:
        return Period(self.valid_from, self.valid_to)


def _dated(table: str, *key: str) -> list[models.BaseConstraint]:
    days = Func("valid_from", "valid_to", function="daterange", output_field=DateRangeField())
    return [
        models.CheckConstraint(
            condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name=f"{table}_ends_after_start"
        ),
        ExclusionConstraint(
            name=f"{table}s_share_no_day",
            expressions=[
                *((name, RangeOperators.EQUAL) for name in ("provider", *key)),
                (days, RangeOperators.OVERLAPS),
            ],
        ),
    ]


TARIFF_KEY: Final = ("resource", "unit", "house_type", "settlement", "zones", "zone", "range_number")
NORM_KEY: Final = ("resource", "kind", "house_type", "settlement", "rooms", "people")


class Tariff(Dated):
    """A price of one zone and one range; hot water and heat in it are two units of one resource."""

    resource = models.CharField(max_length=16, choices=_choices(Resource))
    unit = models.CharField(max_length=4, choices=_choices(Unit))
    house_type = models.CharField(max_length=20, choices=_choices(HouseType), blank=True)
    settlement = models.CharField(max_length=10, choices=_choices(Settlement), blank=True)
    zones = models.PositiveSmallIntegerField(default=1)
    zone = models.CharField(max_length=10, choices=_choices(Zone), default=Zone.SINGLE)
    range_number = models.PositiveSmallIntegerField(default=1)
    # The upper end of the range for a month; the last range has none.
    range_end = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    price = models.DecimalField(max_digits=14, decimal_places=5)

    class Meta:
        constraints = [
            *_dated("tariff", *TARIFF_KEY),
            models.CheckConstraint(condition=Q(price__gte=0), name="tariff_is_no_gift"),
            models.CheckConstraint(
                condition=Q(zones__range=(1, 3), range_number__range=(1, 9))
                & (Q(range_end__isnull=True) | Q(range_end__gt=0)),
                name="tariff_zones_and_ranges_are_sane",
            ),
        ]

    @property
    def key(self) -> TariffKey:
        return TariffKey(
            Resource(self.resource), Unit(self.unit), self.house_type, self.settlement,
            self.zones, Zone(self.zone), self.range_number,
        )  # fmt: skip


class Norm(Dated):
    """A norm: a person's month, a square metre of what is common or heated, the heat in a cubic metre of hot water."""

    resource = models.CharField(max_length=16, choices=_choices(Resource))
    kind = models.CharField(max_length=16, choices=_choices(NormKind))
    house_type = models.CharField(max_length=20, choices=_choices(HouseType), blank=True)
    settlement = models.CharField(max_length=10, choices=_choices(Settlement), blank=True)
    rooms = models.PositiveSmallIntegerField(default=0)
    people = models.PositiveSmallIntegerField(default=0)
    value = models.DecimalField(max_digits=14, decimal_places=6)

    class Meta:
        constraints = [
            *_dated("norm", *NORM_KEY),
            models.CheckConstraint(condition=Q(value__gte=0), name="norm_is_not_negative"),
        ]

    @property
    def key(self) -> NormKey:
        return NormKey(
            Resource(self.resource), NormKind(self.kind), self.house_type, self.settlement, self.rooms, self.people
        )


class PenaltyRate(Dated):
    """The yearly rate by which penalties are counted."""

    customers = models.CharField(max_length=20, choices=_choices(ContractKind))
    percent = models.DecimalField(max_digits=7, decimal_places=4)

    class Meta:
        constraints = [
            *_dated("penalty_rate", "customers"),
            models.CheckConstraint(condition=Q(percent__gte=0, percent__lte=100), name="penalty_rate_is_a_share"),
        ]

    def to_value(self) -> DatedRate:
        return DatedRate(self.percent, self.period)


class HouseMonth(models.Model):
    """What a house used in a month, as billing counts its common needs; without a house meter the norm is what matters.

    Areas stand here where the month's differ from those that the house has now.
    """

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    source = models.CharField(max_length=20)
    external_id = models.CharField(max_length=64)
    version = models.BigIntegerField()
    # Held together with the provider: the house of another utility cannot stand here.
    house = models.ForeignKey(
        House, on_delete=models.PROTECT, related_name="months", db_index=False, db_constraint=False
    )
    month = models.DateField()
    resource = models.CharField(max_length=16, choices=_choices(Resource))
    has_house_meter = models.BooleanField(default=False)
    norm = models.DecimalField(max_digits=14, decimal_places=6, null=True)
    total_area = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    common_area = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    house_volume = models.DecimalField(max_digits=16, decimal_places=4, null=True)
    nonresidential_volume = models.DecimalField(max_digits=16, decimal_places=4, default=0)
    norm_volume = models.DecimalField(max_digits=16, decimal_places=4, default=0)
    meter_volume = models.DecimalField(max_digits=16, decimal_places=4, default=0)
    utility_volume = models.DecimalField(max_digits=16, decimal_places=4, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "source", "external_id"], name="house_month_external_id_once"),
            models.UniqueConstraint(fields=["house", "resource", "month"], name="one_month_of_a_house"),
            models.CheckConstraint(condition=Q(month__day=1), name="house_month_is_a_first_day"),
            models.CheckConstraint(
                condition=Q(has_house_meter=False) | Q(house_volume__isnull=False), name="house_meter_has_its_volume"
            ),
            models.CheckConstraint(
                condition=Q(total_area__isnull=True) | Q(total_area__gt=0), name="house_month_area_is_sane"
            ),
        ]

    def volumes(self) -> HouseVolumes:
        return HouseVolumes(
            house=self.house_volume or Decimal(0),
            nonresidential=self.nonresidential_volume,
            flats_by_norm=self.norm_volume,
            flats_by_meter=self.meter_volume,
            utility_use=self.utility_volume,
        )


class PriceList(models.Model):
    """A file of prices as the office gave it: tried first, then taken, or left.

    Its rows are kept as they were read, so that what is taken is what was shown.
    """

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, db_index=False)
    name = models.CharField(max_length=200)
    stored = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True)
    rows = models.JSONField()
    given_by = models.UUIDField(null=True)
    given_at = models.DateTimeField()
    taken_by = models.UUIDField(null=True)
    taken_at = models.DateTimeField(null=True)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["provider", "-given_at"], name="price_list_of_provider")]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at__isnull=False) | Q(added=0, changed=0), name="list_that_waits_changed_nothing"
            ),
        ]
