"""All billing systems of the demonstration, each at work in a thread of its own."""

import threading
from collections.abc import Mapping
from typing import Final

from sandbox.billing.desk import Desk
from sandbox.billing.gateway import HttpPortal
from sandbox.clock import Clock
from sandbox.database import Database

STOP_SECONDS: Final = 2.0


class Office:
    """The desks of the providers that the environment gives keys for."""

    def __init__(self, keys: Mapping[str, str], *, books: Database, portal_url: str, clock: Clock) -> None:
        self.books = books
        self.clock = clock
        self.desks = {
            slug: Desk(slug, books=books, portal=HttpPortal(portal_url, slug=slug, token=key), clock=clock)
            for slug, key in keys.items()
        }
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        # A daemon does not hold the process: whatever it is doing can be taken up again.
        self._threads = [
            threading.Thread(target=desk.run, name=f"billing-{slug}", daemon=True) for slug, desk in self.desks.items()
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        for desk in self.desks.values():
            desk.stop()
        for thread in self._threads:
            thread.join(STOP_SECONDS / len(self._threads))
