"""What stretches of load came to together: medians, ratios of neighbours in time with their spread, tables to paste."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.frame import Ratios
from bench.serving.load import Answered

By = Callable[[Answered], float]


@dataclass(slots=True)
class Side:
    """One of those that run turn by turn."""

    stretches: list[Answered] = field(default_factory=list)

    def median(self, of: By) -> float:
        return statistics.median(map(of, self.stretches))

    def over(self, other: "Side", of: By) -> Ratios:
        """Divide what each stretch came to by what the neighbour's did that ran just before or after it."""
        return Ratios(tuple(of(one) / of(two) for one, two in zip(self.stretches, other.stretches, strict=True)))

    @property
    def processors(self) -> str:
        return f"{self.median(lambda one: one.application):.0f} + {self.median(lambda one: one.server):.0f}"


def rate(one: Answered) -> float:
    return one.rate


def application(one: Answered) -> float:
    return one.application


def server(one: Answered) -> float:
    return one.server


def together(one: Answered) -> float:
    return one.application + one.server


def usual(one: Answered) -> float:
    return one.p50


def slowest(one: Answered) -> float:
    return one.p99


def tail(one: Answered) -> float:
    """Return how much longer the slowest of a hundred waits than the usual one."""
    return one.p99 / one.p50


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Write a table of Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
