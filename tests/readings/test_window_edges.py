"""The last second of a window, in the provider's zone, and what was on its way across it (READ-02, I6)."""

from datetime import UTC, datetime, timedelta

import pytest

from kabinet.accounts.models import Session
from kabinet.infra.models import IdempotencyKey
from kabinet.readings.models import Submission
from kabinet.readings.services import sending
from tests import world

SEND = "/w/readings/cold-water/"
# Deadline day 10 of October 2026 is a Saturday: the window closes with Monday the 12th, four hours before UTC's.
CLOSES = datetime(2026, 10, 12, 20, tzinfo=UTC)
LAST = CLOSES - timedelta(microseconds=1)

pytestmark = pytest.mark.spec("READ-02", "READ-03")


class Killed(BaseException):
    """Stands for SIGKILL within a test's own process: nobody catches it."""


@pytest.fixture
def press(at, visitor, contract, anna, register):
    """Return a press of the button at a moment, under a key."""
    world.link(anna, contract)
    at(LAST)
    world.signed_in(visitor, anna, contract.provider)
    Session.objects.update(expires_at=CLOSES + timedelta(days=900))

    def pressed(moment, *, key="one", value="243") -> str:
        at(moment)
        answer = visitor.post(
            SEND, {"send": contract.pk, f"key-{contract.pk}": key, f"value-{register.pk}": value}, follow=True
        )
        return str(answer.content.decode())

    return pressed


def test_last_moment_of_the_window_is_taken_for_its_month(press):
    page = press(LAST)

    assert "Успешно! Данные переданы" in page
    assert [(one.month.isoformat(), one.sent_at) for one in Submission.objects.all()] == [("2026-10-01", LAST)]


@pytest.mark.parametrize("late", [timedelta(0), timedelta(microseconds=1), timedelta(hours=3, minutes=59)])
def test_first_moment_after_it_is_refused_though_the_day_in_london_is_the_same(press, late):
    page = press(CLOSES + late)

    assert "Успешно" not in page
    assert (Submission.objects.count(), IdempotencyKey.objects.count()) == (0, 0)


@pytest.mark.parametrize("zone_name", ["Asia/Kamchatka", "Europe/Kaliningrad"])
def test_window_is_that_of_the_providers_zone(press, contract, zone_name):
    provider = contract.provider
    provider.zone_name = zone_name
    provider.save(update_fields=["zone_name"])
    closes = datetime(2026, 10, 13, tzinfo=provider.zone).astimezone(UTC)

    late, on_time = press(closes, key="late"), press(closes - timedelta(seconds=1), key="on time")

    assert "Успешно" not in late
    assert "Успешно! Данные переданы" in on_time
    assert Submission.objects.get().sent_at == closes - timedelta(seconds=1)


def test_act_whose_reply_was_lost_at_the_last_moment_is_told_again_after_it(press):
    """The web process died after the commit; the same form comes again when the window is closed."""
    press(LAST)

    page = press(CLOSES + timedelta(minutes=1))

    assert "Успешно! Данные переданы" in page
    assert Submission.objects.get().sent_at == LAST


def test_act_that_died_before_its_commit_is_late_and_leaves_nothing(press, monkeypatch):
    def die(*_args, **_facts):
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(sending, "store", die)
        with pytest.raises(Killed):
            press(LAST)

    page = press(CLOSES + timedelta(minutes=1))

    assert "Успешно" not in page
    assert 'value="243"' in page
    assert (Submission.objects.count(), IdempotencyKey.objects.count()) == (0, 0)


def test_moment_of_acceptance_decides_however_long_the_statement_takes(press, monkeypatch, at):
    """A request that came in time and waited for its turn past the end is in time: its moment is read once."""
    store = sending.store

    def late(*args, **facts):
        at(CLOSES + timedelta(minutes=5))
        return store(*args, **facts)

    monkeypatch.setattr(sending, "store", late)

    press(LAST)

    assert Submission.objects.get().sent_at == LAST
