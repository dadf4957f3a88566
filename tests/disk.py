"""A disk without room, as the system itself refuses: no file of this process grows past a size."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

KILOBYTE: Final = 1024
# What a test's own log and output grow to meanwhile is smaller.
ROOM: Final = 256 * KILOBYTE


@contextmanager
def full_disk() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
