"""Arms the points at which a process of the demo ends itself (kabinet.infra.failpoints)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kabinet.infra.failpoints import FIRED
from tests.faults.demo import SECONDS_TO_COME_BACK, Demo, wait_for


@contextmanager
def dying_at(demo: Demo, point: str) -> Iterator[Path]:
    """Let the next process that reaches the point die there; it has to, before the block ends."""
    armed = demo.points / point
    fired = armed.with_name(armed.name + FIRED)
    armed.touch()
    try:
        yield fired
        wait_for(fired.exists, seconds=SECONDS_TO_COME_BACK)
    finally:
        armed.unlink(missing_ok=True)
        fired.unlink(missing_ok=True)
