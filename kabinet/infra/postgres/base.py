"""A connection is looked at as it leaves the pool: after the server's restart nobody meets a dead one.

The pool's own look is an empty statement, a wait for the server with each request; and where it finds a dead one, it
pauses for longer and longer before the next: a few of them cost somebody the page. A server that has gone away has
closed its end, and the system knows that without asking.
"""

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.pq import ConnStatus


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> psycopg.Connection[Any]:
        """Return a connection that is open; the pool makes another in place of each that is not, and at once."""
        given: psycopg.Connection[Any] = super().get_new_connection(conn_params)
        if self.pool is None:
            return given
        for _ in range(self.pool.max_size):
            if is_open(given):
                break
            self.pool.putconn(given)
            given = super().get_new_connection(conn_params)
        return given


def is_open(driver: psycopg.Connection[Any]) -> bool:
    """Say whether the server holds its end of a connection that asks nothing; its last words are read before."""
    waiting = select.poll()
    waiting.register(driver.fileno(), select.POLLIN)
    try:
        while driver.pgconn.status == ConnStatus.OK and waiting.poll(0):
            driver.pgconn.consume_input()
    except psycopg.OperationalError:
        return False
    return driver.pgconn.status == ConnStatus.OK
