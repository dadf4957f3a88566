"""A worker that has lost its way is ended, so that whoever keeps it running starts another.

A worker that outlived several deaths of the database once stayed for minutes without doing a job, and from outside it
looked well. What tells is that it gives no sign of life to the database: a living one does each ten seconds, however
long its jobs take.
"""

import logging
import os
import threading
import time
from typing import Any, Final, LiteralString

from procrastinate import PsycopgConnector

log = logging.getLogger(__name__)

# Longer than a start and an attempt to connect (30 s) take on a busy machine.
SILENT_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 1.0


class Pulse:
    """When the database last took a sign of life of this process."""

    def __init__(self, *, silent_seconds: float = SILENT_SECONDS) -> None:
        self.silent_seconds = silent_seconds
        self.last = time.monotonic()

    def beat(self) -> None:
        self.last = time.monotonic()

    def watch(self) -> None:
        """Look after the process from a thread of its own: its loop may be what stands still."""
        threading.Thread(target=self._end_when_silent, name="pulse", daemon=True).start()

    def _end_when_silent(self) -> None:
        while time.monotonic() - self.last < self.silent_seconds:
            time.sleep(LOOK_SECONDS)
        log.error("the worker has not asked the database for long and is ended")
        logging.shutdown()
        # Nothing gentler reaches a loop that waits for ever. Its jobs go back into the queue (`stalled`).
        os._exit(1)


class WatchedConnector(PsycopgConnector):
    """The worker's way to the database, which notes that its signs of life arrive.

    They go by this way of asking; what a part that missed the end still asks goes by others and counts for nothing.
    """

    def __init__(self, pulse: Pulse, **facts: Any) -> None:
        super().__init__(**facts)
        self._pulse = pulse

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        await super().execute_query_async(query, **arguments)
        self._pulse.beat()
