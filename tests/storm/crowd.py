"""Many at the same moment: threads with a connection each, let go together, again and again."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any, Final

from django.db import connection

SECONDS_TO_MEET: Final = 60

Act = Callable[[], Any]


class Crowd:
    """So many people, each of whom keeps his connection from one round to the next."""

    def __init__(self, people: int) -> None:
        self.people = people
        self._gate = Barrier(people)
        self._pool = ThreadPoolExecutor(people)

    def at_once(self, acts: Sequence[Act]) -> list[Any]:
        """Let everybody do his act at the same moment; return what each got or met."""
        assert len(acts) == self.people
        return list(self._pool.map(self._let_go, acts))

    def all(self, act: Act) -> list[Any]:
        return self.at_once([act] * self.people)

    def _let_go(self, act: Act) -> Any:
        self._gate.wait(timeout=SECONDS_TO_MEET)
        try:
            return act()
        except Exception as fault:  # noqa: BLE001 - what somebody meets is looked at by the test
            return fault

    def go_home(self) -> None:
        """Close everybody's connection."""
        self.all(lambda: connection.close())  # noqa: PLW0108 - each his own: the name means another one in each thread
        self._pool.shutdown()


@contextmanager
def crowd_of(people: int) -> Iterator[Crowd]:
    crowd = Crowd(people)
    try:
        yield crowd
    finally:
        crowd.go_home()
