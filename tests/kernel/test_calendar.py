from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.kernel.calendar import WorkCalendar

FEDERAL = WorkCalendar()


def days_of(year):
    first = date(year, 1, 1)
    return [day for count in range(366) if (day := first + timedelta(days=count)).year == year]


@pytest.mark.parametrize(("year", "working"), [(2018, 247), (2024, 248), (2025, 247), (2026, 247)])
def test_year_has_as_many_working_days_as_its_decree_says(year, working):
    assert sum(FEDERAL.is_working(day) for day in days_of(year)) == working


@pytest.mark.parametrize(
    ("year", "shortened"),
    [
        (2024, ["02-22", "03-07", "05-08", "06-11", "11-02"]),
        # 1 November, a Saturday, is worked for the eve of the 4th and is as short as it.
        (2025, ["03-07", "04-30", "06-11", "11-01"]),
        (2026, ["04-30", "05-08", "06-11", "11-03"]),
    ],
)
def test_eves_of_holidays_are_shorter(year, shortened):
    found = [f"{day:%m-%d}" for day in days_of(year) if FEDERAL.is_shortened(day)]

    assert found == shortened


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2025, 11, 1), True),
        (date(2024, 12, 28), True),
        (date(2027, 2, 20), True),
        (date(2027, 11, 5), False),
    ],
)
def test_transfers_of_decrees_are_known(day, is_working):
    assert FEDERAL.is_working(day) is is_working


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2124, 6, 12), False),
        (date(2124, 6, 10), False),
        (date(2122, 2, 23), False),
        # 9 May 2122 is a Saturday, and the Monday after it is off.
        (date(2122, 5, 11), False),
        (date(2122, 5, 12), True),
        (date(1980, 1, 8), False),
        (date(1980, 1, 9), True),
    ],
)
def test_year_without_a_decree_goes_by_law(day, is_working):
    assert FEDERAL.is_working(day) is is_working


def test_override_makes_a_regional_holiday_and_a_working_saturday():
    republic_day, saturday = date(2026, 10, 12), date(2026, 10, 10)
    regional = WorkCalendar({republic_day: False, saturday: True})

    assert FEDERAL.is_working(republic_day)
    assert not regional.is_working(republic_day)
    assert regional.is_working(saturday)
    assert regional.first_working_day(date(2026, 10, 11)) == date(2026, 10, 13)


def test_eve_of_a_holiday_that_is_worked_is_not_shorter():
    assert not WorkCalendar({date(2026, 5, 1): True}).is_shortened(date(2026, 4, 30))


@given(st.dates(date(1900, 1, 1), date(2200, 12, 1)))
def test_first_working_day_is_the_nearest(day):
    found = FEDERAL.first_working_day(day)

    assert FEDERAL.is_working(found)
    assert not any(FEDERAL.is_working(day + timedelta(days=count)) for count in range((found - day).days))


@given(st.dates())
def test_shortened_day_is_a_working_one(day):
    assert FEDERAL.is_working(day) or not FEDERAL.is_shortened(day)
