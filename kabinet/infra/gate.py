"""A bounded queue before the application: who comes in now, who waits a little, who is put off at once (TRUST 9).

The web server hands a request to a thread, and queues without end where none is free. So it has more threads than may
work: some work, some wait here in the order of what they bring, and some are always left to say «later» to the rest.
"""

import itertools
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from kabinet.infra.loads import Load


@dataclass(frozen=True, slots=True)
class Lane:
    """The way of one load: how many work at once, how many wait, for how long, and whose turn is first."""

    rank: int
    at_once: int
    waiting: int
    seconds: float


# What one process works at: more threads at once make the slowest answers slower, not the quick ones quicker.
PLACES: Final = 4
# One place is never taken by pages, so that a reading need not wait for four slow ones. Who is not signed in cannot
# send: signing in has the rank of pages, one at a time. Passwords, printing and batches take most of the processor.
LANES: Final[Mapping[Load, Lane]] = {
    Load.SENDING: Lane(rank=0, at_once=4, waiting=32, seconds=10),
    Load.PAGE: Lane(rank=1, at_once=3, waiting=16, seconds=3),
    Load.SIGN_IN: Lane(rank=1, at_once=1, waiting=8, seconds=5),
    Load.EXCHANGE: Lane(rank=1, at_once=1, waiting=4, seconds=5),
    Load.FILE: Lane(rank=2, at_once=2, waiting=4, seconds=5),
    Load.BATCH: Lane(rank=2, at_once=1, waiting=2, seconds=10),
}
# All that can be in here together, files on their way to slow readers included; the rest of the threads say «later».
MOST_INSIDE: Final = PLACES + sum(lane.waiting for lane in LANES.values()) + LANES[Load.FILE].at_once


class Busy(Exception):
    """Raised when a request is put off."""


def _held() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock


@dataclass(slots=True)
class Waiting:
    """A request that waits, and the number of its arrival."""

    load: Load
    number: int
    # Held until its turn comes; a lock is woken at a fraction of an event's cost.
    turn: threading.Lock = field(default_factory=_held)

    @property
    def is_admitted(self) -> bool:
        return not self.turn.locked()


@dataclass(slots=True)
class Count:
    """What is going on in a lane."""

    working: int = 0
    waiting: deque[Waiting] = field(default_factory=deque)


class Pass:
    """A request that was let in: it gives its place back when the work is done, its lane when the answer is gone."""

    def __init__(self, gate: "Gate", load: Load) -> None:
        self._gate = gate
        self._load = load
        self._has_place = self._has_lane = True

    def end_work(self) -> None:
        """Give the place to the next; safe to say twice."""
        if self._has_place:
            self._has_place = False
            self._gate.give_back(self._load, place=1, lane=0)

    def leave(self) -> None:
        """Give back all that is still held."""
        place, self._has_place = int(self._has_place), False
        lane, self._has_lane = int(self._has_lane), False
        if place or lane:
            self._gate.give_back(self._load, place=place, lane=lane)


class Gate:
    """Places to work at, and lanes that lead to them."""

    def __init__(self, lanes: Mapping[Load, Lane] = LANES, *, places: int = PLACES) -> None:
        self._lanes = lanes
        self._places = places
        self._taken = 0
        self._counts = {load: Count() for load in lanes}
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._put_off: deque[float] = deque(maxlen=1000)

    def enter(self, load: Load) -> Pass:
        """Come in, at once or after waiting; raise Busy where the queue is full or patience has ended."""
        with self._lock:
            mine = Waiting(load, next(self._numbers))
            count, lane = self._counts[load], self._lanes[load]
            if len(count.waiting) >= lane.waiting and not self._is_next(mine):
                self._note()
                raise Busy(load)
            count.waiting.append(mine)
            self._admit()
        if not mine.is_admitted and not mine.turn.acquire(timeout=lane.seconds):
            self._give_up(mine)
        return Pass(self, load)

    def give_back(self, load: Load, *, place: int, lane: int) -> None:
        """Take back a place, a lane or both, and let the next ones in."""
        with self._lock:
            self._taken -= place
            self._counts[load].working -= lane
            self._admit()

    def waiting(self) -> int:
        """Say how many wait."""
        return sum(len(count.waiting) for count in self._counts.values())

    def put_off_within(self, seconds: float) -> int:
        """Say how many were put off in the last seconds; a thousand stands for a thousand and more."""
        since = time.monotonic() - seconds
        return sum(at >= since for at in tuple(self._put_off))

    def _is_next(self, mine: Waiting) -> bool:
        return self._taken < self._places and self._has_room(mine.load) and not self._counts[mine.load].waiting

    def _has_room(self, load: Load) -> bool:
        return self._counts[load].working < self._lanes[load].at_once

    def _admit(self) -> None:
        """Let in whoever is first: by rank, then by arrival, passing by those whose lane is full."""
        while self._taken < self._places:
            heads = [c.waiting[0] for load, c in self._counts.items() if c.waiting and self._has_room(load)]
            if not heads:
                return
            first = min(heads, key=lambda head: (self._lanes[head.load].rank, head.number))
            self._counts[first.load].waiting.popleft()
            self._counts[first.load].working += 1
            self._taken += 1
            first.turn.release()

    def _give_up(self, mine: Waiting) -> None:
        with self._lock:
            if mine.is_admitted:
                return
            self._counts[mine.load].waiting.remove(mine)
            self._note()
        raise Busy(mine.load)

    def _note(self) -> None:
        self._put_off.append(time.monotonic())


GATE: Final = Gate()
