"""Requests that arrive by the clock, whether the ones before were answered or not, as people do.

A client that waits for its answer slows down with the server and measures its best moments only. Here the waiting time
counts from the moment at which a request was due. Bytes are made beforehand or by one formatting, answers are read as
far as their head, connections are kept as a proxy keeps them: the machine is the server's.
"""

import asyncio
import contextlib
import heapq
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from launcher import ports

GIVES_UP_SECONDS: Final = 30.0
LOOK_SECONDS: Final = 0.05
_HEAD_END: Final = b"\r\n\r\n"
_LAST_CHUNK: Final = b"0\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Visit:
    """A request as it goes over the wire, and what a good answer to it is."""

    kind: str
    request: bytes
    expected: int = HTTPStatus.OK
    key: str = ""


@dataclass(slots=True)
class Tally:
    """What came of the visits of a kind; of answers that were as expected, when they were due and how long it took."""

    asked: int = 0
    put_off: int = 0
    answered: list[tuple[float, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def served(self) -> int:
        return len(self.answered)

    def wait(self, share: float, *, since: float = 0.0, until: float = float("inf")) -> float:
        """Return the seconds within which that share was answered; nothing answered is no time."""
        ordered = sorted(waited for due, waited in self.answered if since <= due < until)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else float("nan")

    def joined(self, other: "Tally") -> "Tally":
        return Tally(
            self.asked + other.asked,
            self.put_off + other.put_off,
            self.answered + other.answered,
            self.errors + other.errors,
        )


@dataclass(slots=True)
class Told:
    """What everybody was told: by kind, and of each key whether it was acknowledged."""

    kinds: dict[str, Tally] = field(default_factory=dict)
    acknowledged: list[str] = field(default_factory=list)
    put_off: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def of(self, kind: str) -> Tally:
        return self.kinds.setdefault(kind, Tally())

    def note(self, visit: Visit, *, status: int, head: bytes, due: float) -> None:
        """Write an answer down."""
        tally = self.of(visit.kind)
        if status == visit.expected:
            tally.answered.append((due, time.monotonic() - due))
            self._keep(self.acknowledged, visit)
        elif status == HTTPStatus.SERVICE_UNAVAILABLE and b"\nretry-after:" in head.lower():
            tally.put_off += 1
            self._keep(self.put_off, visit)
        else:
            self.note_error(visit, f"{status}")

    def note_error(self, visit: Visit, error: str) -> None:
        self.of(visit.kind).errors.append(error)
        self._keep(self.unknown, visit)

    @staticmethod
    def _keep(keys: list[str], visit: Visit) -> None:
        if visit.key:
            keys.append(visit.key)


class Line(asyncio.Protocol):
    """A connection that carries one request after another."""

    def __init__(self, crowd: "Arrivals") -> None:
        self.crowd = crowd
        self.transport: asyncio.Transport | None = None
        self.visit: Visit | None = None
        self.due = 0.0
        self.head = b""
        self.left = 0
        self.is_chunked = False
        self.status = 0
        self.tail = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the reader of types
        self.transport = transport

    def carry(self, visit: Visit, *, due: float) -> None:
        """Send a request; the answer is written down when it has come whole."""
        self.visit, self.due, self.head, self.status = visit, due, b"", 0
        if self.transport is not None:
            self.transport.write(visit.request)

    def data_received(self, data: bytes) -> None:
        if not self.status:
            self.head += data
            head, end, data = self.head.partition(_HEAD_END)
            if not end:
                return
            self._read_head(head)
        if self.is_chunked:
            self.tail = (self.tail + data)[-len(_LAST_CHUNK) :]
            if self.tail == _LAST_CHUNK:
                self._finish()
        else:
            self.left -= len(data)
            if self.left <= 0:
                self._finish()

    def _read_head(self, head: bytes) -> None:
        self.head, self.status, self.left, self.is_chunked, self.tail = head, int(head[9:12]), 0, False, b""
        for line in head.lower().split(b"\r\n")[1:]:
            if line.startswith(b"content-length:"):
                self.left = int(line[15:])
            elif line.startswith(b"transfer-encoding:"):
                self.is_chunked = b"chunked" in line

    def _finish(self) -> None:
        visit, self.visit = self.visit, None
        if visit is not None:
            self.crowd.told.note(visit, status=self.status, head=self.head, due=self.due)
            self.crowd.is_free(self)

    def connection_lost(self, exc: Exception | None) -> None:
        visit, self.visit, self.transport = self.visit, None, None
        if visit is not None:
            self.crowd.told.note_error(visit, type(exc).__name__ if exc else "closed without an answer")
            self.crowd.is_free(None)

    def give_up(self) -> None:
        if self.transport is not None:
            self.transport.abort()


class Arrivals:
    """Everybody who comes to a port within a stretch of time."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.told = Told()
        self.free: list[Line] = []
        self.under_way = 0
        self.until = 0.0
        self.nobody_waits = asyncio.Event()
        self.lines: set[Line] = set()
        self.when_free: Callable[[], None] | None = None

    async def by_the_clock(self, visits: Iterator[Visit], *, rate: float, seconds: float, seed: int = 1) -> Told:
        """Let so many a second arrive, each on its own; return when the last is answered."""
        chance = random.Random(seed)  # noqa: S311 - arrivals, no secret
        begun = due = time.monotonic()
        while due < begun + seconds:
            await asyncio.sleep(due - time.monotonic())
            self._send(next(visits), due=due)
            due += chance.expovariate(rate)
        await self._all_answered()
        return self.told

    async def one_after_another(self, visits: Iterator[Visit], *, clients: int, seconds: float) -> Told:
        """Let so many clients ask again as soon as they are answered: what the server can at most."""
        self.until = time.monotonic() + seconds

        def again() -> None:
            if time.monotonic() < self.until:
                self._send(next(visits), due=time.monotonic())

        self.when_free = again
        for _ in range(clients):
            again()
        while time.monotonic() < self.until:  # noqa: ASYNC110 - another thread may end it sooner
            await asyncio.sleep(LOOK_SECONDS)
        await self._all_answered()
        return self.told

    def _send(self, visit: Visit, *, due: float) -> None:
        self.told.of(visit.kind).asked += 1
        self.under_way += 1
        self.nobody_waits.clear()
        while self.free:
            line = self.free.pop()
            if line.transport is not None and not line.transport.is_closing():
                line.carry(visit, due=due)
                return
        asyncio.ensure_future(self._by_new_line(visit, due=due))  # noqa: RUF006 - awaited by `_all_answered`

    async def _by_new_line(self, visit: Visit, *, due: float) -> None:
        try:
            _, line = await asyncio.get_running_loop().create_connection(lambda: Line(self), ports.LOOPBACK, self.port)
        except OSError as error:
            self.told.note_error(visit, type(error).__name__)
            # Whoever is refused does not knock again at once.
            await asyncio.sleep(LOOK_SECONDS)
            self.is_free(None)
            return
        self.lines.add(line)
        line.carry(visit, due=due)

    def is_free(self, line: Line | None) -> None:
        """Take a connection back, or hear that one has broken."""
        self.under_way -= 1
        if not self.under_way:
            self.nobody_waits.set()
        if line is not None:
            self.free.append(line)
        if self.when_free is not None:
            self.when_free()

    async def _all_answered(self) -> None:
        """Wait for the last answers; whoever has none by then is an error."""
        if self.under_way:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.nobody_waits.wait(), GIVES_UP_SECONDS)
        for line in self.lines:
            line.give_up()
        await asyncio.sleep(0.05)


def mixed(kinds: dict[str, int], makers: dict[str, Callable[[], Visit]]) -> Iterator[Visit]:
    """Yield visits of every kind for ever, each as often as is said, evenly spread."""
    # Whoever is furthest behind comes next.
    waiting = [(1 / share, kind) for kind, share in kinds.items()]
    heapq.heapify(waiting)
    while True:
        at, kind = heapq.heappop(waiting)
        heapq.heappush(waiting, (at + 1 / kinds[kind], kind))
        yield makers[kind]()
