"""What a stretch of an evening came to, and the tables that tell it."""

import functools
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Final, Self

from bench.serving.arrivals import Tally, Told
from bench.serving.billing import Import
from bench.serving.sums import table

Say = Callable[[str], object]
SENT: Final = "reading sent"
OTHERS: Final = "other requests"
MEGABYTE: Final = 1_000_000
MOST_ERRORS_SHOWN: Final = 5
AT_MOST: Final = "at most"
GOAL_MEGABYTES: Final = 250


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of processors: of the portal, PostgreSQL, worker with relay, and of who sends the load."""

    portal: float
    server: float
    helpers: float
    load: float

    def __sub__(self, other: Self) -> "Spent":
        return Spent(*(one - two for one, two in zip(astuple(self), astuple(other), strict=True)))

    def a_second(self, seconds: float) -> "Spent":
        return Spent(*(one / seconds for one in astuple(self)))


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the evening; processors are shares of one."""

    name: str
    rate: float
    begun: float
    seconds: float
    told: Told
    spent: Spent

    def tally(self, kind: str) -> Tally:
        """Return what came of readings, or of all other requests together."""
        if kind == SENT:
            return self.told.of(SENT)
        return joined(tally for name, tally in self.told.kinds.items() if name != SENT)

    @property
    def whole(self) -> Tally:
        return joined(self.told.kinds.values())

    @property
    def served_a_second(self) -> float:
        return self.whole.served / self.seconds


def joined(tallies: Iterable[Tally]) -> Tally:
    return functools.reduce(Tally.joined, tallies, Tally())


def tell(phases: Sequence[Phase], *, batches: Import, memory: int, say: Say) -> None:
    """Write what the evening came to, ready for docs/benchmarks.md."""
    say("\n" + table(ANSWERS, [_answers(phase, kind) for phase in phases for kind in (SENT, OTHERS)]) + "\n")
    at_most = next(phase for phase in phases if phase.name == AT_MOST).served_a_second
    say(table(PROCESSORS, [_processors(phase, at_most=at_most) for phase in phases]) + "\n")
    for phase in phases:
        if errors := Counter(phase.whole.errors):
            say(f"errors of {phase.name}: {errors.most_common(MOST_ERRORS_SHOWN)}")
    until = batches.ended or float("inf")
    during = joined(phase.whole for phase in phases if phase.name != AT_MOST)
    say(
        f"import over HTTP: {batches.rows:,} rows in {batches.seconds:.0f} s, put off {batches.put_off} times, "
        f"{'finished' if batches.ended else 'not finished'}{''.join(batches.refusals)}; "
        f"p95 of all requests while it ran {_ms(during.wait(0.95, since=batches.begun, until=until))} ms"
    )
    say(f"memory of a web process {memory / MEGABYTE:.0f} MB (goal ≤ {GOAL_MEGABYTES})")


ANSWERS: Final = ("stretch", "what", "asked", "served", "put off (503)", "errors", "p50, p95, p99 ms")
PROCESSORS: Final = (
    "stretch", "asked a second", "served a second", "÷ the most it can", "portal", "PostgreSQL", "worker, relay",
    "who sends the load",
)  # fmt: skip


def _answers(phase: Phase, kind: str) -> list[object]:
    tally = phase.tally(kind)
    waits = ", ".join(_ms(tally.wait(share)) for share in (0.5, 0.95, 0.99))
    return [phase.name, kind, tally.asked, tally.served, tally.put_off, len(tally.errors), waits]


def _processors(phase: Phase, *, at_most: float) -> list[object]:
    """Return a line; where less was asked for than can be served, the share is of what was asked."""
    asked = phase.whole.asked / phase.seconds
    share = phase.served_a_second / min(at_most, asked)
    used = [f"{part:.2f}" for part in astuple(phase.spent)]
    return [phase.name, f"{asked:.0f}", f"{phase.served_a_second:.0f}", f"{share:.2f}", *used]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f}"
