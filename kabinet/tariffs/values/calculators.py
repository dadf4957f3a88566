"""What people ask calculators, and what they are answered (CALC-01, CALC-02)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from kabinet.contracts.values import HouseType, Settlement, Zone
from kabinet.kernel.periods import Month
from kabinet.tariffs.values import Areas, CommonVolume, HouseVolumes


class Lacking(StrEnum):
    """What is not set for the month, so that nothing can be counted."""

    PRICE = "price"
    NORM = "norm"
    AREA = "area"
    HOUSE_VOLUME = "house_volume"


class NothingHolds(LookupError):
    """Raised when something that a calculation needs is not set for its month; says what."""

    def __init__(self, lacking: Lacking, *, on: date) -> None:
        super().__init__(lacking)
        self.lacking = lacking
        self.on = on


@dataclass(frozen=True, slots=True)
class ElectricityAsked:
    """What «Калькулятор» is asked: `ran` is what each zone of the meter ran; without a meter it is empty."""

    month: Month
    house_type: HouseType
    settlement: Settlement
    people: int
    rooms: int | None
    ran: tuple[tuple[Zone, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class CommonNeedsSheet:
    """How a flat's common needs of a month were counted: all that the page «Рассчитать подробно» shows.

    `norm` is there without a house meter, `volumes` with one.
    """

    month: Month
    areas: Areas
    volume: CommonVolume
    price: Decimal
    charge: Decimal
    norm: Decimal | None = None
    volumes: HouseVolumes | None = None
