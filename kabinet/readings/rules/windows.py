"""On which days readings of a period are awaited (READ-02)."""

from collections.abc import Collection
from datetime import date, timedelta

from kabinet.kernel.calendar import WorkCalendar
from kabinet.kernel.periods import Month
from kabinet.providers.values import DayRange, DeadlineDay, WindowRule
from kabinet.readings.rules.extensions import extended
from kabinet.readings.values import Extension, Window


def window_of(rule: WindowRule, month: Month, *, calendar: WorkCalendar, deadline_day: int | None = None) -> Window:
    """Return the window of a period; `deadline_day` is the contract's, for the rule that asks for it."""
    if isinstance(rule, DeadlineDay):
        return _up_to_deadline(rule, month, calendar=calendar, deadline_day=deadline_day)
    if isinstance(rule, DayRange):
        return Window(month, opens=month.day(rule.from_day), closes=month.day(rule.to_day))
    return Window(month, opens=month.first, closes=None)


def current_window(
    rule: WindowRule,
    today: date,
    *,
    calendar: WorkCalendar,
    deadline_day: int | None = None,
    open_period: Month | None = None,
    extensions: Collection[Extension] = (),
    closed: Collection[Month] = (),
) -> Window:
    """Return the window that holds today, else the next one to open: its month is the period readings count for.

    A provider that takes readings until billing closes the period has its window in `open_period`. Where readings are
    taken any day, those for a month of `closed` count for the next one.
    """
    if not isinstance(rule, DeadlineDay | DayRange):
        return window_of(rule, open_period or Month.of(today), calendar=calendar)
    # The previous month's window may reach into this month, and the next month's may begin in it.
    window = window_of(rule, Month.of(today).previous, calendar=calendar, deadline_day=deadline_day)
    while True:
        following = window_of(rule, window.month.next, calendar=calendar, deadline_day=deadline_day)
        window = extended(window, extensions, next_opens=following.opens)
        is_over = isinstance(rule, DayRange) and window.month in closed
        if not is_over and (window.closes is None or window.closes >= today):
            return window
        window = following


def is_moved_on(rule: WindowRule, window: Window, *, today: date, calendar: WorkCalendar) -> bool:
    """Say whether readings would count for an earlier month, had billing not closed it before its window ended."""
    if not isinstance(rule, DayRange):
        return False
    before = window_of(rule, window.month.previous, calendar=calendar)
    return before.closes is not None and today <= before.closes


def open_period(last_closed: Month | None, today: date) -> Month:
    """Return the month that readings count for where billing alone ends it: the one after the last that it closed.

    A month may stay open into the next one; one that is closed early is followed by nothing before it is over.
    """
    current = Month.of(today)
    return current if last_closed is None else min(last_closed.next, current)


def last_closed_window(
    rule: WindowRule, today: date, *, calendar: WorkCalendar, deadline_day: int | None = None
) -> Window | None:
    """Return the window before the current one, for «закрылось …»; None where only billing closes windows."""
    if not isinstance(rule, DeadlineDay | DayRange):
        return None
    current = current_window(rule, today, calendar=calendar, deadline_day=deadline_day)
    return window_of(rule, current.month.previous, calendar=calendar, deadline_day=deadline_day)


def takes_readings(rule: WindowRule, window: Window, *, today: date) -> bool:
    """Say whether the form is open; a range of days only decides for which period a reading counts."""
    return not isinstance(rule, DeadlineDay) or window.holds(today)


def _up_to_deadline(rule: DeadlineDay, month: Month, *, calendar: WorkCalendar, deadline_day: int | None) -> Window:
    if deadline_day is None or deadline_day < 1:
        raise ValueError("the contract has no deadline day")
    deadline = month.day(deadline_day)
    closes = calendar.first_working_day(deadline) if rule.roll_to_next_working_day else deadline
    # The opening never moves, whatever the closing does.
    return Window(month, opens=deadline - timedelta(days=rule.window_days - 1), closes=closes, deadline=deadline)
