"""«Калькулятор» and «ОДН»: what a month costs by the prices of that month; nothing is written (CALC-01, CALC-02)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from kabinet.contracts import selectors as contracts
from kabinet.contracts.models import Contract
from kabinet.contracts.values import ContractKind, Quantity, Viewer
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource
from kabinet.readings.selectors.registers import cards_of, stands_of
from kabinet.readings.values.files import Card
from kabinet.tariffs import selectors as tariffs
from kabinet.tariffs.models import HouseMonth
from kabinet.tariffs.rules.common_needs import common_needs, volume_by_house_meter, volume_by_norm
from kabinet.tariffs.rules.norms import by_norm, people_charged
from kabinet.tariffs.rules.pricing import TariffMissing, price_of, prices_for
from kabinet.tariffs.selectors import Place
from kabinet.tariffs.values import Areas, Calculation, NormUse, Unit
from kabinet.tariffs.values.calculators import CommonNeedsSheet, ElectricityAsked, Lacking, NothingHolds
from kabinet.tariffs.values.tables import ZONES, NormKind

LIGHT: Final = Resource.ELECTRICITY


@dataclass(frozen=True, slots=True)
class Prefilled:
    """What an account tells the calculator: previous and, where sent, current reading of each zone in its order."""

    contract: Contract
    people: int | None
    zones: int
    readings: tuple[tuple[str, str], ...] = ()


def households_of(viewer: Viewer | None) -> list[Contract]:
    """Return the viewer's household accounts with their houses, the first linked first; nobody has none."""
    if viewer is None or not viewer.memberships:
        return []
    seen = contracts.contracts_of(viewer).filter(kind=ContractKind.HOUSEHOLD, house__isnull=False)
    return list(seen.select_related("house"))


def prefilled(contract: Contract, *, month: Month, today: date) -> Prefilled:
    """Return what is known of the account: who lives there, which meter stands there and what it showed."""
    people = people_charged(residents=contract.residents or 0, owners=contract.owners or 0) or None
    cards = _meter_of(contract, today=today)
    if not cards:
        return Prefilled(contract, people, zones=0)
    stands = stands_of(contract.pk, [card.register_id for card in cards], month=month)
    found = [(card, stands[card.register_id]) for card in cards]
    readings = tuple(
        (_shown(card, stand.previous.value if stand.previous else None), _shown(card, stand.sent_value))
        for card, stand in found
    )
    return Prefilled(contract, people, zones=len(cards), readings=readings)


def calculation_of(asked: ElectricityAsked, *, provider_id: UUID) -> Calculation:
    """Price a month of electricity, by the meter or by the norm; NothingHolds says what is not set for it."""
    place, on = Place(asked.house_type, asked.settlement), asked.month.first
    prices = tariffs.tariff_set_of(provider_id, LIGHT, place=place, on=on)
    try:
        if asked.ran:
            return price_of(dict(asked.ran), prices)
        price = prices_for(prices, zones=1).prices[ZONES[1][0]][0]
    except TariffMissing:
        raise NothingHolds(Lacking.PRICE, on=on) from None
    norm = tariffs.norm_of(
        provider_id, LIGHT, NormKind.PERSON, place=place, on=on, rooms=asked.rooms, people=asked.people
    )
    if norm is None:
        raise NothingHolds(Lacking.NORM, on=on)
    # No increasing coefficient: the supplier owes the meter of electricity, not the household (DOMAIN §1.3).
    return by_norm(NormUse(norm, asked.people), price=price, resource=LIGHT, unit=Unit.KWH)


def common_needs_of(contract: Contract, month: HouseMonth, *, by_house_meter: bool) -> CommonNeedsSheet:
    """Count a flat's common needs of a month as billing has it; the contract comes with its house."""
    on = month.month
    areas = tariffs.areas_of(contract, month)
    if areas is None:
        raise NothingHolds(Lacking.AREA, on=on)
    price = _common_price(contract, on=on)
    if by_house_meter:
        return _by_house_meter(month, areas=areas, price=price)
    norm = _common_norm(contract, month)
    volume = volume_by_norm(norm, areas=areas)
    charge = common_needs(volume, price=price, resource=LIGHT, unit=Unit.KWH).total
    return CommonNeedsSheet(Month.of(on), areas, volume, price, charge, norm=norm)


def _by_house_meter(month: HouseMonth, *, areas: Areas, price: Decimal) -> CommonNeedsSheet:
    if month.house_volume is None:
        raise NothingHolds(Lacking.HOUSE_VOLUME, on=month.month)
    volumes = month.volumes()
    volume = volume_by_house_meter(volumes, areas=areas)
    charge = common_needs(volume, price=price, resource=LIGHT, unit=Unit.KWH).total
    return CommonNeedsSheet(Month.of(month.month), areas, volume, price, charge, volumes=volumes)


def _common_price(contract: Contract, *, on: date) -> Decimal:
    prices = tariffs.tariff_set_of(contract.provider_id, LIGHT, place=tariffs.place_of(contract), on=on)
    if prices is None or prices.single is None:
        raise NothingHolds(Lacking.PRICE, on=on)
    return prices.single


def _common_norm(contract: Contract, month: HouseMonth) -> Decimal:
    """Return the norm that billing counted the month by, else that of the tables."""
    if month.norm is not None:
        return month.norm
    place, on = tariffs.place_of(contract), month.month
    norm = tariffs.norm_of(contract.provider_id, LIGHT, NormKind.COMMON_NEEDS, place=place, on=on)
    if norm is None:
        raise NothingHolds(Lacking.NORM, on=on)
    return norm


def _meter_of(contract: Contract, *, today: date) -> list[Card]:
    """Return the registers of the account's first electricity meter, in the order of zones that people read."""
    cards = [
        card
        for card in cards_of(contract.pk, day=today, points=None)
        if card.resource == LIGHT and card.quantity == Quantity.ACTIVE_IMPORT
    ]
    first = [card for card in cards if card.meter_id == cards[0].meter_id]
    zones: Sequence[str] = ZONES.get(len(first), ())
    known = {card.zone: card for card in first}
    return [known[zone] for zone in zones] if set(zones) == set(known) else []


def _shown(card: Card, value: Decimal | None) -> str:
    """Write a reading as the dial shows its black digits."""
    return "" if value is None else str(int(value)).zfill(card.integer_digits)
