"""Which field of the form is which zone of a meter, and the numbers T1, T2, T3 beside them (READ-07)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from kabinet.contracts.values import Zone
from kabinet.readings.values.household import GroupProblem

# «день» is what a meter with one tariff counts all round the clock, and what one with three counts at the peaks.
FIELDS: Final[Mapping[int, tuple[Zone, ...]]] = {
    1: (Zone.DAY,),
    2: (Zone.DAY, Zone.NIGHT),
    3: (Zone.DAY, Zone.NIGHT, Zone.HALF_PEAK),
}
NUMBERS: Final = (1, 2, 3)
_FIELD_OF: Final = {Zone.SINGLE: Zone.DAY, Zone.PEAK: Zone.DAY}


def field_of(zone: Zone) -> Zone:
    """Return the field in which a register of the zone is typed."""
    return _FIELD_OF.get(zone, zone)


def group_problem(raws: Sequence[str], numbers: Sequence[int | None]) -> GroupProblem | None:
    """Say what is wrong with a meter's fields as a whole: all of them go together, each under a number of its own."""
    if not any(raws):
        return None
    if not all(raws):
        return GroupProblem.INCOMPLETE
    if len(numbers) > 1 and None in numbers:
        return GroupProblem.NO_TARIFF
    if len(set(numbers)) < len(numbers):
        return GroupProblem.SAME_TARIFFS
    return None


def differs(chosen: Mapping[Zone, int | None], known: Mapping[Zone, int | None]) -> bool:
    """Say whether the numbers are others than billing's; where it knows none, nothing differs."""
    return any(known.get(zone) is not None and known[zone] != number for zone, number in chosen.items())


def is_of_type(tariffs: int, zones: Collection[Zone]) -> bool:
    """Say whether a meter with these fields has so many tariffs."""
    return set(FIELDS[tariffs]) == set(zones)
