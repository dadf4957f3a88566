"""Houses of the retailer: thirty in each run, with who lives in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Final

from demo.customers import person
from demo.values import Person, Seed, Utility
from kabinet.contracts.values import HouseType, Settlement
from kabinet.exchange.values import entities
from sandbox.charging.values import HouseFacts

HOUSES_IN_A_RUN: Final = 30
SINCE: Final = date(2012, 6, 1)
# The house of the source's example, whose figures are given: May 2013, 30.31 kWh, 73.65 rubles.
OF_THE_SOURCE: Final = 0
EXAMPLE_FLAT: Final = 51
_OF_THE_SOURCE_TOTAL: Final = Decimal("8637.56")
_OF_THE_SOURCE_COMMON: Final = Decimal("1498.10")

_TYPES: Final = (
    HouseType.GAS_STOVE, HouseType.GAS_STOVE, HouseType.ELECTRIC_STOVE, HouseType.GAS_STOVE, HouseType.ELECTRIC_STOVE,
)  # fmt: skip
# Of four houses.
_MANAGED: Final = frozenset({3})
_VILLAGES: Final = frozenset({13, 22, 29})
_WITH_ELECTRIC_HEATING: Final = frozenset({22})
# Square metres by rooms.
_AREAS: Final = {1: (29, 38), 2: (41, 54), 3: (56, 72), 4: (74, 96)}


@dataclass(frozen=True, slots=True)
class Flat:
    """A dwelling and the household in it."""

    number: int
    area: Decimal
    rooms: int
    residents: int
    owners: int
    holder: Person


@dataclass(frozen=True, slots=True)
class House:
    """A house as billing tells it, as it is charged, what is supplied to it, and its flats."""

    index: int
    row: entities.House
    facts: HouseFacts
    has_hot_water: bool
    has_heat: bool
    flats: tuple[Flat, ...]


def houses(utility: Utility, *, size: int, seed: Seed) -> Iterator[House]:
    """Give the houses one after another; a larger size only adds to those of a smaller."""
    for index in range(HOUSES_IN_A_RUN * size):
        random = Random(f"{seed.word}/{utility.slug}/house/{index}")  # noqa: S311 - figures for show, not secrets
        yield _house(utility, index, random)


def flats_in(utility: Utility, index: int) -> int:
    """Return how many households the house has: those of a run are shared out among its houses."""
    place = index % HOUSES_IN_A_RUN
    return utility.contracts // HOUSES_IN_A_RUN + (place < utility.contracts % HOUSES_IN_A_RUN)


def _house(utility: Utility, index: int, random: Random) -> House:
    place = index % HOUSES_IN_A_RUN
    count = flats_in(utility, index)
    flats = tuple(
        _flat(number, random, is_example=index == OF_THE_SOURCE and number == example_in(count))
        for number in range(1, count + 1)
    )
    is_village = place in _VILLAGES
    has_electric_heating = place in _WITH_ELECTRIC_HEATING
    total, common = _areas(index, flats, random)
    row = entities.House(
        external_id=f"{utility.slug}-h{index:04d}",
        version=1,
        address=_address(utility, index, random, is_village=is_village),
        house_type=HouseType.ELECTRIC_HEATING if has_electric_heating else _TYPES[place % len(_TYPES)],
        settlement=Settlement.VILLAGE if is_village else Settlement.CITY,
        total_area=total,
        common_area=common,
        has_house_meter=place % 3 > 0,
        valid_from=SINCE,
    )
    # Where the manager of the house pays for stairs and lifts himself, the retailer charges nobody.
    facts = HouseFacts(
        row.external_id,
        row.house_type,
        row.settlement,
        total,
        common,
        row.has_house_meter,
        has_common_needs=place % 4 not in _MANAGED,
    )
    is_heated = place % 5 in {0, 3} and not is_village
    return House(index, row, facts, has_hot_water=is_heated, has_heat=is_heated, flats=flats)


def example_in(flats: int) -> int:
    """Return which flat of the source's house is the example: the 52nd, or the last where there are fewer."""
    return min(EXAMPLE_FLAT + 1, flats)


def _flat(number: int, random: Random, *, is_example: bool) -> Flat:
    rooms = random.choices((1, 2, 3, 4), weights=(28, 40, 26, 6))[0]
    low, high = _AREAS[rooms]
    area = Decimal(random.randrange(low * 10, high * 10)) / 10
    residents = random.choices(range(8), weights=(6, 24, 30, 20, 12, 5, 2, 1))[0]
    if is_example:
        rooms, area, residents = 2, Decimal("49.5"), 2
    return Flat(number, area, rooms, residents, random.choices((1, 2, 3), weights=(62, 30, 8))[0], person(random))


def _areas(index: int, flats: tuple[Flat, ...], random: Random) -> tuple[Decimal, Decimal]:
    """Return the area of all premises and of what is common; a shop takes the ground floor."""
    if index == OF_THE_SOURCE:
        return _OF_THE_SOURCE_TOTAL, _OF_THE_SOURCE_COMMON
    total = sum((flat.area for flat in flats), Decimal(0)) + random.randrange(0, 600)
    return total, (total * random.randrange(11, 19) / 100).quantize(Decimal("0.1"))


def _address(utility: Utility, index: int, random: Random, *, is_village: bool) -> str:
    town = utility.town
    if index == OF_THE_SOURCE:
        return f"{town.postcode}, {town.name}, ул. Южное шоссе, д. 2в"
    street = town.streets[index % len(town.streets)]
    place = f"с. Заречное, {town.name}" if is_village else town.name
    return f"{town.postcode}, {place}, {street}, д. {random.randrange(1, 140)}{random.choice(('', '', '', 'а', 'б'))}"
