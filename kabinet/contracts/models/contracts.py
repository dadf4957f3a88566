"""Contracts, what they supply and measure, and the memberships that give sight of them.

Everything but memberships is billing's and comes by the exchange: `(provider, source, external_id)` is its name there,
`version` its age. Validity is half-open.

What lies under a contract names the row above together with its contract and provider, in one foreign key that the
migrations write: a meter cannot stand at the point of another contract, and a row costs one check instead of three.
"""

from datetime import date, datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from kabinet.accounts.models import User
from kabinet.contracts.rules import numbers
from kabinet.contracts.values import (
    ContractKind,
    EntryStatus,
    HouseType,
    MembershipValue,
    Quantity,
    RegisterValue,
    Role,
    Settlement,
    Zone,
)
from kabinet.infra import ids
from kabinet.providers.models import Provider

# The keys by which people find what they typed, computed by the database so that no writer can forget them.
# They say in SQL what kernel.digits.meter_number_key and contracts.rules.numbers.number_key say; a test compares them.
# A regular expression costs as much as writing the row's indexes: numbers of digits alone, as most are, need none.
_ONLY = "translate(%(expressions)s, '{}', '') = ''"
_DIGITS = "regexp_replace(%(expressions)s, '[^0-9]', '', 'g')"
_METER_NUMBER_KEY = "coalesce(nullif(ltrim({0}, '0'), ''), left({0}, 1))"
METER_NUMBER_KEY_SQL = (
    f"CASE WHEN {_ONLY.format('0123456789')} THEN {_METER_NUMBER_KEY.format('%(expressions)s')} "
    f"ELSE {_METER_NUMBER_KEY.format(_DIGITS)} END"
)
CONTRACT_NUMBER_KEY_SQL = (
    f"CASE WHEN {_ONLY.format('0123456789/.')} THEN %(expressions)s "
    "ELSE translate(regexp_replace(%(expressions)s, '[^0-9A-Za-zА-Яа-яЁё/.]', '', 'g'), '"
    + numbers.FOLDED
    + "', '"
    + numbers.FOLDED_TO
    + "') END"
)


class FromBilling(models.Model):
    """A row that billing owns."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    # Held by the key of the row above, a contract's by its own; each table's unique names begin with it.
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    source = models.CharField(max_length=20)
    external_id = models.CharField(max_length=64)
    version = models.BigIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        abstract = True


def named(table: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(fields=["provider", "source", "external_id"], name=f"{table}_external_id_once"),
        models.CheckConstraint(
            condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name=f"{table}_ends_after_start"
        ),
    ]


def _under_contract(table: str, *beside: str) -> models.BaseConstraint:
    """Return what the keys of the rows below point at; it finds a contract's rows, too."""
    return models.UniqueConstraint(fields=["contract", "provider", "id", *beside], name=f"{table}_in_contract")


_LOWERED = Func(
    F("emails"),
    template="lower((%(expressions)s)::text)::text[]",
    output_field=ArrayField(models.TextField()),
)


class House(FromBilling):
    """A house of flats, whose common areas its households pay for together."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, db_index=False)
    address = models.CharField(max_length=240)
    house_type = models.CharField(max_length=20, choices=[(code, code) for code in HouseType])
    settlement = models.CharField(max_length=10, choices=[(code, code) for code in Settlement])
    # All rooms that somebody lives or works in, and what belongs to everybody: stairs, cellars, lifts.
    total_area = models.DecimalField(max_digits=10, decimal_places=2)
    common_area = models.DecimalField(max_digits=10, decimal_places=2)
    has_house_meter = models.BooleanField(default=False)

    class Meta:
        constraints = [
            *named("house"),
            models.UniqueConstraint(fields=["provider", "id"], name="house_in_provider"),
            models.CheckConstraint(condition=Q(total_area__gt=0, common_area__gte=0), name="house_areas_are_sane"),
        ]


class ContractSet(models.QuerySet["Contract"]):
    def current(self, day: date) -> "ContractSet":
        """Keep those that hold on the day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)


class Contract(FromBilling):
    """The agreement with a customer; a household's is its account."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, db_index=False)
    number = models.CharField(max_length=40)
    number_key = models.GeneratedField(
        expression=Func(F("number"), template=CONTRACT_NUMBER_KEY_SQL),
        output_field=models.CharField(max_length=40),
        db_persist=True,
    )
    kind = models.CharField(max_length=20, choices=[(code, code) for code in ContractKind])
    customer_name = models.CharField(max_length=240)
    customer_number = models.CharField(max_length=40, blank=True)
    inn = models.CharField(max_length=12, blank=True)
    kpp = models.CharField(max_length=9, blank=True)
    signed_on = models.DateField(null=True)
    deadline_day = models.PositiveSmallIntegerField(null=True)
    has_hot_water = models.BooleanField(default=False)
    price_category = models.PositiveSmallIntegerField(null=True)
    # Written in the agreement, lower-cased; who knows one may link the contract (CON-02), so that no page shows them.
    emails = ArrayField(models.TextField(), default=list)
    ogrn = models.CharField(max_length=15, blank=True)
    legal_address = models.CharField(max_length=240, blank=True)
    postal_address = models.CharField(max_length=240, blank=True)
    phone = models.CharField(max_length=80, blank=True)
    bank_name = models.CharField(max_length=240, blank=True)
    bic = models.CharField(max_length=9, blank=True)
    bank_account = models.CharField(max_length=20, blank=True)
    correspondent_account = models.CharField(max_length=20, blank=True)

    # Of a household: who holds the account, where, and for how many it is counted.
    holder_last = models.CharField(max_length=80, blank=True)
    holder_first = models.CharField(max_length=80, blank=True)
    holder_middle = models.CharField(max_length=80, blank=True)
    # Held together with the provider: the house of another utility cannot stand here.
    house = models.ForeignKey(
        House, on_delete=models.PROTECT, null=True, related_name="contracts", db_index=False, db_constraint=False
    )
    area = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    residents = models.PositiveSmallIntegerField(null=True)
    owners = models.PositiveSmallIntegerField(null=True)
    rooms = models.PositiveSmallIntegerField(null=True)

    objects = ContractSet.as_manager()

    class Meta:
        constraints = [
            *named("contract"),
            models.UniqueConstraint(fields=["provider", "id"], name="contract_in_provider"),
            models.CheckConstraint(
                condition=Q(deadline_day__isnull=True) | Q(deadline_day__range=(1, 31)), name="deadline_day_in_month"
            ),
            models.CheckConstraint(
                condition=Q(price_category__isnull=True) | Q(price_category__range=(1, 6)),
                name="price_category_is_known",
            ),
            models.CheckConstraint(condition=Q(emails=_LOWERED), name="contract_emails_are_lower_case"),
            models.CheckConstraint(
                condition=(Q(area__isnull=True) | Q(area__gt=0)) & (Q(rooms__isnull=True) | Q(rooms__gt=0)),
                name="household_has_room",
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "number_key"], name="contract_by_number"),
            models.Index(fields=["house"], condition=Q(house__isnull=False), name="contract_by_house"),
        ]


class SupplyPoint(FromBilling):
    """The place supplied."""

    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="points", db_index=False, db_constraint=False
    )
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=240)
    entry_status = models.CharField(max_length=16, default=EntryStatus.AWAITING)

    class Meta:
        constraints = [*named("supply_point"), _under_contract("supply_point")]


class Meter(FromBilling):
    """A meter as it stands at a point; a replacement ends one and begins another."""

    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="meters", db_index=False, db_constraint=False
    )
    point = models.ForeignKey(SupplyPoint, on_delete=models.PROTECT, related_name="meters", db_constraint=False)
    number = models.CharField(max_length=40)
    number_key = models.GeneratedField(
        expression=Func(F("number"), template=METER_NUMBER_KEY_SQL),
        output_field=models.CharField(max_length=40),
        db_persist=True,
    )
    make = models.CharField(max_length=80, blank=True)
    resource = models.CharField(max_length=16)
    place = models.CharField(max_length=80, blank=True)
    ratio = models.DecimalField(max_digits=12, decimal_places=4, default=1)
    complex_name = models.CharField(max_length=80, blank=True)
    verification_due = models.DateField(null=True)
    entry_status = models.CharField(max_length=16, default=EntryStatus.AWAITING)
    replaced_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="replaces", db_index=False
    )

    # Whether a register of it has followed another of the same quantity and zone.
    registers_follow = models.BooleanField(default=False)

    class Meta:
        constraints = [*named("meter"), _under_contract("meter", "registers_follow")]
        indexes = [
            models.Index(fields=["provider", "number_key"], name="meter_by_number"),
            models.Index(fields=["replaced_by"], condition=Q(replaced_by__isnull=False), name="meter_by_successor"),
        ]


class Register(FromBilling):
    """One counting register of a meter."""

    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="registers", db_index=False, db_constraint=False
    )
    meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="registers", db_constraint=False)
    # As its meter says: the key to the meter holds this, too.
    registers_follow = models.BooleanField(default=False)
    quantity = models.CharField(max_length=2)
    zone = models.CharField(max_length=10)
    tariff_number = models.PositiveSmallIntegerField(null=True)
    integer_digits = models.PositiveSmallIntegerField()
    fraction_digits = models.PositiveSmallIntegerField()
    physical_limit_per_day = models.DecimalField(max_digits=14, decimal_places=4, null=True)

    class Meta:
        constraints = [
            *named("register"),
            _under_contract("register"),
            models.CheckConstraint(
                condition=Q(integer_digits__range=(1, 12)) & Q(fraction_digits__range=(0, 4)),
                name="register_digits_are_sane",
            ),
            # No two registers of a meter count the same on the same day. Almost every meter has one for each zone for
            # ever, which a plain index holds; the one for days costs ten times as much, and is for the others.
            models.UniqueConstraint(
                fields=["meter", "quantity", "zone"], condition=Q(registers_follow=False), name="one_register_a_zone"
            ),
            ExclusionConstraint(
                name="registers_that_follow_share_no_day",
                expressions=[
                    ("meter", RangeOperators.EQUAL),
                    ("quantity", RangeOperators.EQUAL),
                    ("zone", RangeOperators.EQUAL),
                    (
                        Func("valid_from", "valid_to", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(registers_follow=True),
            ),
        ]

    def to_value(self) -> RegisterValue:
        return RegisterValue(
            id=self.pk,
            quantity=Quantity(self.quantity),
            zone=Zone(self.zone),
            integer_digits=self.integer_digits,
            fraction_digits=self.fraction_digits,
            valid_from=self.valid_from,
        )


class MembershipSet(models.QuerySet["Membership"]):
    def live(self, at: datetime) -> "MembershipSet":
        """Keep those that give sight of a contract at the moment."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at), ended_at=None)

    def expired(self, at: datetime) -> "MembershipSet":
        """Keep those whose time is over, and that nobody has ended yet."""
        return self.filter(expires_at__lte=at, ended_at=None)


class Membership(models.Model):
    """A user's sight of a contract; the only thing that gives it.

    One that was given until a moment gives sight no longer from that moment on; `ended_at` follows, so that the keys
    which know of one role a person and one Администратор a contract are free again.
    """

    id = models.UUIDField(primary_key=True, default=ids.new)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(code, code) for code in Role])
    points = ArrayField(models.UUIDField(), null=True)
    granted_at = models.DateTimeField()
    granted_by = models.UUIDField(null=True)
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # The number of the open ticket by which its holder asks to be the Администратор; written by tickets (ROLE-03).
    access_request = models.CharField(max_length=20, blank=True, default="")

    objects = MembershipSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "contract"], condition=Q(ended_at__isnull=True), name="one_role_a_contract"
            ),
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(ended_at__isnull=True, role=Role.ADMINISTRATOR),
                name="one_administrator_a_contract",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("granted_at")),
                name="membership_expires_after_grant",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=Q(expires_at__isnull=False, ended_at__isnull=True),
                name="membership_to_expire",
            )
        ]

    def to_value(self) -> MembershipValue:
        return MembershipValue(
            contract_id=self.contract_id,
            role=Role(self.role),
            points=None if self.points is None else frozenset(self.points),
        )
