"""A worker that does nothing is no worker."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal
from procrastinate.contrib.django import connector_params

from kabinet.infra.pulse import Pulse, WatchedConnector

ROOT = Path(__file__).resolve().parents[2]
STANDS_STILL = """
import asyncio, threading
from kabinet.infra.pulse import Pulse
pulse = Pulse(silent_seconds={silent})
pulse.watch()
{beats}
asyncio.run(asyncio.sleep({lives}))
"""
KEEPS_SAYING_SO = "threading.Timer(1.0, pulse.beat).start(); threading.Timer(2.0, pulse.beat).start()"


def end_of(**facts):
    """Return how a process ends that waits in its loop, as one does that missed its order to end."""
    command = [sys.executable, "-c", STANDS_STILL.format(**facts)]
    return subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode


def test_process_that_gives_no_sign_of_life_is_ended():
    assert end_of(silent=1, beats="", lives=50) == 1


def test_process_that_gives_signs_of_life_is_left_alone():
    assert end_of(silent=2, beats=KEEPS_SAYING_SO, lives=3) == 0


@pytest.mark.django_db(transaction=True)
def test_sign_of_life_counts_once_the_database_has_taken_it():
    pulse = Pulse()
    pulse.last = long_ago = time.monotonic() - 50

    async def ask(statement):
        connector = WatchedConnector(pulse, kwargs=connector_params())
        await connector.open_async()
        try:
            await connector.execute_query_async(statement)
        finally:
            await connector.close_async()

    # In a thread of its own: stories that ran before in this process leave Playwright's loop running in this one.
    with start_blocking_portal() as portal:
        with pytest.raises(Exception, match="Database error"):
            portal.call(ask, "SELECT no_such_thing")
        assert pulse.last == long_ago

        portal.call(ask, "SELECT 1")
    assert pulse.last > long_ago
