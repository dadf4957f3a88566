"""How much consumption is usual, and how much is possible at all."""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from itertools import pairwise

from kabinet.kernel.exact import EXACT, half_up
from kabinet.kernel.periods import Month
from kabinet.readings.values import Limits, Measured, PlausibilityPolicy, UsualRun

_AVERAGE_MONTHS = 12
_AVERAGE_PLACES = 3
_FEWEST_RUNS = 3
# Six spreads around the middle hold practically every month of a household that lives as it did.
_SPREADS = 6


def limits(
    policy: PlausibilityPolicy,
    *,
    average: Decimal | None = None,
    months: int = 1,
    norm: Decimal | None = None,
    people: int = 0,
    physical: Decimal | None = None,
    own: UsualRun | None = None,
) -> Limits:
    """Return the usual limit of what ran since the last accepted reading, `months` ago, and the physical one.

    Who has a past of his own is measured by it; the average, the norm and the floor are for those who have none.
    """
    with localcontext(EXACT):
        by_norm = (norm or Decimal(0)) * people * months
        if own is None:
            usual = max(policy.factor * (average or Decimal(0)) * months, policy.factor * by_norm, policy.floor)
        else:
            usual = max(policy.factor * own.median, own.median + _SPREADS * own.spread) * months
            usual = max(usual, by_norm)
    return Limits(usual if physical is None else min(usual, physical), physical)


def usual_run(accepted: Sequence[Measured], *, month: Month) -> UsualRun | None:
    """Return what the register usually runs in this season; None where its past tells too little.

    The season is the month with its neighbours, of every year that is known; without enough of them the last year is.
    """
    runs = _monthly_runs(accepted, until=month)
    season = [run for of, run in runs if _is_near(of, month)]
    lately = [run for of, run in runs if month.months_since(of) <= _AVERAGE_MONTHS]
    told = next((some for some in (season, lately) if len(some) >= _FEWEST_RUNS), None)
    if told is None:
        return None
    median = _median(told)
    # A flat where nobody lived tells nothing of the month when somebody does.
    return UsualRun(median, _median([abs(run - median) for run in told])) if median > 0 else None


def _monthly_runs(accepted: Sequence[Measured], *, until: Month) -> list[tuple[Month, Decimal]]:
    """Return what ran in each month, that of several months in equal parts."""
    past = sorted(
        (reading for reading in accepted if until.months_since(reading.month) > 0),
        key=lambda reading: (reading.month, reading.value),
    )
    runs: list[tuple[Month, Decimal]] = []
    for earlier, later in pairwise(past):
        span, run = later.month.months_since(earlier.month), later.value - earlier.value
        if span > 0 and run >= 0:
            with localcontext(EXACT):
                part = half_up(run / span, places=_AVERAGE_PLACES)
            runs += [(later.month.plus(-back), part) for back in range(span)]
    return runs


def _is_near(one: Month, other: Month) -> bool:
    """Say whether two months are the same or neighbours in the calendar, whatever their years."""
    apart = (one.month - other.month) % 12
    return min(apart, 12 - apart) <= 1


def _median(values: Sequence[Decimal]) -> Decimal:
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    with localcontext(EXACT):
        return half_up((ordered[middle - 1] + ordered[middle]) / 2, places=_AVERAGE_PLACES)


def average_monthly(accepted: Sequence[Measured], *, until: Month, months: int = _AVERAGE_MONTHS) -> Decimal | None:
    """Return the mean monthly run of the dial over the accepted readings of the last months; None without two."""
    recent = sorted(
        (reading for reading in accepted if 0 < until.months_since(reading.month) <= months + 1),
        key=lambda reading: (reading.month, reading.value),
    )
    steps = [
        (later.value - earlier.value, later.month.months_since(earlier.month)) for earlier, later in pairwise(recent)
    ]
    # A fall is a roll-over or another meter: that stretch tells nothing of the usual run.
    told = [(run, span) for run, span in steps if run >= 0 and span > 0]
    if not told:
        return None
    with localcontext(EXACT):
        return half_up(
            sum((run for run, _ in told), Decimal(0)) / sum(span for _, span in told), places=_AVERAGE_PLACES
        )


def months_between(last_accepted: Month | None, month: Month) -> int:
    """Count the months that a new reading covers: at least one."""
    return 1 if last_accepted is None else max(1, month.months_since(last_accepted))


def physical_limit(per_day: Decimal | None, *, days: int) -> Decimal | None:
    """Return what a register can run in so many days at full load; None when the load is not known."""
    if per_day is None:
        return None
    with localcontext(EXACT):
        return per_day * max(1, days)


def electricity_per_day(power_kw: Decimal, *, ratio: Decimal = Decimal(1)) -> Decimal:
    """Return what an electricity register can run in a day at full power, in units of its dial."""
    with localcontext(EXACT):
        return power_kw * 24 / ratio


def water_per_day(flow_m3_per_hour: Decimal) -> Decimal:
    """Return what a water meter can run in a day at full flow."""
    with localcontext(EXACT):
        return flow_m3_per_hour * 24
