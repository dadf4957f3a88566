"""What «Личные данные» shows of an account's dials (CON-06)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from kabinet.contracts.values import Zone
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource


class Tab(StrEnum):
    """A tab of the page: a resource, or the common needs of one."""

    ELECTRICITY = "electricity"
    COMMON_NEEDS = "common-needs"
    HOT_WATER = "hot-water"
    HEAT = "heat"

    @property
    def resource(self) -> Resource:
        return _RESOURCES[self]


_RESOURCES: Final = {
    Tab.ELECTRICITY: Resource.ELECTRICITY,
    Tab.COMMON_NEEDS: Resource.ELECTRICITY,
    Tab.HOT_WATER: Resource.HOT_WATER,
    Tab.HEAT: Resource.HEAT,
}


@dataclass(frozen=True, slots=True)
class Span:
    """Months that were asked for, both included."""

    since: Month
    until: Month


@dataclass(frozen=True, slots=True)
class DialReading:
    """A reading of a register: accepted with its source, or sent with its state."""

    meter: str
    place: str
    zone: Zone
    tariff_number: int | None
    digits: int
    value: Decimal
    taken_on: date
    source: str
    state: str
    reason: str = ""
