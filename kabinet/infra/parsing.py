"""Hostile files are read in a process of their own, with bounds on memory, time and answer (TRUST 7).

A function that reads a file takes its path and returns what JSON can hold. It says that a file is bad by raising an
exception with a `code` and, if it likes, `facts`. It may live in any app's `formats`, which know nothing of this.
"""

import contextlib
import json
import os
import select
import selectors
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kabinet.infra import keepers
from kabinet.infra.keepers import Keeper, KeeperGone

LARGEST_ANSWER: Final = 32 * 1024 * 1024
PIECE: Final = 64 * 1024
# A process that was killed takes a moment to go.
GONE_SECONDS: Final = 1
# Starting Python is our time, not the file's.
START_SECONDS: Final = 5


class ParsingFailed(Exception):
    """Raised when a file could not be read; the subclasses say why."""


class TooLarge(ParsingFailed):
    """Raised when the file, or what is in it, takes more memory than it may."""


class TookTooLong(ParsingFailed):
    """Raised when reading takes more time than it may."""


class Crashed(ParsingFailed):
    """Raised when reading ended in a way that nobody foresaw; `how` is a signal or a type and a place."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class BadFile(ParsingFailed):
    """Raised when the reader understood enough to say what is wrong."""

    def __init__(self, code: str, facts: dict[str, Any]) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(slots=True)
class Spent:
    """What children have taken since this process began: for benchmarks and whoever wonders."""

    seconds: float = 0.0
    most_kilobytes: int = 0


spent: Final = Spent()


def parse(task: str, path: Path, *, seconds: int, megabytes: int) -> Any:
    """Run `package.module:function` on the file within bounds; `megabytes` includes Python and its libraries."""
    request = {"task": task, "path": str(path), "seconds": seconds, "megabytes": megabytes}
    deadline = time.monotonic() + seconds + START_SECONDS
    try:
        return _parse(keepers.take(), request, deadline=deadline)
    except KeeperGone:
        # One that was kept had ended meanwhile; a new one has no excuse.
        try:
            return _parse(Keeper(), request, deadline=deadline)
        except KeeperGone:
            raise Crashed("keeper") from None


def _parse(keeper: Keeper, request: dict[str, Any], *, deadline: float) -> Any:
    """Ask one keeper; it is kept for the next file where the child ended by itself."""
    try:
        answer, code = _asked(keeper, request, deadline=deadline)
    except BaseException:
        keeper.close()
        raise
    keepers.give_back(keeper)
    return _value_of(answer, code=code)


def _asked(keeper: Keeper, request: dict[str, Any], *, deadline: float) -> tuple[bytes, int]:
    ours, theirs = os.pipe()
    try:
        try:
            child = keeper.ask(request, out=theirs, seconds=deadline - time.monotonic())
        except TimeoutError:
            raise TookTooLong from None
        finally:
            os.close(theirs)
        try:
            answer = _read(ours, deadline=deadline)
            code = keeper.code(max(0.1, deadline - time.monotonic()))
        except TimeoutError:
            raise TookTooLong from None
        finally:
            _end(child, ours)
    finally:
        os.close(ours)
    try:
        taken, kilobytes = keeper.dismiss(START_SECONDS)
    except TimeoutError:
        raise KeeperGone from None
    spent.seconds += taken
    spent.most_kilobytes = max(spent.most_kilobytes, kilobytes)
    return answer, code


def _read(pipe: int, *, deadline: float) -> bytes:
    """Take the answer as it comes, up to the deadline and the largest that may be."""
    answer = bytearray()
    with selectors.DefaultSelector() as ready:
        ready.register(pipe, selectors.EVENT_READ)
        while True:
            if not ready.select(timeout=max(0.0, deadline - time.monotonic())):
                raise TookTooLong
            piece = os.read(pipe, PIECE)
            if not piece:
                return bytes(answer)
            answer += piece
            if len(answer) > LARGEST_ANSWER:
                raise TooLarge


def _end(child: int, pipe: int) -> None:
    """End the process and whatever it may have started; it has its name until the keeper lets it go."""
    for end in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError):
            end(child, signal.SIGKILL)
    # Whoever holds the other end of the pipe is gone when it says so.
    deadline = time.monotonic() + GONE_SECONDS
    while select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0] and os.read(pipe, PIECE):
        pass


def _value_of(answer: bytes, *, code: int) -> Any:
    if code in {-signal.SIGXCPU, -signal.SIGALRM}:
        raise TookTooLong
    if code < 0:
        # A library that cannot get memory aborts the process: all we see is the signal.
        raise TooLarge if code == -signal.SIGABRT else Crashed(signal.Signals(-code).name)
    try:
        facts = json.loads(answer)
    except ValueError:
        raise Crashed(f"exit {code}") from None
    if "value" in facts:
        return facts["value"]
    if "bad_file" in facts:
        raise BadFile(facts["bad_file"], dict(facts["facts"]))
    if "too_large" in facts:
        raise TooLarge
    raise Crashed(f"{facts['crashed']} {facts['where']}")
