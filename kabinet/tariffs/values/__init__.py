"""The values that the rules of charging take and give."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction

from kabinet.contracts.values import Zone
from kabinet.kernel.exact import EXACT
from kabinet.kernel.periods import Period
from kabinet.providers.values import Resource


class Unit(StrEnum):
    """What a quantity is counted in."""

    KWH = "kwh"
    M3 = "m3"
    GCAL = "gcal"


class ChargeKind(StrEnum):
    """What a line of a bill is for."""

    SUPPLY = "supply"
    COMMON_NEEDS = "common_needs"
    SURCHARGE = "surcharge"
    RECALCULATION = "recalculation"
    PENALTY = "penalty"


@dataclass(frozen=True, slots=True)
class Calculator:
    """Which rule made a charge, and in which wording: kept beside the charge for ever."""

    name: str
    version: int


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """One printed line: a quantity at a price; `amount` is rounded to kopecks, once, from the unrounded volume.

    `zone` is empty where the resource knows none; golden cases and files may name zones their own way.
    """

    resource: Resource
    kind: ChargeKind
    quantity: Decimal
    unit: Unit
    price: Decimal
    amount: Decimal
    zone: Zone | str = ""
    range_number: int | None = None


@dataclass(frozen=True, slots=True)
class Calculation:
    """The lines that a calculator gave."""

    calculator: Calculator
    lines: tuple[ChargeLine, ...]

    @property
    def total(self) -> Decimal:
        """Add the printed lines up, so that the bill adds up on paper, too."""
        return total_of(line.amount for line in self.lines)

    @property
    def quantity(self) -> Decimal:
        return total_of(line.quantity for line in self.lines if line.kind is ChargeKind.SUPPLY)


@dataclass(frozen=True, slots=True)
class NormUse:
    """What is charged where no meter counts: a norm for so many people.

    The coefficient above one is for those who could have a meter and have none (rule 354, p.42).
    """

    norm: Decimal
    people: int
    increasing_coefficient: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Areas:
    """Square metres: the flat's own, of all rooms of the house, and of what its owners hold in common."""

    flat: Decimal
    total: Decimal
    common: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class HouseVolumes:
    """What a house meter counted in a month, and what of it is somebody's own."""

    house: Decimal
    nonresidential: Decimal = Decimal(0)
    flats_by_norm: Decimal = Decimal(0)
    flats_by_meter: Decimal = Decimal(0)
    utility_use: Decimal = Decimal(0)


class CommonFlag(StrEnum):
    """What is to be said of a volume of common needs."""

    NON_POSITIVE_RESIDUAL = "non_positive_residual"


@dataclass(frozen=True, slots=True)
class CommonVolume:
    """A flat's share of the common needs: as printed, which is what the tariff is applied to, and unrounded.

    `residual` is what the house meter counted beyond everybody's own; without a house meter there is none.
    """

    printed: Decimal
    unrounded: Fraction
    residual: Decimal | None = None
    flag: CommonFlag | None = None


@dataclass(frozen=True, slots=True)
class OverdueDays:
    """Days after the day on which a debt was due, parted by the share of the rate that each costs."""

    overdue: int
    at_300: int
    at_130: int


@dataclass(frozen=True, slots=True)
class HotWaterPrices:
    """A cubic metre of water, a Gcal, and how much heat is in a cubic metre."""

    water: Decimal
    heat: Decimal
    gcal_per_m3: Decimal


@dataclass(frozen=True, slots=True)
class Boiler:
    """What a house's own boiler took in a month, and how much water it heated."""

    heat: Decimal
    volume: Decimal


@dataclass(frozen=True, slots=True)
class DatedRate:
    """A yearly rate in per cent, and the days on which it holds."""

    percent: Decimal
    period: Period


def total_of(amounts: Iterable[Decimal]) -> Decimal:
    """Add without losing a digit."""
    with localcontext(EXACT):
        return sum(amounts, Decimal(0))
