"""Meters of a flat: electricity by one, two or three tariffs, hot water by place."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from kabinet.contracts.values import ZONES_OF_A_METER, Quantity, Zone
from kabinet.exchange.values import entities
from kabinet.providers.values import Resource

# Which of T1…T3 each zone is: by day and night, and by peak, night and half-peak.
_MAPS: Final = {1: ((None,),), 2: ((1, 2), (1, 2), (2, 1)), 3: ((1, 2, 3), (1, 3, 2), (3, 2, 1))}
# Of all that a flat uses, what falls into each zone.
SHARES: Final = {1: (1.0,), 2: (0.68, 0.32), 3: (0.24, 0.31, 0.45)}
_PLACES: Final = (("Санузел",), ("Санузел", "Кухня"), ("Ванная", "Кухня", "Санузел"))
_MAKES: Final = {1: "СЕ 101", 2: "Меркурий 200", 3: "Меркурий 206"}
# Of a hundred flats.
_COUNTS: Final = {0: 0, 1: 2, 2: 2}
_KW: Final = 15
_M3_AN_HOUR: Final = Decimal("1.5")


@dataclass(frozen=True, slots=True)
class Installed:
    """A meter with its registers, and the share of the flat's use that each counts."""

    meter: entities.Meter
    registers: tuple[entities.Register, ...]
    shares: tuple[float, ...]


def electricity(
    contract: str, random: Random, *, since: date, today: date, only: int | None = None
) -> Iterator[Installed]:
    """Give the electricity meters of a flat: mostly one, now and then a second for the water heater, rarely none.

    `only` asks for one meter of so many tariffs.
    """
    draw = random.randrange(100)
    count = 1 if only else _COUNTS.get(draw, 1)
    for turn in range(count):
        tariffs = only or random.choices((1, 2, 3), weights=(58, 29, 13))[0]
        numbers = random.choice(_MAPS[tariffs])
        meter = _meter(f"{contract}-e{turn}", contract, random, make=_MAKES[tariffs], since=since, today=today)
        registers = tuple(
            _register(meter, zone, Quantity.ACTIVE_IMPORT, number=number, limit=Decimal(_KW * 24))
            for zone, number in zip(ZONES_OF_A_METER[tariffs], numbers, strict=True)
        )
        yield Installed(meter, registers, tuple(share / count for share in SHARES[tariffs]))


def hot_water(contract: str, random: Random, *, since: date, today: date) -> Iterator[Installed]:
    """Give the hot-water meters of a flat, by their places; some flats have none."""
    if random.randrange(16) == 0:
        return
    places = random.choices(_PLACES, weights=(70, 24, 6))[0]
    for turn, place in enumerate(places):
        meter = _meter(
            f"{contract}-w{turn}", contract, random, make="СВГ-15", since=since, today=today,
            resource=Resource.HOT_WATER, place=place,
        )  # fmt: skip
        register = _register(meter, Zone.SINGLE, Quantity.VOLUME, limit=_M3_AN_HOUR * 24, fraction_digits=3)
        yield Installed(meter, (register,), (1 / len(places),))


def _meter(
    name: str,
    contract: str,
    random: Random,
    *,
    make: str,
    since: date,
    today: date,
    resource: Resource = Resource.ELECTRICITY,
    place: str = "",
) -> entities.Meter:
    digits = random.randrange(1_000, 99_999_999)
    return entities.Meter(
        external_id=name,
        version=1,
        supply_point=f"{contract}-p",
        number=f"{digits:06d}" if resource is Resource.HOT_WATER else f"{digits:08d}",
        make=make,
        resource=resource,
        place=place,
        verification_due=today + timedelta(days=random.choice((24, 55, *range(90, 2400, 40)))),
        valid_from=since,
    )


def _register(
    meter: entities.Meter,
    zone: Zone,
    quantity: Quantity,
    *,
    number: int | None = None,
    limit: Decimal,
    fraction_digits: int = 1,
) -> entities.Register:
    return entities.Register(
        external_id=f"{meter.external_id}-{zone}",
        version=1,
        meter=meter.external_id,
        quantity=quantity,
        zone=zone,
        tariff_number=number,
        integer_digits=5,
        fraction_digits=fraction_digits,
        physical_limit_per_day=limit,
        valid_from=meter.valid_from,
    )
