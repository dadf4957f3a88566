from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.kernel.periods import Month, Period

MONTHS = st.builds(Month, st.integers(1900, 2200), st.integers(1, 12))


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "26-10", "2026-1", "2026-10-01", " 2026-10", "２０２６-10", ""])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 — date() words some of the refusals.
        Month.parse(text)


def test_month_is_written_with_its_year_first():
    assert str(Month(2026, 3)) == "2026-03"


@given(MONTHS)
def test_month_is_read_back(month):
    assert Month.parse(str(month)) == month


@given(MONTHS)
def test_months_follow_each_other_without_a_gap(month):
    assert month.last + timedelta(days=1) == month.next.first
    assert month.next.previous == month
    assert month < month.next


@given(MONTHS, st.integers(-500, 500))
def test_months_are_counted_back(month, count):
    assert month.plus(count).months_since(month) == count


@given(st.dates())
def test_day_is_held_by_its_month_alone(day):
    month = Month.of(day)

    assert month.holds(day)
    assert month.first <= day <= month.last
    assert month.day(day.day) == day


def test_february_of_a_leap_year_has_29_days():
    assert Month(2028, 2).last == date(2028, 2, 29)
    assert Month(2026, 2).day(30) == date(2026, 2, 28)


def test_period_holds_its_start_and_not_its_end():
    period = Period(date(2026, 10, 1), date(2026, 11, 1))

    assert period.holds(date(2026, 10, 1))
    assert period.holds(date(2026, 10, 31))
    assert not period.holds(date(2026, 11, 1))
    assert not period.holds(date(2026, 9, 30))


def test_open_period_has_no_last_day():
    assert Period(date(2026, 10, 1)).holds(date.max)


def test_neighbours_do_not_overlap():
    october = Period(date(2026, 10, 1), date(2026, 11, 1))

    assert not october.overlaps(Period(date(2026, 11, 1)))
    assert not Period(date(2026, 11, 1)).overlaps(october)
    assert october.overlaps(Period(date(2026, 10, 31)))


@pytest.mark.parametrize("end", [date(2026, 10, 1), date(2026, 9, 30)])
def test_period_without_days_is_refused(end):
    with pytest.raises(ValueError, match="ends after"):
        Period(date(2026, 10, 1), end)
