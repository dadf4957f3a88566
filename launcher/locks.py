"""Locks on files: they end with their holder, even when it is killed."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Held(Exception):
    """Raised when another process holds the lock; `by` is its id, if known."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


def take(path: Path) -> int:
    """Take the lock without waiting and write our id into it; return the file to close at the end."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        by = os.read(file, 32).decode("ascii", errors="replace").strip()
        os.close(file)
        raise Held(by) from None
    os.ftruncate(file, 0)
    os.pwrite(file, str(os.getpid()).encode("ascii"), 0)
    return file


def release(file: int) -> None:
    """Give the lock up."""
    os.close(file)


def is_free(path: Path) -> bool:
    """Say whether nobody holds the lock now."""
    try:
        release(take(path))
    except Held:
        return False
    return True


def share(path: Path) -> None:
    """Take a part in the lock until the end of the process, or of the program that replaces it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(file, fcntl.LOCK_SH)
    os.set_inheritable(file, True)


@contextmanager
def waiting(path: Path) -> Iterator[None]:
    """Hold the lock, after waiting for whoever holds it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)
