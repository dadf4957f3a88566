"""When a person is reminded of what is not sent yet."""

from datetime import date, time
from typing import Final

from kabinet.readings.values import Left, ReminderKind, Window

# Letters come by day: nobody sends readings at night.
FIRST_HOUR: Final = time(8)
LAST_HOUR: Final = time(20)


def is_hour_for_letters(local: time) -> bool:
    return FIRST_HOUR <= local < LAST_HOUR


def reminder_due(window: Window, left: Left, *, today: date) -> ReminderKind | None:
    """Say of what to remind today: that the window is open, or that it closes tomorrow; a late job says it today."""
    if left.is_nothing or not window.holds(today):
        return None
    if window.closes is not None and (window.closes - today).days <= 1:
        return ReminderKind.CLOSING
    return ReminderKind.OPENED
