"""For which periods an act may be asked: tables and properties."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kabinet.billing.rules.acts import period_problem
from kabinet.billing.values import ActProblem

TODAY = date(2026, 10, 8)
days = st.dates(date(2016, 1, 1), date(2030, 12, 31))


@pytest.mark.spec("DOC-03")
@pytest.mark.parametrize(
    ("since", "until", "problem"),
    [
        ("2026-01-01", "2026-09-30", None),
        ("2026-10-08", "2026-10-08", None),
        ("2023-10-09", "2026-10-08", None),
        ("2023-10-08", "2026-10-08", ActProblem.TOO_LONG),
        ("2020-02-29", "2023-02-28", None),
        ("2020-02-29", "2023-03-01", ActProblem.TOO_LONG),
        ("2026-09-30", "2026-09-29", ActProblem.ENDS_BEFORE_START),
        ("2026-10-01", "2026-10-09", ActProblem.ENDS_IN_FUTURE),
        ("2026-10-09", "2026-10-09", ActProblem.STARTS_IN_FUTURE),
        ("2026-10-09", "2026-10-01", ActProblem.STARTS_IN_FUTURE),
        ("0001-01-01", "0001-01-02", None),
    ],
)
def test_period_is_in_the_past_and_at_most_three_years(since, until, problem):
    assert period_problem(date.fromisoformat(since), date.fromisoformat(until), today=TODAY) is problem


@given(since=days, until=days, today=days)
def test_what_is_let_pass_is_past_forward_and_short(since, until, today):
    if period_problem(since, until, today=today) is None:
        assert since <= until <= today
        assert until - since < timedelta(days=3 * 366)
