"""The chart of an account's months: bars of whole hundredths, their figures told beside."""

from collections.abc import Sequence
from dataclasses import dataclass

from kabinet.billing.rules.charts import WHOLE, height_of, top_of
from kabinet.billing.values.slips import ResourceMonth
from kabinet.billing.views import words
from kabinet.kernel.periods import Month

# More names than this would run into each other on a phone.
_NAMES: int = 12
_LETTERS: int = 3


@dataclass(frozen=True, slots=True)
class Column:
    """A month: the heights of what was charged and paid, from the foot up, and the words for a pointer."""

    name: str
    title: str
    charged: int
    paid: int
    is_estimated: bool

    @property
    def charged_from(self) -> int:
        return WHOLE - self.charged

    @property
    def paid_from(self) -> int:
        return WHOLE - self.paid


@dataclass(frozen=True, slots=True)
class Chart:
    columns: tuple[Column, ...]
    top: str
    has_estimates: bool


def chart_of(months: Sequence[tuple[Month, ResourceMonth]]) -> Chart | None:
    """Draw months that come newest first from the oldest on; a single month is no chart."""
    if len(months) < 2:  # noqa: PLR2004 - said above
        return None
    top = top_of([sum_ for _, each in months for sum_ in (each.sums.charged, each.sums.paid)])
    step = -(-len(months) // _NAMES)
    columns = []
    for place, (month, each) in enumerate(months):
        title = f"{words.month(month)}: {words.money(each.sums.charged)}, {words.money(each.sums.paid)}"
        columns.append(
            Column(
                name=words.month(month)[:_LETTERS] if place % step == 0 else "",
                title=title,
                charged=height_of(each.sums.charged, top=top),
                paid=height_of(each.sums.paid, top=top),
                is_estimated=words.is_estimated(each.lines) is not None,
            )
        )
    return Chart(tuple(reversed(columns)), words.money(top), any(one.is_estimated for one in columns))
