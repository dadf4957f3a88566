"""`./run bench pages`: pages of a large utility over HTTP, beside their floors (SPEED, «Serving»)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final, cast

from bench.frame import Ratios, machine
from bench.serving import crowd, pgbench, site, sums
from bench.serving.crowd import Crowd
from bench.serving.load import Answered, loaded, require_wrk
from bench.serving.site import COOKIE, Site
from bench.serving.sums import Side, table
from kabinet.contracts.http import ASKED_BESIDE, Request
from kabinet.contracts.selectors import eyes
from kabinet.infra import clock

Say = Callable[[str], object]
PAGES: Final = {"readings": "/readings/cold-water/"}
SIZES: Final = (10_000, 100_000, 1_000_000)
PORT: Final = 8321
CLIENTS: Final = 16
FEW: Final = 2
MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """How large, how often, how long."""

    sizes: Sequence[int] = SIZES
    rounds: int = 3
    seconds: int = 8
    months: int = crowd.MONTHS
    port: int = PORT
    pages: Sequence[str] = tuple(PAGES)


@dataclass(slots=True)
class Measured:
    """What a page came to at a size."""

    size: int
    page: str
    portal: Side = field(default_factory=Side)
    pgbench: Side = field(default_factory=Side)
    few: Side = field(default_factory=Side)
    memory: int = 0


def run(plan: Plan, *, say: Say) -> list[Measured]:
    """Measure each size turn by turn, and tell it in tables."""
    require_wrk()
    say(machine())
    found = []
    for size in plan.sizes:
        found += at_size(size, plan, say=say)
        tell(found, say=say)
        crowd.empty()
    say(machine())
    return found


def at_size(size: int, plan: Plan, *, say: Say) -> list[Measured]:
    """Fill the tables and measure every page."""
    people = crowd.fill(size, plan.months, say=say)
    with site.portal(plan.port) as portal:
        for page in plan.pages:
            _open(portal, people, page, clients=CLIENTS, seconds=plan.seconds)
        return [_measured(portal, people, page, plan) for page in plan.pages]


def _measured(portal: Site, people: Crowd, page: str, plan: Plan) -> Measured:
    found = Measured(people.size, page)
    script = pgbench.Script(pgbench.ANY, statements_of(people, page), {"key": crowd.key_sql(":person::int")})
    for _ in range(plan.rounds):
        found.portal.stretches.append(_open(portal, people, page, clients=CLIENTS, seconds=plan.seconds))
        found.pgbench.stretches.append(
            pgbench.run(script, ["-T", str(plan.seconds)], {"size": people.size}, clients=CLIENTS)
        )
        found.few.stretches.append(_open(portal, people, page, clients=FEW, seconds=plan.seconds))
    found.memory = portal.memory()
    return found


def _open(portal: Site, people: Crowd, page: str, *, clients: int, seconds: int) -> Answered:
    given = [PAGES[page], people.size, COOKIE, crowd.HOST, "identity"]
    return loaded(portal, "page.lua", given, clients=clients, seconds=seconds)


def statements_of(people: Crowd, page: str, number: int = 1) -> list[Any]:
    """Return what the page asks of the database for a person: who that is, and beside it what the page shows."""
    key = crowd.session_key(number)
    asking = eyes.asking(key, provider_id=people.provider.row.pk, at=clock.technical_now(), now=clock.now())
    request = SimpleNamespace(provider=people.provider, session_key=key, GET={})
    return [asking, ASKED_BESIDE[PAGES[page]](cast("Request", request))]


HEADS: Final = (
    "contracts", "page", "requests/s: portal, pgbench", "÷ pgbench", "processors, µs: portal + PostgreSQL",
    "PostgreSQL under pgbench, µs", "2 clients: p50, p99 ms", "p99 ÷ p50", "MB of a process",
)  # fmt: skip


def tell(found: Sequence[Measured], *, say: Say) -> None:
    """Write what was found so far."""
    say("\n" + table(HEADS, [_line(one) for one in found]) + "\n")
    for page in dict.fromkeys(one.page for one in found):
        own = [one for one in found if one.page == page]
        grown = Ratios((own[-1].portal.median(sums.server) / own[0].portal.median(sums.server),))
        say(f"{page}: PostgreSQL's processors {own[0].size:,} → {own[-1].size:,} contracts: {grown.median:.2f} ×")


def _line(one: Measured) -> list[str]:
    waits = [one.few.median(lambda answer: answer.p50) / 1000, one.few.median(lambda answer: answer.p99) / 1000]
    return [
        f"{one.size:,}",
        one.page,
        f"{one.portal.median(sums.rate):.0f}, {one.pgbench.median(sums.rate):.0f}",
        str(one.portal.over(one.pgbench, sums.rate)),
        one.portal.processors,
        f"{one.pgbench.median(sums.server):.0f}",
        f"{waits[0]:.1f}, {waits[1]:.1f}",
        str(Ratios(tuple(map(sums.tail, one.few.stretches)))),
        f"{one.memory / MEGABYTE:.0f}",
    ]
