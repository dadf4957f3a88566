"""How the launcher speaks: short plain sentences."""

import sys
from pathlib import Path


class Stop(Exception):
    """Raised to end with a plain sentence: what is wrong and what to do."""


class Stopped(Exception):
    """Raised when the person asked to stop before the work was ready."""


def say(text: str = "") -> None:
    """Print a line at once, also into a pipe."""
    print(text, flush=True)


def complain(text: str) -> None:
    """Print a line where errors go."""
    print(text, file=sys.stderr, flush=True)


def last_lines(path: Path, *, count: int = 15) -> str:
    """Return the end of a log, indented; empty when there is none."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(f"    {line}" for line in lines[-count:])
