"""Processes that keep a reader loaded, so that a hostile file costs a fork and no start of Python (`parsing_child`)."""

import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final

from django.conf import settings

CHILD: Final = Path(__file__).with_name("parsing_child.py")
LARGEST_MESSAGE: Final = 4096
# More of them are asked at once now and then; so many are kept for later.
MOST_IDLE: Final = 2


class KeeperGone(Exception):
    """Raised when the keeper has ended: another one is to be asked."""


class Keeper:
    """One process that forks a child for each file; whoever has taken it asks alone."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.owner = os.getpid()
        self._door = ours
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and script, no shell
                [sys.executable, "-I", str(CHILD), str(settings.BASE_DIR)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"LANG": "C.UTF-8"},
                cwd="/",
                start_new_session=True,
            )

    def ask(self, request: dict[str, Any], *, out: int, seconds: float) -> int:
        """Have the file read into the pipe `out`; return the child's process, which stays until `dismiss`."""
        try:
            socket.send_fds(self._door, [json.dumps(request).encode()], [out])
        except OSError:
            raise KeeperGone from None
        return int(self._told(seconds)["pid"])

    def code(self, seconds: float) -> int:
        """Return how the child ended, a signal as a negative number; raise `TimeoutError` while it runs."""
        return int(self._told(seconds)["code"])

    def dismiss(self, seconds: float) -> tuple[float, int]:
        """Let the child's process go; return the seconds of processors and the kilobytes that it took."""
        try:
            self._door.send(b".")
        except OSError:
            raise KeeperGone from None
        spent = self._told(seconds)
        return float(spent["seconds"]), int(spent["kilobytes"])

    def close(self) -> None:
        self._door.close()
        if self.owner == os.getpid():
            self._process.kill()
            self._process.wait()

    def _told(self, seconds: float) -> dict[str, Any]:
        self._door.settimeout(max(0.01, seconds))
        try:
            text = self._door.recv(LARGEST_MESSAGE)
        except TimeoutError:
            raise
        except OSError:
            raise KeeperGone from None
        if not text:
            raise KeeperGone
        told: dict[str, Any] = json.loads(text)
        return told


_idle: list[Keeper] = []
_lock = threading.Lock()


def take() -> Keeper:
    """Return a keeper that nobody asks, a new one if need be."""
    with _lock:
        while _idle:
            keeper = _idle.pop()
            if keeper.owner == os.getpid():
                return keeper
    return Keeper()


def give_back(keeper: Keeper) -> None:
    with _lock:
        if len(_idle) < MOST_IDLE:
            _idle.append(keeper)
            return
    keeper.close()


@atexit.register
def close_all() -> None:
    """End the keepers of this process."""
    with _lock:
        kept = _idle[:]
        _idle.clear()
    for keeper in kept:
        keeper.close()
