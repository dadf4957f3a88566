"""What was measured of a page at a size, and the tables in which it is told: Markdown, to be pasted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bench.frame import Ratios
from bench.serving import sums
from bench.serving.counting import Counted
from bench.serving.sums import Side, table

Say = Callable[[str], object]
MEGABYTE: Final = 1_000_000
MILLISECOND: Final = 1000
# Not every page has a twin.
NONE: Final = "—"
HEADS: Final = (
    "contracts", "what", "queries, waits", "requests/s: portal, twin, pgbench", "÷ pgbench",
    "processors, µs: portal + PostgreSQL", "of the twin", "÷ twin: application, all", "PostgreSQL under pgbench, µs",
    "2 clients: p50, p99 ms", "p99 ÷ p50", "MB of a process", "put off",
)  # fmt: skip


@dataclass(slots=True)
class Measured:
    """What a page, or sending, came to at a size; each side's stretches lie beside the others' in time."""

    size: int
    what: str
    portal: Side = field(default_factory=Side)
    twin: Side = field(default_factory=Side)
    pgbench: Side = field(default_factory=Side)
    few: Side = field(default_factory=Side)
    memory: int = 0
    # Exact, of one request.
    asked: Counted = field(default_factory=Counted)


def tell(found: Sequence[Measured], *, say: Say) -> None:
    """Write what was found so far."""
    say("\n" + table(HEADS, [_line(one) for one in found]) + "\n")
    for what in dict.fromkeys(one.what for one in found):
        own = [one for one in found if one.what == what]
        grown = own[-1].portal.median(sums.server) / own[0].portal.median(sums.server)
        say(f"{what}: PostgreSQL's processors, {own[-1].size:,} contracts ÷ {own[0].size:,}: {grown:.2f}")


def _line(one: Measured) -> list[str]:
    rates = [
        f"{side.median(sums.rate):.0f}" if side.stretches else NONE for side in (one.portal, one.twin, one.pgbench)
    ]
    waits = [one.few.median(of) / MILLISECOND for of in (sums.usual, sums.slowest)]
    return [
        f"{one.size:,}",
        one.what,
        str(one.asked),
        ", ".join(rates),
        str(one.portal.over(one.pgbench, sums.rate)),
        one.portal.processors,
        one.twin.processors if one.twin.stretches else NONE,
        _beside_twin(one),
        f"{one.pgbench.median(sums.server):.0f}",
        ", ".join(f"{wait:.1f}" for wait in waits),
        str(Ratios(tuple(map(sums.tail, one.few.stretches)))),
        f"{one.memory / MEGABYTE:.0f}",
        str(sum(stretch.refused for stretch in (*one.portal.stretches, *one.few.stretches))),
    ]


def _beside_twin(one: Measured) -> str:
    if not one.twin.stretches:
        return NONE
    return f"{one.portal.over(one.twin, sums.application)}, {one.portal.over(one.twin, sums.together)}"
