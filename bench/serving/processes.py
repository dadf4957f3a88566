"""Time of processors and memory of a process and of everything below it; Linux tells, others do not."""

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.db import connection

PROC: Final = Path("/proc")
TICK: Final = 1 / os.sysconf("SC_CLK_TCK")
# Places in /proc/<pid>/stat after the name: parent, then time of its own and of children that it has waited for.
_PARENT: Final = 1
_TIMES: Final = slice(11, 15)
KILOBYTE: Final = 1024


def seconds_below(pid: int) -> float:
    """Return the seconds of processors of a process, of all that live below it, and of those that have ended."""
    stats = _all()
    return sum(sum(map(int, stats[one][_TIMES])) for one in below(pid, stats) if one in stats) * TICK


def below(pid: int, stats: dict[int, list[str]] | None = None) -> Iterator[int]:
    """Yield a process and all that were started by it."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for one, fields in (stats or _all()).items():
        children[int(fields[_PARENT])].append(one)
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += children[one]


def memory_of(pid: int) -> int:
    """Return the bytes that a process holds of its own, shared pages counted once among those that share them."""
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * KILOBYTE for line in lines if line.startswith("Pss:")), 0)


def largest_below(pid: int) -> int:
    """Return the memory of the largest process."""
    return max(map(memory_of, below(pid)))


def postmaster() -> int:
    """Return the process that has started all of the server's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone() or (0,)
    return int(_all()[backend][_PARENT])


def _all() -> dict[int, list[str]]:
    found = {}
    for entry in PROC.iterdir():
        if entry.name.isdecimal():
            try:
                told = (entry / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            found[int(entry.name)] = told.rpartition(") ")[2].split()
    return found
