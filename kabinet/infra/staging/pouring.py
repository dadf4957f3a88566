"""COPY into a stage; ahead, the server reads a piece while the application writes the next one down."""

import sys
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Final, Self

from django.db import connection
from psycopg import sql

# A socket holds what the server reads in about 6 ms. A thread that has to wait for its turn as long as Python's usual
# 5 ms leaves the server idle half of the time.
TURN: Final = 0.0005


class Pourer:
    """Copies each text before it returns."""

    def pour(self, statement: sql.Composable, text: bytes) -> None:
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(text)

    @property
    def is_idle(self) -> bool:
        """Say whether the server could read at once."""
        return True

    def wait(self) -> None:
        """Wait for nothing: all that was given has been copied."""


class PourerAhead(Pourer):
    """Copies a text in a thread of its own while the next one is being written; the connection is asked nothing else.

    Whoever uses the connection waits first. A fault shows at the next text, or at the wait.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pourer")
        self._poured: Future[None] | None = None
        self._usual_turn = sys.getswitchinterval()

    def __enter__(self) -> Self:
        sys.setswitchinterval(TURN)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(wait=True)
        sys.setswitchinterval(self._usual_turn)

    @property
    def is_idle(self) -> bool:
        return self._poured is None or self._poured.done()

    def pour(self, statement: sql.Composable, text: bytes) -> None:
        self.wait()
        self._poured = self._thread.submit(_copy, connection.connection, statement, text)

    def wait(self) -> None:
        poured, self._poured = self._poured, None
        if poured:
            with connection.wrap_database_errors:
                poured.result()


def _copy(driver: Any, statement: sql.Composable, text: bytes) -> None:
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(text)
