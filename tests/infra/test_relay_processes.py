"""The relay as processes that are killed, doubled and cut off from the database."""

import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

from kabinet.infra import relay
from kabinet.infra.models import AuditRow, Event, ParkedEvent

ROOT = Path(__file__).resolve().parents[2]
EVENTS = 12
KILLS = [("body", 1), ("body", 9), ("between", 2), ("numbers", 1)]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def start(process_environment):
    started = []

    def start_relay(point="never", which=0, mode="tools"):
        command = [sys.executable, "-m", "tests.infra.relay_process", point, str(which)]
        process = subprocess.Popen(
            command, cwd=ROOT, env=process_environment | {"KABINET_MODE": mode}, stdout=subprocess.PIPE
        )
        started.append(process)
        assert process.stdout.readline() == b"ready\n"
        return process

    yield start_relay
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.fixture
def twelve(emit):
    for number in range(EVENTS):
        emit(str(number), contract=number % 3 + 1)


def wait_until(is_so, seconds=15):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def effects():
    return Counter(AuditRow.objects.values_list("act", "after"))


def is_all_done():
    return len(effects()) == 2 * EVENTS


@pytest.mark.parametrize(("point", "which"), KILLS)
def test_killed_relay_loses_and_repeats_nothing(start, twelve, point, which):
    killed = start(point, which)
    assert killed.wait(15) == -signal.SIGKILL

    start()
    wait_until(is_all_done)

    assert set(effects().values()) == {1}
    assert sorted(Event.objects.values_list("seq", flat=True)) == list(range(1, EVENTS + 1))
    assert not ParkedEvent.objects.exists()


def test_of_two_relays_one_works_and_the_other_takes_over(start, emit):
    first, second = start(), start()
    wait_until(lambda: len(holders()) == 1)
    for number in range(EVENTS):
        emit(str(number))
    wait_until(is_all_done)
    held = holders()

    first.kill()
    emit("after")
    wait_until(lambda: effects()["second", "after"])
    second.send_signal(signal.SIGTERM)

    assert second.wait(5) == 0
    assert len(held) == 1
    assert set(effects().values()) == {1}


@pytest.mark.parametrize("mode", ["tools", "demo"])  # without and with a pool of connections
def test_relay_goes_on_after_it_lost_the_database(start, emit, mode):
    process = start(mode=mode)
    wait_until(holders)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("SELECT pg_terminate_backend(%s)", [*holders()])

    for number in range(EVENTS):
        emit(str(number))
    wait_until(is_all_done)

    assert process.poll() is None
    assert set(effects().values()) == {1}


def test_waiting_relay_ends_within_seconds_of_being_asked(start):
    start()
    wait_until(holders)
    waiting = start()

    waiting.send_signal(signal.SIGTERM)

    assert waiting.wait(5) == 0


def holders():
    """Return the server processes that hold the relay's lock on this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [relay.LOCK],
        )
        return [pid for (pid,) in cursor.fetchall()]
