"""How much consumption is usual, and how much is possible at all."""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from itertools import pairwise

from kabinet.kernel.exact import EXACT, half_up
from kabinet.kernel.periods import Month
from kabinet.readings.values import Limits, Measured, PlausibilityPolicy

_AVERAGE_MONTHS = 12
_AVERAGE_PLACES = 3


def limits(
    policy: PlausibilityPolicy,
    *,
    average: Decimal | None = None,
    months: int = 1,
    norm: Decimal | None = None,
    people: int = 0,
    physical: Decimal | None = None,
) -> Limits:
    """Return the usual limit of what ran since the last accepted reading, `months` ago, and the physical one."""
    with localcontext(EXACT):
        by_average = policy.factor * (average or Decimal(0)) * months
        by_norm = policy.factor * (norm or Decimal(0)) * people * months
        usual = max(by_average, by_norm, policy.floor)
    return Limits(usual if physical is None else min(usual, physical), physical)


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
