"""How much of a long test is run: a small share by `./run test`, all of it by `./run deep` (launcher/deep.py).

The share turns with the commit: its hash is the seed, unless KABINET_SEED names one.
"""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeVar

Case = TypeVar("Case")

IS_DEEP: Final = os.environ.get("KABINET_DEEP") == "1"
SCALE: Final = float(os.environ.get("KABINET_SCALE", "1"))
SHARE: Final = 5


def _seed_of_commit() -> int:
    asked = ["git", "-c", "safe.directory=*", "rev-parse", "HEAD"]
    done = subprocess.run(asked, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)
    return int(done.stdout.strip()[:8] or "1", 16)


SEED: Final = int(os.environ.get("KABINET_SEED") or _seed_of_commit())


def count(*, gate: int, deep: int) -> int:
    """Return how often something is done: a few times in the gate, by the scale of a deep run otherwise."""
    return max(1, round(deep * SCALE)) if IS_DEEP else gate


def share(cases: Sequence[Case]) -> list[Case]:
    """Return a fifth of the cases, another one with each commit; all of them in a deep run."""
    return list(cases) if IS_DEEP else list(cases[SEED % SHARE :: SHARE]) or list(cases[:1])
