"""How much a flat uses month by month, and in which months nobody reads its meters."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from demo.households.houses import Flat, House
from kabinet.contracts.values import HouseType
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource

# Of the year's mean: lamps and heaters in winter, holidays in summer.
_SEASON: Final = (1.18, 1.12, 1.06, 0.98, 0.9, 0.84, 0.82, 0.85, 0.93, 1.03, 1.12, 1.2)
_KWH_A_FLAT: Final = {HouseType.GAS_STOVE: 45, HouseType.ELECTRIC_STOVE: 80, HouseType.ELECTRIC_HEATING: 420}
_KWH_A_PERSON: Final = {HouseType.GAS_STOVE: 42, HouseType.ELECTRIC_STOVE: 62, HouseType.ELECTRIC_HEATING: 130}
_M3_A_PERSON: Final = 2.3
_DILIGENT: Final = 62
_FORGETFUL: Final = 88
_FORGETS: Final = 0.11
_ASLEEP: Final = (4, 8)


@dataclass(frozen=True, slots=True)
class Course:
    """What a flat uses of a resource in a usual month."""

    usual: float

    def of(self, month: Month, random: Random) -> float:
        """Return what is used in the month."""
        return self.usual * _SEASON[month.month - 1] * (0.82 + 0.36 * random.random())


def course(house: House, flat: Flat, resource: Resource, random: Random) -> Course:
    """Say how much such a flat uses; where nobody lives, a little all the same."""
    people = flat.residents * (0.75 + 0.5 * random.random())
    if resource is Resource.HOT_WATER:
        return Course(_M3_A_PERSON * people + 0.4)
    return Course(_KWH_A_FLAT[house.row.house_type] * flat.rooms / 2 + _KWH_A_PERSON[house.row.house_type] * people)


def silent_months(months: Sequence[Month], random: Random) -> frozenset[Month]:
    """Choose the months without readings: most never forget, some now and then, a few are away for half a year."""
    draw = random.randrange(100)
    if draw < _DILIGENT:
        return frozenset()
    if draw < _FORGETFUL:
        return frozenset(month for month in months if random.random() < _FORGETS)
    length = random.randrange(*_ASLEEP)
    # Every other one is silent to this day.
    start = len(months) - random.randrange(1, length) if draw % 2 else random.randrange(max(1, len(months) - length))
    return frozenset(months[start : start + length])
