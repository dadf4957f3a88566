"""`./run bench pages`: pages of a large utility over HTTP, beside their floors (SPEED, «Serving»)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final, cast

from bench.frame import machine
from bench.serving import crowd, pgbench, site
from bench.serving.crowd import Crowd
from bench.serving.load import Answered, loaded, require_wrk, warmed
from bench.serving.report import Measured, tell
from bench.serving.site import COOKIE, Site
from kabinet.contracts.http import ASKED_BESIDE, Request
from kabinet.contracts.selectors import eyes
from kabinet.infra import clock
from kabinet.readings.views import archive, send

Say = Callable[[str], object]
# Views say what they ask beside the viewer when they are loaded.
VIEWS: Final = (send, archive)
PAGES: Final = {"readings": "/readings/cold-water/"}
SIZES: Final = (10_000, 100_000, 1_000_000)
PORT: Final = 8321
CLIENTS: Final = 16
FEW: Final = 2


@dataclass(frozen=True, slots=True)
class Plan:
    """How large, how often, how long."""

    sizes: Sequence[int] = SIZES
    rounds: int = 3
    seconds: int = 8
    months: int = crowd.MONTHS
    port: int = PORT
    pages: Sequence[str] = tuple(PAGES)


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
            warmed(portal, "page.lua", _given(people, page))
        return [_measured(portal, people, page, plan) for page in plan.pages]


def _measured(portal: Site, people: Crowd, page: str, plan: Plan) -> Measured:
    found = Measured(people.size, page)
    script = script_of(people, page)
    for _ in range(plan.rounds):
        found.portal.stretches.append(_open(portal, people, page, clients=CLIENTS, seconds=plan.seconds))
        found.pgbench.stretches.append(
            pgbench.run(script, ["-T", str(plan.seconds)], {"size": people.size}, clients=CLIENTS)
        )
        found.few.stretches.append(_open(portal, people, page, clients=FEW, seconds=plan.seconds))
    found.memory = portal.memory()
    return found


def _open(portal: Site, people: Crowd, page: str, *, clients: int, seconds: int) -> Answered:
    return loaded(portal, "page.lua", _given(people, page), clients=clients, seconds=seconds)


def _given(people: Crowd, page: str) -> list[object]:
    return [PAGES[page], people.size, COOKIE, crowd.HOST, "identity"]


def script_of(people: Crowd, page: str) -> pgbench.Script:
    """Return what pgbench runs: the page's statements for anybody of the crowd."""
    return pgbench.Script(pgbench.ANY, statements_of(people, page), {"key": crowd.key_sql(":person::int")})


def statements_of(people: Crowd, page: str, number: int = 1) -> list[Any]:
    """Return what the page asks of the database for a person: who that is, and beside it what the page shows."""
    key = crowd.session_key(number)
    asking = eyes.asking(key, provider_id=people.provider.row.pk, at=clock.technical_now(), now=clock.now())
    request = SimpleNamespace(provider=people.provider, session_key=key, GET={})
    return [asking, ASKED_BESIDE[PAGES[page]](cast("Request", request))]
