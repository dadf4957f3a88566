"""What every benchmark needs: neighbours in time, medians with their spread, the machine's name."""

import os
import platform
import resource
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Final

from django.db import connection

from kabinet.infra import parsing

PACKAGES: Final = ("Django", "psycopg", "pydantic")
GIGABYTE: Final = 1024**3
NANOSECONDS: Final = 10**9


@dataclass(frozen=True, slots=True)
class Ratios:
    """One thing's times over another's, pair by pair."""

    pairs: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.pairs)

    def __str__(self) -> str:
        return f"{self.median:.2f} ({min(self.pairs):.2f}–{max(self.pairs):.2f})"


@dataclass(frozen=True, slots=True)
class Spent:
    """What one run took: seconds on the wall, of processors here (children included) and in the server's process."""

    wall: float
    application: float
    server: float

    @property
    def processors(self) -> float:
        return self.application + self.server


@dataclass(slots=True)
class Clocked:
    """What was spent by name, in the order in which it was."""

    spent: defaultdict[str, list[Spent]] = field(default_factory=lambda: defaultdict(list))

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        wall, application, server = time.perf_counter(), _own_seconds(), _server_seconds()
        yield
        self.spent[name].append(
            Spent(time.perf_counter() - wall, _own_seconds() - application, _server_seconds() - server)
        )

    def total(self, name: str) -> Spent:
        runs = self.spent[name]
        return Spent(sum(r.wall for r in runs), sum(r.application for r in runs), sum(r.server for r in runs))

    def over(self, name: str, other: str, *, of: Callable[[Spent], float]) -> Ratios:
        """Divide what one spent by what the other did that ran beside it."""
        pairs = zip(self.spent[name], self.spent[other], strict=True)
        return Ratios(tuple(of(one) / of(two) for one, two in pairs))


def _own_seconds() -> float:
    """Return the seconds of processors that this process has used, its children, and who read files for it."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime + parsing.spent.seconds


def _server_seconds() -> float:
    """Return the seconds of processors that our connection's server process has used; Linux tells, others do not."""
    if connection.connection is None:
        connection.ensure_connection()
    try:
        told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return int(told.split()[0]) / NANOSECONDS


def machine() -> str:
    """Say in a line what this was measured on, and how busy that was."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIGABYTE
    parts = [
        f"{os.cpu_count()} × {_processor()}, {memory:.0f} GB",
        f"Python {platform.python_version()}",
        *(f"{name} {version(name)}" for name in PACKAGES),
        f"PostgreSQL {_server('server_version').split()[0]}",
        f"synchronous_commit={_server('synchronous_commit')}, fsync={_server('fsync')}",
        f"load {os.getloadavg()[0]:.1f}",
    ]
    return " · ".join(parts)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "processor")


def _server(setting: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [setting])
        return str(cursor.fetchone()[0])
