"""How high the bars of a chart stand: whole hundredths of the highest, so that drawing needs no arithmetic."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from kabinet.kernel.exact import half_up

WHOLE: Final = 100


def top_of(values: Sequence[Decimal]) -> Decimal:
    """Return what the highest bar stands for; where nothing is above nought, nothing."""
    return max([*values, Decimal(0)])


def height_of(value: Decimal, *, top: Decimal) -> int:
    """Return a bar's height; what is below nought has none, what is above it never vanishes."""
    if value <= 0 or top <= 0:
        return 0
    return max(1, int(half_up(value * WHOLE / top, places=0)))
