from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from kabinet.kernel.calendar import WorkCalendar
from kabinet.kernel.periods import Month
from kabinet.providers.values import DayRange, DeadlineDay, UntilClosed, WindowRule
from kabinet.readings.rules.windows import (
    current_window,
    is_moved_on,
    last_closed_window,
    open_period,
    takes_readings,
    window_of,
)
from kabinet.readings.values import Window, WindowState

pytestmark = pytest.mark.spec("READ-02")

FEDERAL = WorkCalendar()
WATER = DeadlineDay()
HEAT = DayRange(from_day=15, to_day=25)
TRADE = UntilClosed()
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))
DEADLINES = st.integers(1, 31)
MONTHS = st.builds(Month, st.integers(2015, 2035), st.integers(1, 12))
WATER_RULES = st.builds(DeadlineDay, window_days=st.integers(1, 28), roll_to_next_working_day=st.booleans())


def water_today(today, *, deadline_day):
    return current_window(WATER, today, calendar=FEDERAL, deadline_day=deadline_day)


@given(WATER_RULES, MONTHS, DEADLINES)
def test_window_always_holds_its_deadline(rule, month, deadline_day):
    window = window_of(rule, month, calendar=FEDERAL, deadline_day=deadline_day)

    assert window.holds(window.deadline)
    assert month.holds(window.deadline)
    assert window.deadline - window.opens == timedelta(days=rule.window_days - 1)


@given(MONTHS, DEADLINES)
def test_window_closes_on_a_working_day_with_none_missed(month, deadline_day):
    window = window_of(WATER, month, calendar=FEDERAL, deadline_day=deadline_day)
    rolled_over = [window.deadline + timedelta(days=count) for count in range((window.closes - window.deadline).days)]

    assert FEDERAL.is_working(window.closes)
    assert not any(FEDERAL.is_working(day) for day in rolled_over)


@given(DAYS, DEADLINES)
def test_current_window_has_not_closed_and_no_earlier_one_is_open(today, deadline_day):
    window = water_today(today, deadline_day=deadline_day)
    before = window_of(WATER, window.month.previous, calendar=FEDERAL, deadline_day=deadline_day)

    assert window.state_on(today) is not WindowState.CLOSED
    assert before.state_on(today) is WindowState.CLOSED


@pytest.mark.parametrize(
    ("today", "deadline_day", "period", "state"),
    [
        ("2025-12-28", 31, "2025-12", "not_yet"),
        ("2025-12-29", 31, "2025-12", "open"),
        # While December's window holds today the period is December, in January too.
        ("2026-01-12", 31, "2025-12", "open"),
        ("2026-01-13", 31, "2026-01", "not_yet"),
        ("2025-10-30", 1, "2025-11", "open"),
        ("2025-11-01", 1, "2025-11", "open"),
        ("2025-11-02", 1, "2025-12", "not_yet"),
        ("2028-02-29", 30, "2028-02", "open"),
        ("2028-03-01", 30, "2028-03", "not_yet"),
        ("2026-10-12", 10, "2026-10", "open"),
        ("2026-10-13", 10, "2026-11", "not_yet"),
    ],
)
def test_period_is_the_one_whose_window_holds_today_or_opens_next(today, deadline_day, period, state):
    day = date.fromisoformat(today)

    window = water_today(day, deadline_day=deadline_day)

    assert (str(window.month), window.state_on(day)) == (period, state)


def test_other_reading_of_the_term_is_a_setting():
    rule = DeadlineDay(window_days=4, roll_to_next_working_day=False)

    window = window_of(rule, Month(2026, 10), calendar=FEDERAL, deadline_day=10)

    assert (window.opens, window.closes) == (date(2026, 10, 7), date(2026, 10, 10))


def test_regional_holiday_moves_the_closing_and_not_the_opening():
    regional = WorkCalendar({date(2026, 10, 12): False})

    window = window_of(WATER, Month(2026, 10), calendar=regional, deadline_day=10)

    assert (window.opens, window.closes) == (date(2026, 10, 8), date(2026, 10, 13))


@pytest.mark.parametrize(
    ("today", "period", "state"),
    [
        ("2026-10-01", "2026-10", "not_yet"),
        ("2026-10-15", "2026-10", "open"),
        ("2026-10-25", "2026-10", "open"),
        ("2026-10-26", "2026-11", "not_yet"),
        ("2026-12-31", "2027-01", "not_yet"),
    ],
)
def test_reading_after_the_range_counts_for_the_next_period(today, period, state):
    day = date.fromisoformat(today)

    window = current_window(HEAT, day, calendar=FEDERAL)

    assert (str(window.month), window.state_on(day)) == (period, state)
    assert takes_readings(HEAT, window, today=day)


@pytest.mark.parametrize(
    ("today", "closed", "period", "is_early"),
    [
        ("2026-10-20", ["2026-10"], "2026-11", True),
        ("2026-10-20", ["2026-09"], "2026-10", False),
        ("2026-10-05", ["2026-10"], "2026-11", True),
        ("2026-10-20", ["2026-10", "2026-11"], "2026-12", True),
        ("2026-10-26", ["2026-10"], "2026-11", False),
    ],
)
def test_reading_for_a_month_that_is_closed_early_counts_for_the_next(today, closed, period, is_early):
    day = date.fromisoformat(today)

    window = current_window(HEAT, day, calendar=FEDERAL, closed=[Month.parse(month) for month in closed])

    assert str(window.month) == period
    assert is_moved_on(HEAT, window, today=day, calendar=FEDERAL) is is_early


def test_range_ends_with_a_short_month():
    window = window_of(DayRange(from_day=23, to_day=31), Month(2026, 2), calendar=FEDERAL)

    assert window.closes == date(2026, 2, 28)


def test_range_that_runs_backwards_is_refused():
    with pytest.raises(ValidationError):
        DayRange(from_day=25, to_day=5)


def test_period_lasts_until_billing_closes_it():
    today = date(2026, 11, 4)

    window = current_window(TRADE, today, calendar=FEDERAL, open_period=Month(2026, 10))

    assert window == Window(Month(2026, 10), opens=date(2026, 10, 1), closes=None)
    assert window.holds(today)
    assert takes_readings(TRADE, window, today=today)
    assert last_closed_window(TRADE, today, calendar=FEDERAL) is None


def test_only_the_deadline_rule_closes_the_form():
    day = date(2026, 10, 13)

    assert not takes_readings(WATER, water_today(day, deadline_day=10), today=day)


def test_page_can_tell_when_it_closed_and_when_it_opens():
    day = date(2026, 10, 13)

    closed = last_closed_window(WATER, day, calendar=FEDERAL, deadline_day=10)

    assert closed.closes == date(2026, 10, 12)
    assert water_today(day, deadline_day=10).opens == date(2026, 11, 8)


@pytest.mark.parametrize("deadline_day", [None, 0, -1])
def test_contract_without_a_deadline_day_is_refused_aloud(deadline_day):
    with pytest.raises(ValueError, match="deadline day"):
        window_of(WATER, Month(2026, 10), calendar=FEDERAL, deadline_day=deadline_day)


def test_rule_is_read_from_the_policy_and_knows_no_other_keys():
    rules = TypeAdapter(WindowRule)

    assert rules.validate_python({"type": "until_closed"}) == TRADE
    with pytest.raises(ValidationError):
        rules.validate_python({"type": "until_closed", "from_day": 1})


@pytest.mark.spec("READ-02", "READ-10")
@pytest.mark.parametrize(
    ("last_closed", "today", "month"),
    [
        (None, "2026-11-03", "2026-11"),
        ("2026-09", "2026-10-20", "2026-10"),
        # Billing is still at October: what is sent on 3 November counts for it.
        ("2026-09", "2026-11-03", "2026-10"),
        ("2026-10", "2026-11-03", "2026-11"),
        ("2026-10", "2026-10-30", "2026-10"),
        ("2026-12", "2027-01-01", "2027-01"),
    ],
)
def test_open_period_follows_the_last_closed_one(last_closed, today, month):
    closed = Month.parse(last_closed) if last_closed else None

    assert open_period(closed, date.fromisoformat(today)) == Month.parse(month)
