"""Limits hold however many try at once."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError

from kabinet.infra import clock, limits
from kabinet.infra.limits import Limit, LimitReached
from kabinet.infra.models import LimitCounter

THREE_AN_HOUR = Limit("links", 3, timedelta(hours=1))
NINE = datetime(2026, 10, 8, 9, tzinfo=UTC)


@pytest.fixture
def at(monkeypatch):
    def set_clock(moment):
        monkeypatch.setattr(clock, "technical_now", lambda: moment)

    set_clock(NINE)
    return set_clock


def spend_times(count, subject="anna"):
    for _ in range(count):
        limits.spend(THREE_AN_HOUR, subject)


@pytest.mark.django_db(transaction=True)
def test_of_fifty_at_once_as_many_pass_as_may(at_once):
    results = at_once(lambda _: limits.spend(THREE_AN_HOUR, "anna"), 50)

    assert results.count(None) == 3
    assert sum(isinstance(result, LimitReached) for result in results) == 47


@pytest.mark.django_db(transaction=True)
def test_fifty_that_turn_out_right_leave_the_limit_as_it_was(at_once):
    wide = Limit("links", 50, timedelta(hours=1))

    def try_and_give_back(_):
        limits.spend(wide, "anna")
        limits.give_back(wide, "anna")

    assert set(at_once(try_and_give_back, 50)) == {None}
    assert LimitCounter.objects.get().count == 0


@pytest.mark.django_db(transaction=True)
def test_many_that_turn_out_right_at_once_lock_nobody_out(at_once):
    """Some are refused while others are under way; once those have ended there is room again."""

    def try_and_give_back(_):
        limits.spend(THREE_AN_HOUR, "anna")
        time.sleep(0.05)
        limits.give_back(THREE_AN_HOUR, "anna")

    results = at_once(try_and_give_back, 30)

    assert None in results
    assert LimitCounter.objects.get().count == 0
    spend_times(3)


@pytest.mark.django_db
def test_refusal_says_when_the_next_try_is_welcome(at):
    spend_times(3)

    with pytest.raises(LimitReached) as caught:
        spend_times(1)

    assert caught.value.until == NINE + timedelta(hours=1)


@pytest.mark.django_db
def test_refused_tries_do_not_move_the_end_of_the_window(at):
    spend_times(3)
    at(NINE + timedelta(minutes=59))
    with pytest.raises(LimitReached):
        spend_times(1)
    at(NINE + timedelta(hours=1))

    spend_times(3)


@pytest.mark.django_db
def test_each_subject_and_each_limit_counts_for_itself(at):
    spend_times(3)

    spend_times(3, subject="boris")
    limits.spend(Limit("codes", 1, timedelta(hours=1)), "anna")


@pytest.mark.django_db
def test_nothing_given_back_twice_makes_room(at):
    spend_times(1)
    for _ in range(5):
        limits.give_back(THREE_AN_HOUR, "anna")

    spend_times(3)
    with pytest.raises(LimitReached):
        spend_times(1)


@pytest.mark.django_db
def test_table_holds_no_subject(at):
    limits.spend(THREE_AN_HOUR, "anna@example.com")

    row = LimitCounter.objects.get()
    assert "anna" not in row.subject
    assert len(row.subject) == 64


@pytest.mark.django_db
def test_subject_has_one_counter():
    """The database holds limit_counter_once."""
    facts = {"name": "links", "subject": "s", "window_ends_at": NINE, "count": 1}
    LimitCounter.objects.create(**facts)

    with pytest.raises(IntegrityError, match="limit_counter_once"):
        LimitCounter.objects.create(**facts)
