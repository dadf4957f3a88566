"""The portal as it runs for real: more people than it can answer, and its end while they send (TRUST 9)."""

import os
import signal
import threading
import time

import pytest
from anyio.from_thread import start_blocking_portal
from django.db import connection
from psycopg.conninfo import make_conninfo

from bench.serving import crowd, ledger, site
from bench.serving.arrivals import Arrivals
from bench.serving.visitors import Visitors
from launcher.supervisor import status_of
from tests.free_ports import free_port
from tests.journeys.looking import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 300
SENT = "reading sent"
AT_MOST_SECONDS = 60.0


@pytest.fixture
def visitors():
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
    return Visitors(crowd.fill(PEOPLE, 3, say=lambda _: None))


@pytest.fixture
def portal(visitors):
    """Start the portal on the tests' database; only what is sent is asked for, so it needs no style sheets."""
    url = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])
    with site.portal(free_port(), more={"DATABASE_URL": url}) as started:
        yield started


class Sending:
    """Many who send their readings at once from a thread, each again as soon as he is answered."""

    def __init__(self, portal, visitors, *, clients):
        self.arrivals = Arrivals(portal.port)
        self.visitors = visitors
        self.clients = clients
        self.thread = threading.Thread(target=self._send)
        self.thread.start()

    def _send(self):
        async def act():
            visits = iter(self.visitors.sends, None)
            return await self.arrivals.one_after_another(visits, clients=self.clients, seconds=AT_MOST_SECONDS)

        with start_blocking_portal() as loop:
            self.told = loop.call(act)

    def has_seen(self, look):
        """Wait until what people were told is so."""
        until = time.monotonic() + 30
        while not look(self.arrivals.told):
            assert time.monotonic() < until, self.arrivals.told
            time.sleep(0.01)

    def ends(self):
        """Let everybody go once he is answered."""
        self.arrivals.until = 0.0
        self.thread.join()
        return self.told


def stored_of(keys):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM readings_submission WHERE key = ANY(%s)", [keys])
        return cursor.fetchone()[0]


def test_more_than_can_be_answered_are_put_off_and_the_others_are_served(portal, visitors):
    """Two hundred at once are more than work and wait; the probe is answered all the same, and nobody is left alone."""
    sending = Sending(portal, visitors, clients=200)
    sending.has_seen(lambda told: told.put_off and told.acknowledged)

    assert wait_for(lambda: status_of("127.0.0.1", portal.port, "/livez") == 200)
    told = sending.ends()
    assert told.of(SENT).errors == []
    assert ledger.look(visitors.sent, [told]).is_well


def test_end_that_is_asked_for_answers_whatever_was_taken(portal, visitors):
    """After SIGTERM a request is answered whole or was never taken: of those without an answer nothing is stored."""
    sending = Sending(portal, visitors, clients=24)
    sending.has_seen(lambda told: len(told.acknowledged) > 20)

    os.kill(portal.pid, signal.SIGTERM)
    sending.has_seen(lambda told: told.unknown)
    told = sending.ends()

    assert status_of("127.0.0.1", portal.port, "/livez") == 0
    assert told.unknown
    assert set(told.of(SENT).errors) <= {"ConnectionRefusedError", "ConnectionResetError", "closed without an answer"}
    assert stored_of(told.unknown) == 0
    assert ledger.look(visitors.sent, [told]).is_well
