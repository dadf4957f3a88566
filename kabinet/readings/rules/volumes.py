"""Volumes of hot water that goes into the drains: typed themselves, or counted from two readings (READ-04)."""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Any, Final
from uuid import UUID

from kabinet.kernel.digits import NumberProblem, TypedNumber, parse_number
from kabinet.kernel.exact import EXACT, half_up
from kabinet.kernel.periods import Month
from kabinet.readings.rules import fates, plausibility
from kabinet.readings.values import (
    Difference,
    Fate,
    Measured,
    Mistake,
    PlausibilityPolicy,
    TypedDifference,
    Verdict,
    VolumeEntry,
    VolumeOutcome,
)

DECIMALS: Final = 3
# What nobody pours into a drain in a month, and what the column holds with room to spare.
WHOLE_DIGITS: Final = 9
_AVERAGE_MONTHS: Final = 12


def verdict(raw: str, *, usual: Decimal) -> Verdict:
    """Say what forbids sending a typed volume, and what its sender has to confirm."""
    typed = parse_number(raw)
    if problem := _problem(typed):
        return Verdict(blocking=(problem,))
    assert isinstance(typed, TypedNumber)
    value = typed.value
    return Verdict(
        to_confirm=(Mistake.CONSUMPTION_TOO_HIGH,) if value > usual else (),
        hints=() if value else (Mistake.ZERO_CONSUMPTION,),
        value=value,
        consumption=value,
    )


def decide(
    entry: VolumeEntry, judged: Verdict, *, closed: Mistake | None, sent_value: Decimal | None
) -> VolumeOutcome:
    """Decide over one row, as over a row of readings."""
    fate, problems = fates.fate_of(judged, confirmed=entry.confirmed, closed=closed, sent_value=sent_value)
    return VolumeOutcome(entry.point_id, entry.raw, fate, problems, judged.hints)


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
    earlier, later = parse_number(typed.earlier), parse_number(typed.later)
    for number in (earlier, later):
        if problem := _problem(number) or _too_long(number, typed.integer_digits):
            return Difference(problem=problem)
    assert isinstance(earlier, TypedNumber)
    assert isinstance(later, TypedNumber)
    with localcontext(EXACT):
        run = later.value - earlier.value
        if run >= 0:
            return Difference(run)
        after_rollover = run + Decimal(10) ** typed.integer_digits
    if after_rollover > usual:
        return Difference(problem=Mistake.LESS_THAN_PREVIOUS)
    return Difference(after_rollover, rolled_over=True)


def outcome_as_json(outcome: VolumeOutcome) -> dict[str, Any]:
    return {
        "point": str(outcome.point_id),
        "raw": outcome.raw,
        "fate": outcome.fate,
        "problems": list(outcome.problems),
        "notes": list(outcome.notes),
    }


def outcome_from(row: dict[str, Any]) -> VolumeOutcome:
    return VolumeOutcome(
        point_id=UUID(row["point"]),
        raw=row["raw"],
        fate=Fate(row["fate"]),
        problems=tuple(Mistake(code) for code in row["problems"]),
        notes=tuple(Mistake(code) for code in row["notes"]),
    )


def _problem(typed: TypedNumber | NumberProblem) -> Mistake | None:
    if isinstance(typed, NumberProblem):
        return Mistake(typed.value)
    if len(typed.fraction) > DECIMALS:
        return Mistake.TOO_MANY_DECIMALS
    return _too_long(typed, WHOLE_DIGITS)


def _too_long(typed: TypedNumber | NumberProblem, digits: int) -> Mistake | None:
    is_long = isinstance(typed, TypedNumber) and len(typed.whole.lstrip("0")) > digits
    return Mistake.TOO_MANY_DIGITS if is_long else None
