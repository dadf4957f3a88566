"""Kills at random, of processes of one demo alone, by a seed that is printed."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from tests.faults.demo import SECONDS_TO_COME_BACK, Demo, is_up, parent_of, wait_for

# How often each is killed in every twenty: who answers pages, who works behind them, the database and its servants.
SHARES: Final = {"web worker": 5, "portal": 1, "worker": 3, "relay": 3, "database backend": 5, "database": 3}
SHORTEST_PAUSE: Final = 0.3
LONGEST_PAUSE: Final = 2.0
# Most kills strike when there is work to strike; the others while something else is still down.
SHARE_AT_WORK: Final = 0.8


@dataclass(frozen=True)
class Killed:
    """What was killed, and when since the first one."""

    what: str
    pid: int
    at: float

    def __str__(self) -> str:
        return f"{self.at:5.1f} s {self.what} ({self.pid})"


def kill_at_random(demo: Demo, *, count: int, seed: int, pace: Callable[[int], object]) -> Iterator[Killed]:
    """Kill so many processes with pauses between them; `pace` keeps back whatever comes too early."""
    chance = random.Random(seed)
    begin = time.monotonic()
    for place, what in enumerate(planned(count, chance)):
        if chance.random() < SHARE_AT_WORK:
            pace(place)
            wait_for(lambda: is_up(demo), seconds=SECONDS_TO_COME_BACK)
        time.sleep(chance.uniform(SHORTEST_PAUSE, LONGEST_PAUSE))
        yield Killed(what, kill_one(demo, what, chance), time.monotonic() - begin)


def planned(count: int, chance: random.Random) -> list[str]:
    """Return what will be killed: each kind by its share, in any order."""
    everything = [what for what, share in SHARES.items() for _ in range(share)]
    whole, rest = divmod(count, len(everything))
    plan = everything * whole + chance.sample(everything, rest)
    chance.shuffle(plan)
    return plan


def kill_one(demo: Demo, what: str, chance: random.Random) -> int:
    """Kill one process of the kind; one that is just being started again is waited for."""
    looks: dict[str, Callable[[], list[int]]] = {
        "web worker": demo.web_workers,
        "database backend": demo.backends,
    }
    look = looks.get(what, lambda: [pid for pid in [demo.part(what)] if pid])
    while True:
        pid = chance.choice(wait_for(look, seconds=SECONDS_TO_COME_BACK))
        if is_of(demo, pid) and is_killed(pid):
            return pid


def is_of(demo: Demo, pid: int) -> bool:
    """Say whether the demo's launcher stands above the process; nobody else's is ever touched."""
    above: int | None = pid
    while above and above > 1:
        if above == demo.launcher:
            return True
        above = parent_of(above)
    return False


def is_killed(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def nothing_comes_back(demo: Demo) -> Iterator[None]:
    """Keep the launcher from starting again what died, for as long as the block runs."""
    os.kill(demo.launcher, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(demo.launcher, signal.SIGCONT)
