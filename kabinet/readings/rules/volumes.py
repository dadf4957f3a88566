"""Volumes of hot water that goes into the drains: typed themselves, or counted from two readings (READ-04)."""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Final

from kabinet.kernel.digits import NumberProblem, parse_number
from kabinet.kernel.exact import EXACT, half_up
from kabinet.kernel.periods import Month
from kabinet.readings.rules import plausibility
from kabinet.readings.values import (
    Difference,
    Measured,
    Mistake,
    PlausibilityPolicy,
    TypedDifference,
    Verdict,
)

DECIMALS: Final = 3
# What nobody pours into a drain in a month, and what the column holds with room to spare.
WHOLE_DIGITS: Final = 9
_AVERAGE_MONTHS: Final = 12


def verdict(raw: str, *, usual: Decimal) -> Verdict:
    """Say what forbids sending a typed volume, and what its sender has to confirm."""
    value = _number(raw)
    if isinstance(value, Mistake):
        return Verdict(blocking=(value,))
    return Verdict(
        to_confirm=(Mistake.CONSUMPTION_TOO_HIGH,) if value > usual else (),
        hints=() if value else (Mistake.ZERO_CONSUMPTION,),
        value=value,
        consumption=value,
    )


def usual_limit(
    policy: PlausibilityPolicy, volumes: Sequence[Measured], *, month: Month, last: Month | None
) -> Decimal:
    """Return the volume above which the sender is asked; `last` is the month that was sent before this one."""
    recent = [one.value for one in volumes if 0 < month.months_since(one.month) <= _AVERAGE_MONTHS]
    with localcontext(EXACT):
        average = half_up(sum(recent, Decimal(0)) / len(recent), places=DECIMALS) if recent else None
    months = plausibility.months_between(last, month)
    return plausibility.limits(policy, average=average, months=months).usual


def difference(typed: TypedDifference, *, usual: Decimal) -> Difference:
    """Subtract two readings of a hot-water meter; one that fell has gone round only if the volume is then likely."""
    earlier, later = (_number(raw, digits=typed.integer_digits) for raw in (typed.earlier, typed.later))
    if isinstance(earlier, Mistake):
        return Difference(problem=earlier)
    if isinstance(later, Mistake):
        return Difference(problem=later)
    with localcontext(EXACT):
        run = later - earlier
        if run >= 0:
            return Difference(run)
        after_rollover = run + Decimal(10) ** typed.integer_digits
    if after_rollover > usual:
        return Difference(problem=Mistake.LESS_THAN_PREVIOUS)
    return Difference(after_rollover, rolled_over=True)


def _number(raw: str, *, digits: int = WHOLE_DIGITS) -> Decimal | Mistake:
    """Read a typed number of at most so many whole digits and three decimals."""
    typed = parse_number(raw)
    if isinstance(typed, NumberProblem):
        return Mistake(typed.value)
    if len(typed.fraction) > DECIMALS:
        return Mistake.TOO_MANY_DECIMALS
    if len(typed.whole.lstrip("0")) > digits:
        return Mistake.TOO_MANY_DIGITS
    return typed.value
