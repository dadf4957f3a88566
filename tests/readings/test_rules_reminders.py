"""When a person is reminded: tables."""

from datetime import date, time

import pytest

from kabinet.kernel.periods import Month
from kabinet.readings.rules.reminders import is_hour_for_letters, reminder_due
from kabinet.readings.values import Left, ReminderKind, Window

WINDOW = Window(Month(2026, 10), opens=date(2026, 10, 8), closes=date(2026, 10, 12))
OPENED, CLOSING = ReminderKind.OPENED, ReminderKind.CLOSING


@pytest.mark.spec("NOTE-04")
@pytest.mark.parametrize(
    ("day", "left", "kind"),
    [
        (7, Left(readings=1), None),
        (8, Left(readings=1), OPENED),
        (8, Left(volumes=1), OPENED),
        (8, Left(), None),
        (10, Left(readings=1), OPENED),
        (11, Left(readings=1), CLOSING),
        (11, Left(), None),
        (12, Left(volumes=1), CLOSING),
        (13, Left(readings=1), None),
    ],
)
def test_kind_of_a_day(day, left, kind):
    assert reminder_due(WINDOW, left, today=date(2026, 10, day)) is kind


def test_window_of_one_day_only_closes():
    day = date(2026, 10, 8)

    assert reminder_due(Window(Month(2026, 10), opens=day, closes=day), Left(readings=1), today=day) is CLOSING


def test_window_that_billing_closes_only_opens():
    window = Window(Month(2026, 10), opens=date(2026, 10, 1), closes=None)

    assert reminder_due(window, Left(readings=1), today=date(2026, 10, 31)) is OPENED


@pytest.mark.parametrize(("hour", "minute", "is_day"), [(7, 59, False), (8, 0, True), (19, 59, True), (20, 0, False)])
def test_letters_come_by_day(hour, minute, is_day):
    assert is_hour_for_letters(time(hour, minute)) is is_day
