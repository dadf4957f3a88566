"""`./run bench login`: pages while a crowd signs in, beside the same pages without it (SPEED, «Goals»).

Stretches with and without the storm follow each other in one run; both arrive by the clock. People of the storm give
the right password, each from an address of his own, so that nothing but the portal's own capacity holds them back.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bench.frame import Ratios, machine
from bench.serving import crowd, site
from bench.serving.arrivals import Arrivals, Told, mixed
from bench.serving.evenings import Phase, Spent
from bench.serving.site import Site, server_seconds
from bench.serving.sums import table
from bench.serving.visitors import SEND, Visitors

Say = Callable[[str], object]
PORT: Final = 8332
PAGE: Final = "page"
SIGN_IN: Final = "sign-in"
GOAL: Final = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """How large, how often, how long; pages and passwords a second."""

    accounts: int = 10_000
    rounds: int = 5
    seconds: float = 20.0
    pages: int = 30
    logins: int = 100
    port: int = PORT


def run(plan: Plan, *, say: Say) -> Ratios:
    """Measure turn by turn and tell it."""
    say(machine())
    people = crowd.fill(plan.accounts, 3, say=say)
    calm, storm = [], []
    with site.portal(plan.port) as portal:
        visitors = Visitors(people)
        _stretch(portal, visitors, {PAGE: plan.pages, SIGN_IN: 1}, seconds=5)
        for _ in range(plan.rounds):
            calm.append(_stretch(portal, visitors, {PAGE: plan.pages}, seconds=plan.seconds))
            storm.append(_stretch(portal, visitors, {PAGE: plan.pages, SIGN_IN: plan.logins}, seconds=plan.seconds))
    ratios = Ratios(tuple(_p99(one) / _p99(two) for one, two in zip(storm, calm, strict=True)))
    say("\n" + table(HEADS, [_line(phase) for pair in zip(calm, storm, strict=True) for phase in pair]) + "\n")
    say(f"p99 of pages, storm ÷ calm: {ratios} (goal ≤ {GOAL})")
    say(machine())
    return ratios


def _stretch(portal: Site, visitors: Visitors, rates: dict[str, int], *, seconds: float) -> Phase:
    makers = {PAGE: visitors.opens(PAGE, SEND), SIGN_IN: visitors.signs_in}
    arrivals = Arrivals(portal.port)
    rate = float(sum(rates.values()))
    before, begun = _processors(portal), time.monotonic()
    told: Told = asyncio.run(arrivals.by_the_clock(mixed(rates, makers), rate=rate, seconds=seconds))
    took = time.monotonic() - begun
    name = "storm" if SIGN_IN in rates else "calm"
    return Phase(name, rate, begun, took, told, (_processors(portal) - before).a_second(took))


def _processors(portal: Site) -> Spent:
    return Spent(portal.seconds(), server_seconds(), 0.0, time.process_time())


def _p99(phase: Phase) -> float:
    return phase.told.of(PAGE).wait(0.99)


HEADS: Final = (
    "stretch", "pages asked, served, put off, errors", "pages p50, p99 ms", "sign-ins asked, served, put off, errors",
    "sign-ins p50, p99 ms", "processors: portal, PostgreSQL, load",
)  # fmt: skip


def _line(phase: Phase) -> list[str]:
    found = [phase.name]
    for kind in (PAGE, SIGN_IN):
        tally = phase.told.of(kind)
        found.append(f"{tally.asked}, {tally.served}, {tally.put_off}, {len(tally.errors)}")
        found.append(f"{tally.wait(0.5) * 1000:.1f}, {tally.wait(0.99) * 1000:.1f}")
    spent = phase.spent
    return [*found, f"{spent.portal:.2f}, {spent.server:.2f}, {spent.load:.2f}"]
