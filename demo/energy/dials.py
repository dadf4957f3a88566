"""Electricity meters that are really made: their registers, digits, transformers and what such customers use."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Final

from kabinet.contracts.values import Quantity, Zone

HOURS_A_DAY: Final = 24


@dataclass(frozen=True, slots=True)
class Scale:
    """One register of a make; its share is of what the whole meter takes in."""

    quantity: Quantity
    zone: Zone
    share: Decimal
    tariff: int | None = None


@dataclass(frozen=True, slots=True)
class Make:
    """A make of meter: its digits, its transformers by ratio, its greatest power in kW on the dial, its month."""

    name: str
    integer_digits: int
    fraction_digits: int
    ratios: Mapping[int, str]
    power: Decimal
    usual: tuple[int, int]

    @property
    def limit_per_day(self) -> Decimal:
        return self.power * HOURS_A_DAY


_DIRECT: Final = {1: ""}
_LOW_VOLTAGE: Final = {20: "ТТ 100/5", 30: "ТТ 150/5", 40: "ТТ 200/5", 60: "ТТ 300/5", 80: "ТТ 400/5"}
_HIGH_VOLTAGE: Final = {1200: "ТН 6000/100, ТТ 100/5", 2400: "ТН 6000/100, ТТ 200/5", 4000: "ТН 10000/100, ТТ 200/5"}

SMALL: Final = Make("Меркурий 201.5", 5, 1, _DIRECT, Decimal("13.8"), (60, 700))
THREE_PHASE: Final = Make("Меркурий 231 AT-01i", 6, 2, _DIRECT, Decimal(40), (400, 5200))
TRANSFORMED: Final = Make("Меркурий 230 ART-03", 6, 2, _LOW_VOLTAGE, Decimal("5.2"), (90, 900))
FEEDER: Final = Make("СЭТ-4ТМ.03М", 6, 4, _HIGH_VOLTAGE, Decimal("1.8"), (40, 380))

_WHOLE: Final = Decimal(1)
_SINGLE: Final = (Scale(Quantity.ACTIVE_IMPORT, Zone.SINGLE, _WHOLE),)
_REACTIVE: Final = (*_SINGLE, Scale(Quantity.REACTIVE_IMPORT, Zone.SINGLE, Decimal("0.34")))
_TWO_ZONES: Final = (
    Scale(Quantity.ACTIVE_IMPORT, Zone.DAY, Decimal("0.68"), tariff=1),
    Scale(Quantity.ACTIVE_IMPORT, Zone.NIGHT, Decimal("0.32"), tariff=2),
)
_THREE_ZONES: Final = (
    Scale(Quantity.ACTIVE_IMPORT, Zone.PEAK, Decimal("0.22"), tariff=1),
    Scale(Quantity.ACTIVE_IMPORT, Zone.HALF_PEAK, Decimal("0.48"), tariff=2),
    Scale(Quantity.ACTIVE_IMPORT, Zone.NIGHT, Decimal("0.30"), tariff=3),
)
_ALL_FOUR: Final = (
    *_SINGLE,
    Scale(Quantity.ACTIVE_EXPORT, Zone.SINGLE, Decimal("0.02")),
    Scale(Quantity.REACTIVE_IMPORT, Zone.SINGLE, Decimal("0.34")),
    Scale(Quantity.REACTIVE_EXPORT, Zone.SINGLE, Decimal("0.05")),
)


@dataclass(frozen=True, slots=True)
class Kit:
    """A make with the registers that are read at it."""

    make: Make
    scales: tuple[Scale, ...]


# By price category: the higher ones are those of customers with feeders of their own.
_KITS: Final[Mapping[int, tuple[tuple[Kit, int], ...]]] = {
    1: ((Kit(SMALL, _SINGLE), 50), (Kit(THREE_PHASE, _SINGLE), 35), (Kit(TRANSFORMED, _REACTIVE), 15)),
    2: ((Kit(THREE_PHASE, _TWO_ZONES), 60), (Kit(THREE_PHASE, _THREE_ZONES), 40)),
    3: ((Kit(TRANSFORMED, _REACTIVE), 70), (Kit(FEEDER, _ALL_FOUR), 30)),
}


def kit(price_category: int, random: Random) -> Kit:
    """Pick a meter as customers of the price category have it."""
    choices = _KITS[min(price_category, max(_KITS))]
    return random.choices([one for one, _ in choices], weights=[weight for _, weight in choices])[0]
