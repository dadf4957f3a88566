"""A connection is looked at as it leaves the pool: after the server's restart nobody meets a dead one.

The pool's own look is an empty statement, a wait for the server with each request. A server that has gone away has
closed its end, and the system knows that without asking.
"""

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError
from psycopg.pq import ConnStatus
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    @property
    def pool(self) -> ConnectionPool[Connection[Any]] | None:
        made: ConnectionPool[Connection[Any]] | None = super().pool
        if made is not None:
            made._check = require_open  # noqa: SLF001 - Django names the pool's options itself and leaves no room
        return made


def require_open(driver: Connection[Any]) -> None:
    """Raise where the server has closed its end."""
    waiting = select.poll()
    waiting.register(driver.fileno(), select.POLLIN)
    if waiting.poll(0):
        driver.pgconn.consume_input()
    if driver.pgconn.status != ConnStatus.OK:
        raise OperationalError("the server has closed the connection")
