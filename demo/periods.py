"""Which months billing has closed: those that no window reaches any more."""

from collections.abc import Iterator
from datetime import date, timedelta

from demo.history import MONTHS
from kabinet.exchange.values import entities
from kabinet.exchange.values.entities import PeriodState
from kabinet.kernel.calendar import WorkCalendar
from kabinet.kernel.periods import Month
from kabinet.providers.values import DeadlineDay, WindowRule
from kabinet.readings.rules import windows

LAST_DEADLINE = 31


def periods(rule: WindowRule, today: date, *, calendar: WorkCalendar) -> Iterator[entities.BillingPeriod]:
    """Give the months from the first reading to the one whose windows begin today, the oldest first."""
    last = _last(rule, today, calendar=calendar)
    month = Month.of(today).plus(-MONTHS - 3)
    while month <= last:
        window = windows.window_of(rule, month, calendar=calendar, deadline_day=LAST_DEADLINE)
        is_over = (window.closes or month.last) < today and month < Month.of(today)
        yield entities.BillingPeriod(
            external_id=f"period/{month}",
            version=1,
            month=month,
            state=PeriodState.CLOSED if is_over else PeriodState.OPEN,
        )
        month = month.next


def _last(rule: WindowRule, today: date, *, calendar: WorkCalendar) -> Month:
    """Return the newest month that readings are taken for today; a deadline's window begins before its month."""
    if isinstance(rule, DeadlineDay):
        return Month.of(today + timedelta(days=rule.window_days))
    return windows.current_window(rule, today, calendar=calendar).month
