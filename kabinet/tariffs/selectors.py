"""What held on a day: the day is the period's, never today's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from kabinet.contracts.models import Contract
from kabinet.contracts.values import ContractKind, HouseType, Settlement, Zone
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource
from kabinet.tariffs.models import HouseMonth, Norm, PenaltyRate, Tariff
from kabinet.tariffs.rules.norms import people_charged
from kabinet.tariffs.rules.pricing import is_complete, zone_prices
from kabinet.tariffs.values import Areas, DatedRate, NormUse, Unit
from kabinet.tariffs.values.tables import ANY, NormKind, TariffSet, ZonePrices

UNITS: Final[Mapping[Resource, Unit]] = {
    Resource.ELECTRICITY: Unit.KWH,
    Resource.COLD_WATER: Unit.M3,
    Resource.HOT_WATER: Unit.M3,
    Resource.SEWAGE: Unit.M3,
    Resource.HEAT: Unit.GCAL,
}
Row = TypeVar("Row", Tariff, Norm)


@dataclass(frozen=True, slots=True)
class Place:
    """What prices and norms depend on: the house and where it stands."""

    house_type: HouseType | str = ANY
    settlement: Settlement | str = ANY


def place_of(contract: Contract) -> Place:
    """Return the contract's place; an account without a house has the prices that hold for all."""
    house = contract.house
    return Place(HouseType(house.house_type), Settlement(house.settlement)) if house else Place()


def tariff_set_of(
    provider_id: UUID, resource: Resource, *, place: Place, on: date, unit: Unit | None = None
) -> TariffSet | None:
    """Return the prices of a resource that hold on a day, or None where none is set."""
    unit = unit or UNITS[resource]
    rows = Tariff.objects.filter(provider_id=provider_id, resource=resource, unit=unit)
    found = list(_here(rows, place=place, on=on))
    by_zones = {
        zones: _prices(_nearest([row for row in found if row.zones == zones])) for zones in {row.zones for row in found}
    }
    complete = {zones: prices for zones, prices in by_zones.items() if is_complete(prices, zones=zones)}
    return TariffSet(resource, unit, complete) if complete else None


def tariff_set_of_contract(
    contract: Contract, resource: Resource, *, month: Month, unit: Unit | None = None
) -> TariffSet | None:
    """Return the prices by which a contract's month is charged; load the contract with its house."""
    return tariff_set_of(contract.provider_id, resource, place=place_of(contract), on=month.first, unit=unit)


def norm_of(
    provider_id: UUID,
    resource: Resource,
    kind: NormKind,
    *,
    place: Place,
    on: date,
    rooms: int | None = None,
    people: int = 0,
) -> Decimal | None:
    """Return the norm that holds on a day: the one of so many rooms and people, else the one that holds for all.

    The norm of the most rooms, or people, that the table names holds for more of them, too.
    """
    rows = Norm.objects.filter(provider_id=provider_id, resource=resource, kind=kind)
    best = _fitting(_here(rows, place=place, on=on), place=place, rooms=rooms, people=people)
    return best.value if best else None


def norm_uses_of(months: Mapping[UUID, Month], *, provider_id: UUID) -> Mapping[UUID, Mapping[Resource, NormUse]]:
    """Return what the norms give the people of each account in its month: two statements, however many accounts.

    An account of which billing names neither residents nor owners is left out.
    """
    if not months:
        return {}
    accounts = Contract.objects.filter(pk__in=months, provider_id=provider_id).select_related("house")
    days = [month.first for month in months.values()]
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=min(days))
    norms = Norm.objects.filter(lasting, provider_id=provider_id, kind=NormKind.PERSON, valid_from__lte=max(days))
    rows = list(norms)
    facts = ("residents", "owners", "rooms", "house__house_type", "house__settlement")
    return {account.pk: _uses(account, rows, on=months[account.pk].first) for account in accounts.only(*facts)}


def _uses(account: Contract, norms: Sequence[Norm], *, on: date) -> Mapping[Resource, NormUse]:
    people = people_charged(residents=account.residents or 0, owners=account.owners or 0)
    if not people:
        return {}
    of_resource: dict[Resource, list[Norm]] = {}
    for norm in norms:
        if norm.period.holds(on):
            of_resource.setdefault(Resource(norm.resource), []).append(norm)
    found = {
        resource: _fitting(rows, place=place_of(account), rooms=account.rooms, people=people)
        for resource, rows in of_resource.items()
    }
    return {resource: NormUse(norm.value, people) for resource, norm in found.items() if norm}


def penalty_rates_of(provider_id: UUID, customers: ContractKind, *, since: date, until: date) -> list[DatedRate]:
    """Return the rates that hold on the days, both included, the earliest first."""
    rows = PenaltyRate.objects.filter(provider_id=provider_id, customers=customers, valid_from__lte=until)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=since))
    return [row.to_value() for row in rows.order_by("valid_from")]


def house_months_of(contract: Contract, resource: Resource) -> QuerySet[HouseMonth]:
    """Return the months of the contract's house, the newest first."""
    rows = HouseMonth.objects.filter(house=contract.house, provider_id=contract.provider_id, resource=resource)
    return rows.select_related("house").order_by("-month")


def areas_of(contract: Contract, month: HouseMonth) -> Areas | None:
    """Return the areas by which the house's month is shared; None where the flat's is not known."""
    if contract.area is None:
        return None
    house = month.house
    return Areas(
        flat=contract.area,
        total=month.total_area or house.total_area,
        common=house.common_area if month.common_area is None else month.common_area,
    )


def _here(rows: QuerySet[Row], *, place: Place, on: date) -> QuerySet[Row]:
    days = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    where = Q(house_type__in={ANY, place.house_type}, settlement__in={ANY, place.settlement})
    return rows.filter(days, where, valid_from__lte=on)


def _fitting(rows: Iterable[Norm], *, place: Place, rooms: int | None, people: int) -> Norm | None:
    """Return the norm of the place that names the most rooms and people among those that are not too many."""
    fit = [
        row
        for row in rows
        if row.rooms <= (rooms or 0)
        and row.people <= people
        and row.house_type in {ANY, place.house_type}
        and row.settlement in {ANY, place.settlement}
    ]
    return max(_nearest(fit), key=lambda row: (row.rooms, row.people), default=None)


def _nearest(rows: Iterable[Row]) -> list[Row]:
    """Keep those that name the house's type and settlement; where none does, those that hold for all."""
    rows = list(rows)
    nearest = max(((bool(row.house_type), bool(row.settlement)) for row in rows), default=None)
    return [row for row in rows if (bool(row.house_type), bool(row.settlement)) == nearest]


def _prices(rows: list[Tariff]) -> ZonePrices:
    """Put the rows of meters with so many zones side by side."""
    return zone_prices((Zone(row.zone), row.range_number, row.range_end, row.price) for row in rows)
