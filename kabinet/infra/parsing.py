"""Hostile files are read in a process of their own, with bounds on memory, time and answer (TRUST 7).

A function that reads a file takes its path and returns what JSON can hold. It says that a file is bad by raising an
exception with a `code` and, if it likes, `facts`. It may live in any app's `formats`, which know nothing of this.
"""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from django.conf import settings

CHILD: Final = Path(__file__).with_name("parsing_child.py")
LARGEST_ANSWER: Final = 32 * 1024 * 1024
PIECE: Final = 64 * 1024
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


def parse(task: str, path: Path, *, seconds: int, megabytes: int) -> Any:
    """Run `package.module:function` on the file within bounds; `megabytes` includes Python itself (under 20)."""
    command = [sys.executable, "-I", str(CHILD), str(settings.BASE_DIR), task, str(path), str(seconds), str(megabytes)]
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and script, a path of ours, no shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LANG": "C.UTF-8"},
        cwd="/",
        start_new_session=True,
    )
    try:
        answer = _read(child, deadline=time.monotonic() + seconds + START_SECONDS)
    finally:
        _end(child)
    return _value_of(answer, code=child.returncode)


def _read(child: subprocess.Popen[bytes], *, deadline: float) -> bytes:
    """Take the answer as it comes, up to the deadline and the largest that may be."""
    pipe = child.stdout
    if pipe is None:
        raise Crashed("no pipe")
    answer = bytearray()
    with selectors.DefaultSelector() as ready:
        ready.register(pipe, selectors.EVENT_READ)
        while True:
            if not ready.select(timeout=max(0.0, deadline - time.monotonic())):
                raise TookTooLong
            piece = os.read(pipe.fileno(), PIECE)
            if not piece:
                break
            answer += piece
            if len(answer) > LARGEST_ANSWER:
                raise TooLarge
    try:
        child.wait(timeout=max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise TookTooLong from None
    return bytes(answer)


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the process and whatever it may have started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    if child.stdout:
        child.stdout.close()


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
