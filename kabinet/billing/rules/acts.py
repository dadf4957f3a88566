"""For which periods an act of reconciliation may be asked (DOC-03)."""

from datetime import date
from typing import Final

from kabinet.billing.values import ActProblem
from kabinet.kernel.periods import Month

LONGEST_YEARS: Final = 3


def period_problem(since: date, until: date, *, today: date) -> ActProblem | None:
    """Say what is wrong with days that were asked for, both included; None when nothing is."""
    if since > today:
        return ActProblem.STARTS_IN_FUTURE
    if until < since:
        return ActProblem.ENDS_BEFORE_START
    if until > today:
        return ActProblem.ENDS_IN_FUTURE
    if until >= _years_after(since, LONGEST_YEARS):
        return ActProblem.TOO_LONG
    return None


def _years_after(day: date, years: int) -> date:
    """Return the same day so many years later; of a 29 February the day after the shorter month."""
    if day.month == 2 and day.day == 29:  # noqa: PLR2004 - the leap day
        return date(day.year + years, 3, 1)
    return Month.of(day).plus(12 * years).day(day.day)
