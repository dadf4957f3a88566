"""What a register ran from one accepted reading to the next, by the month that the later one is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from kabinet.kernel.periods import Month
from kabinet.readings.rules.consumption import register_consumption
from kabinet.readings.values import Stretch


@dataclass(frozen=True, slots=True)
class Mark:
    """An accepted reading, and whether its sender has confirmed that the dial had gone round."""

    month: Month
    taken_on: date
    value: Decimal
    rolls_over: bool = False


@dataclass(frozen=True, slots=True)
class MonthlyRun:
    """What ran up to a reading, the ratio in it; nothing where the value fell and nobody says why.

    `months` is how many it covers: without readings in between a run belongs to all of them.
    """

    month: Month
    run: Decimal | None
    months: int = 1
    rolled_over: bool = False


def monthly(marks: Sequence[Mark], *, integer_digits: int, ratio: Decimal) -> list[MonthlyRun]:
    """Return the runs between a register's readings, the oldest first; the last reading of a month stands for it."""
    by_month = {mark.month: mark for mark in sorted(marks, key=lambda mark: (mark.month, mark.taken_on))}
    return [
        _run(before, after, integer_digits=integer_digits, ratio=ratio) for before, after in pairwise(by_month.values())
    ]


def _run(before: Mark, after: Mark, *, integer_digits: int, ratio: Decimal) -> MonthlyRun:
    months = after.month.months_since(before.month)
    ran = register_consumption(
        Stretch(before.value, after.value, ratio), integer_digits=integer_digits, rollover_confirmed=after.rolls_over
    )
    return MonthlyRun(
        after.month, ran.consumption if ran.difference >= 0 else None, months=months, rolled_over=ran.rolled_over
    )
