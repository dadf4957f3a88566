"""The office lets a window close later: the next window is never eaten, a shorter one changes nothing."""

from datetime import date

import pytest

from kabinet.kernel.calendar import WorkCalendar
from kabinet.kernel.periods import Month
from kabinet.providers.values import DayRange, DeadlineDay, UntilClosed
from kabinet.readings.rules.extensions import extended, extension_problem
from kabinet.readings.rules.windows import current_window, window_of
from kabinet.readings.values import Extension, ExtensionProblem

OCTOBER = Month(2026, 10)
FEDERAL = WorkCalendar()
WATER = DeadlineDay()
# With deadline day 10 the window is 08.10–12.10, and the next one opens on 08.11.
NEXT_OPENS = date(2026, 11, 8)


def october():
    return window_of(WATER, OCTOBER, calendar=FEDERAL, deadline_day=10)


@pytest.mark.parametrize(
    ("granted", "closes", "is_extended"),
    [
        ([], date(2026, 10, 12), False),
        ([Extension(OCTOBER, date(2026, 10, 20))], date(2026, 10, 20), True),
        ([Extension(OCTOBER, date(2026, 10, 20)), Extension(OCTOBER, date(2026, 10, 15))], date(2026, 10, 20), True),
        ([Extension(OCTOBER, date(2026, 10, 11))], date(2026, 10, 12), False),
        ([Extension(Month(2026, 9), date(2026, 10, 20))], date(2026, 10, 12), False),
        ([Extension(OCTOBER, date(2026, 11, 30))], date(2026, 11, 7), True),
    ],
)
def test_window_closes_on_the_latest_day_granted(granted, closes, is_extended):
    window = extended(october(), granted, next_opens=NEXT_OPENS)

    assert (window.closes, window.is_extended) == (closes, is_extended)
    assert window.opens == october().opens


@pytest.mark.parametrize(
    ("today", "month"),
    [
        (date(2026, 10, 12), OCTOBER),
        (date(2026, 10, 13), OCTOBER),
        (date(2026, 10, 20), OCTOBER),
        (date(2026, 10, 21), Month(2026, 11)),
    ],
)
def test_readings_count_for_the_month_whose_extended_window_holds_the_day(today, month):
    granted = [Extension(OCTOBER, date(2026, 10, 20))]

    assert current_window(WATER, today, calendar=FEDERAL, deadline_day=10, extensions=granted).month == month


def test_window_over_the_turn_of_the_month_is_found():
    granted = [Extension(OCTOBER, date(2026, 11, 5))]

    window = current_window(WATER, date(2026, 11, 4), calendar=FEDERAL, deadline_day=10, extensions=granted)

    assert (window.month, window.closes) == (OCTOBER, date(2026, 11, 5))


@pytest.mark.parametrize(
    ("rule", "closes", "problem"),
    [
        (WATER, date(2026, 10, 20), None),
        (WATER, date(2026, 11, 7), None),
        (WATER, date(2026, 11, 8), ExtensionProblem.NEXT_WINDOW),
        (WATER, date(2026, 10, 12), ExtensionProblem.NOT_LATER),
        (WATER, date(2026, 10, 9), ExtensionProblem.IN_THE_PAST),
        (DayRange(from_day=15, to_day=25), date(2026, 10, 28), None),
        (UntilClosed(), date(2026, 10, 28), ExtensionProblem.NOT_NEEDED),
    ],
)
def test_extension_that_makes_no_sense_is_refused(rule, closes, problem):
    window = window_of(rule, OCTOBER, calendar=FEDERAL, deadline_day=10)

    found = extension_problem(Extension(OCTOBER, closes), window, next_opens=NEXT_OPENS, today=date(2026, 10, 10))

    assert found == problem
