"""Columns of months as drawn on the server: whole numbers of a grid, nothing for a script to count."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

HEIGHT: Final = 160
COLUMN: Final = 26
BAR: Final = 18
LEFT: Final = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One month: where its column stands, how high it is, what it says."""

    x: int
    y: int
    height: int
    label: str
    tick: str

    @property
    def middle(self) -> int:
        return self.x + BAR // 2


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of one quantity; `top` is what its highest column means."""

    name: str
    title: str
    top: str
    bars: tuple[Bar, ...]

    @property
    def width(self) -> int:
        return 2 * LEFT + COLUMN * len(self.bars)

    @property
    def bar_width(self) -> int:
        return BAR


@dataclass(frozen=True, slots=True)
class Column:
    """What a column is of: the month's short name, its amount, and both in words."""

    tick: str
    amount: Decimal | None
    label: str


def chart_of(name: str, columns: Sequence[Column], *, title: str, top: str) -> Chart | None:
    """Return a chart; where nothing ran there is nothing to draw."""
    highest = max((column.amount for column in columns if column.amount is not None), default=Decimal(0))
    if highest <= 0:
        return None
    bars = []
    for place, column in enumerate(columns):
        height = int(HEIGHT * (column.amount or Decimal(0)) / highest)
        bars.append(Bar(LEFT + COLUMN * place, HEIGHT - height, height, label=column.label, tick=column.tick))
    return Chart(name, title, top, tuple(bars))
