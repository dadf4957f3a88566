from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.kernel.periods import Month
from kabinet.readings.rules.plausibility import (
    average_monthly,
    electricity_per_day,
    limits,
    months_between,
    physical_limit,
    usual_run,
    water_per_day,
)
from kabinet.readings.values import Measured, PlausibilityPolicy, UsualRun

pytestmark = pytest.mark.spec("READ-09")

WATER = PlausibilityPolicy(floor=Decimal(30))
AMOUNTS = st.integers(0, 10000).map(Decimal)
OCTOBER = Month(2026, 10)


def accepted(*values, until=OCTOBER):
    return [Measured(until.plus(-place), Decimal(value)) for place, value in enumerate(values, start=1)]


@pytest.mark.parametrize(
    ("facts", "usual"),
    [
        ({"average": "9.2", "norm": "4.25", "people": 3}, "38.25"),
        ({"average": "9.2"}, "30"),
        ({"norm": "4.25", "people": 3, "months": 2}, "76.50"),
        ({"norm": "4.25", "people": 2}, "30"),
        ({"norm": "4.25", "people": 0}, "30"),
        ({"average": "20", "norm": "4.25", "people": 3}, "60"),
        ({"norm": "4.25", "people": 3, "physical": "36"}, "36"),
        ({"average": "20"}, "60"),
        ({"average": "20", "months": 4}, "240"),
        ({}, "30"),
        ({"average": "2000", "physical": "2160"}, "2160"),
        ({"physical": "7"}, "7"),
    ],
)
def test_limit_is_thrice_the_average_or_the_norm_and_never_below_the_floor(facts, usual):
    figures = {name: Decimal(value) if isinstance(value, str) else value for name, value in facts.items()}

    assert limits(WATER, **figures).usual == Decimal(usual)


@given(AMOUNTS, AMOUNTS, st.integers(1, 12), AMOUNTS)
def test_usual_limit_never_passes_the_physical_one(average, norm, months, physical):
    found = limits(WATER, average=average, norm=norm, people=2, months=months, physical=physical)

    assert found.usual <= found.physical == physical


def test_average_is_taken_over_the_months_between_readings():
    assert average_monthly(accepted(130, 120, 110), until=OCTOBER) == Decimal("10.000")
    assert average_monthly(
        [Measured(Month(2026, 5), Decimal(100)), Measured(Month(2026, 8), Decimal(110))], until=OCTOBER
    ) == Decimal("3.333")


def test_rollover_and_replacement_are_left_out_of_the_average():
    assert average_monthly(accepted(30, 20, 10, 99990, 99980), until=OCTOBER) == Decimal("10.000")


def test_average_looks_twelve_months_back():
    steady_year_after_a_leap = accepted(*range(1130, 1010, -10), 890)
    ancient = [Measured(OCTOBER.plus(-14), Decimal(0))]

    assert len(steady_year_after_a_leap) == 13
    assert average_monthly([*steady_year_after_a_leap, *ancient], until=OCTOBER) == Decimal("20.000")


@pytest.mark.parametrize(
    "readings", [[], accepted(100), [Measured(OCTOBER, Decimal(1)), Measured(OCTOBER.next, Decimal(2))]]
)
def test_no_average_without_two_earlier_readings(readings):
    assert average_monthly(readings, until=OCTOBER) is None


@pytest.mark.parametrize(
    ("last", "months"), [(None, 1), (Month(2026, 9), 1), (Month(2026, 7), 3), (OCTOBER, 1), (Month(2025, 10), 12)]
)
def test_reading_covers_the_months_since_the_last_accepted_one(last, months):
    assert months_between(last, OCTOBER) == months


@pytest.mark.parametrize(
    ("per_day", "limit"),
    [
        (electricity_per_day(Decimal(15)), 10800),
        (electricity_per_day(Decimal(630), ratio=Decimal(40)), 11340),
        (water_per_day(Decimal(3)), 2160),
    ],
)
def test_physical_limit_is_the_full_load_of_all_days(per_day, limit):
    assert physical_limit(per_day, days=30) == limit


def test_physical_limit_of_the_same_day_is_a_days_load():
    assert physical_limit(Decimal(72), days=0) == 72
    assert physical_limit(None, days=30) is None


def test_who_has_a_past_is_measured_by_it_and_not_by_the_floor():
    own = UsualRun(median=Decimal(4), spread=Decimal("0.5"))

    assert limits(WATER, own=own, average=Decimal(50)).usual == 12
    assert limits(WATER, own=own, months=2).usual == 24
    assert limits(WATER, own=own, physical=Decimal(7)).usual == 7
    assert limits(WATER, own=UsualRun(Decimal(4), spread=Decimal(3))).usual == 22
    assert limits(WATER, own=own, norm=Decimal("4.25"), people=3).usual == Decimal("12.75")
    assert limits(WATER, own=own, norm=Decimal("4.25"), people=3, months=2).usual == Decimal("25.50")


def test_usual_run_is_the_middle_of_the_season():
    """Winter takes 300 a month, summer 100; a month is compared with itself and its neighbours in every year."""
    winter, summer = Decimal(300), Decimal(100)
    value, readings = Decimal(0), []
    for back in range(26, 0, -1):
        of = OCTOBER.plus(-back)
        readings.append(Measured(of, value := value + (winter if of.month in {9, 10, 11, 12, 1, 2} else summer)))

    assert usual_run(readings, month=OCTOBER) == UsualRun(Decimal(300), Decimal(0))
    assert usual_run(readings, month=Month(2026, 7)) == UsualRun(Decimal(100), Decimal(0))


def test_one_wild_month_moves_neither_the_middle_nor_the_spread():
    steady = [Measured(OCTOBER.plus(-back), Decimal(value)) for back, value in enumerate([9130, 130, 120, 110, 100], 1)]

    assert usual_run(steady, month=OCTOBER) == UsualRun(Decimal(10), Decimal(0))


def test_run_of_several_months_counts_for_each_of_them():
    quarterly = [Measured(Month(2026, 6), Decimal(100)), Measured(Month(2026, 9), Decimal(130))]

    assert usual_run(quarterly, month=OCTOBER) == UsualRun(Decimal(10), Decimal(0))


@pytest.mark.parametrize("readings", [[], accepted(100), accepted(120, 110), accepted(100, 100, 100, 100, 100)])
def test_too_short_or_too_still_a_past_tells_nothing(readings):
    assert usual_run(readings, month=OCTOBER) is None


@given(st.lists(st.integers(0, 500), min_size=4, max_size=14), st.integers(1, 3))
def test_limit_of_a_past_holds_its_own_middle(steps, months):
    values = [sum(steps[:place]) for place in range(len(steps), 0, -1)]
    own = usual_run(accepted(*values), month=OCTOBER)

    if own is not None:
        assert limits(WATER, own=own, months=months).usual >= own.median * months
