"""How often this process asks the server: statements, and waits for it, BEGIN and COMMIT included (SPEED)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from unittest import mock

import psycopg

# What is put into a pipeline goes on its way; the pipeline's end waits for all of it.
_SENT_ON: Final = frozenset({"_enter_gen", "_execute_gen"})
# Nothing is sent: the driver only notes it.
_NOTED: Final = "_set_autocommit_gen"


@dataclass(slots=True)
class Counted:
    """What was asked, and how often it was waited for."""

    queries: int = 0
    waits: int = 0

    def __str__(self) -> str:
        return f"{self.queries}, {self.waits}"


@contextmanager
def counted() -> Iterator[Counted]:
    """Count what the driver does meanwhile."""
    found = Counted()
    execute, wait = psycopg.Cursor.execute, psycopg.Connection.wait

    def executing(self: Any, *arguments: Any, **named: Any) -> Any:
        found.queries += 1
        return execute(self, *arguments, **named)

    def waiting(self: Any, talk: Any, *arguments: Any, **named: Any) -> Any:
        is_on_its_way = self._pipeline is not None and talk.__name__ in _SENT_ON
        found.waits += not is_on_its_way and talk.__name__ != _NOTED
        return wait(self, talk, *arguments, **named)

    with (
        mock.patch.object(psycopg.Cursor, "execute", executing),
        mock.patch.object(psycopg.Connection, "wait", waiting),
    ):
        yield found
