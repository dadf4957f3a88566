"""Until when an order is promised (REQ-02)."""

from datetime import date, timedelta

from kabinet.kernel.calendar import WorkCalendar


def promised_on(today: date, *, working_days: int, calendar: WorkCalendar) -> date:
    """Return the last of so many working days after the day of the order."""
    day, left = today, working_days
    while left:
        day += timedelta(days=1)
        left -= calendar.is_working(day)
    return day
