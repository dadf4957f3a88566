"""Water meters that are really made, with the digits of their dials and what can flow through them."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from random import Random
from typing import Final

from kabinet.readings.rules.plausibility import water_per_day


@dataclass(frozen=True, slots=True)
class Dial:
    """A make of meter: its digits, its greatest flow in m³ an hour, and what such customers use in a month."""

    make: str
    integer_digits: int
    fraction_digits: int
    flow: Decimal
    usual: tuple[int, int]

    @property
    def limit_per_day(self) -> Decimal:
        return water_per_day(self.flow)


USUAL: Final = Dial("СВК-20", 5, 3, Decimal(5), (20, 160))
SMALL: Final = Dial("СГВ-15", 4, 3, Decimal(3), (5, 35))
LARGE: Final = Dial("ВСХН-50", 6, 3, Decimal(45), (400, 2600))
OLDER: Final = Dial("ВСКМ 90-25", 5, 3, Decimal(7), (40, 220))

_WEIGHTS: Final = ((USUAL, 60), (OLDER, 22), (SMALL, 12), (LARGE, 6))
_DIALS: Final = [dial for dial, _ in _WEIGHTS]
_CUMULATED: Final = list(accumulate(weight for _, weight in _WEIGHTS))


def dial(random: Random) -> Dial:
    """Pick a make: mostly five whole digits and three red ones."""
    return random.choices(_DIALS, cum_weights=_CUMULATED)[0]
