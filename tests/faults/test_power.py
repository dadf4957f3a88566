"""The power fails: every process of the database dies at once, and what was acknowledged is there (TRUST 1)."""

import os
import shutil
import signal
import tempfile
import threading
from pathlib import Path

import psycopg
import pytest

from launcher import database, postgres
from launcher.accounts import server_account
from launcher.supervisor import Supervisor
from tests.deep import count
from tests.faults.demo import children_of

pytestmark = pytest.mark.faults

FAILURES = count(gate=1, deep=10)
HANDS = 4
SECONDS = 1.0


@pytest.fixture
def folder():
    """A data folder outside of pytest's own, which the server's user may not enter."""
    path = Path(tempfile.mkdtemp(prefix="kabinet-power-"))
    yield path
    shutil.rmtree(path)


def fail(server):
    """Stop every process of the server first, so that none sees the others die, then kill them all."""
    everything = [server, *children_of(server)]
    for order in (signal.SIGSTOP, signal.SIGKILL):
        for pid in everything:
            os.kill(pid, order)


def write_until(stopped, url, hand, acknowledged):
    try:
        with psycopg.connect(url, autocommit=True) as connection:
            while not stopped.is_set():
                number = len(acknowledged)
                connection.execute("INSERT INTO act VALUES (%s, %s) ON CONFLICT DO NOTHING", [hand, number])
                acknowledged.append(number)
    except psycopg.OperationalError:
        return


@pytest.mark.spec("READ-03")
def test_acknowledged_rows_outlive_the_power(folder, figures):
    told = [[] for _ in range(HANDS)]
    cluster = postgres.prepare(folder, account=server_account(), password="power")
    lost = 0
    for _ in range(FAILURES):
        supervisor = Supervisor(logs=folder)
        with supervisor.watching():
            url = database.start(supervisor, cluster)
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("SET synchronous_commit = on")  # the table is no act
                connection.execute("CREATE TABLE IF NOT EXISTS act (hand int, number int, PRIMARY KEY (hand, number))")
            stopped = threading.Event()
            hands = [
                threading.Thread(target=write_until, args=(stopped, url, hand, told[hand])) for hand in range(HANDS)
            ]
            for hand in hands:
                hand.start()
            stopped.wait(SECONDS)
            server = supervisor.children[0].process
            fail(server.pid)
            stopped.set()
            server.wait()
            for hand in hands:
                hand.join()
        lost += lost_after(folder, cluster, told)
    acknowledged = sum(map(len, told))
    figures(power_failures=FAILURES, acknowledged_rows=acknowledged, lost_rows=lost)

    assert acknowledged > 0
    assert lost == 0, f"acknowledged {acknowledged}, lost {lost}"


def lost_after(folder, cluster, told):
    """Start the server again and count what was acknowledged and is not there."""
    supervisor = Supervisor(logs=folder)
    with supervisor.watching():
        url = database.start(supervisor, cluster)
        with psycopg.connect(url) as connection:
            kept = set(connection.execute("SELECT hand, number FROM act").fetchall())
    return sum((hand, number) not in kept for hand, numbers in enumerate(told) for number in numbers)
