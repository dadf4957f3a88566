"""`./run bench pages`: pages of a large utility over HTTP, beside their floors (SPEED, «Serving»)."""

from collections.abc import Callable
from typing import Final

from bench.frame import machine
from bench.serving import beside, crowd, pgbench, scripts, site
from bench.serving.crowd import Crowd
from bench.serving.load import Answered, loaded, require_wrk, warmed
from bench.serving.plan import CLIENTS, FEW, Plan
from bench.serving.report import Measured, tell
from bench.serving.scripts import PAGES
from bench.serving.site import COOKIE, Site

Say = Callable[[str], object]
# The twin shows this page and no other.
TWINNED: Final = "readings"


def run(plan: Plan, *, say: Say) -> list[Measured]:
    """Measure each size turn by turn, and tell it in tables."""
    require_wrk()
    say(machine())
    found = []
    for size in plan.sizes:
        people = crowd.fill(size, plan.months, say=say)
        with site.portal(plan.port) as portal, beside.twin_of(portal, people, plan.port + 1) as twin:
            say("the twin shows the same page")
            twins = {TWINNED: twin}
            found += [measured(portal, twins.get(page), people, page, plan) for page in PAGES]
        tell(found, say=say)
        crowd.empty()
    say(machine())
    return found


def measured(portal: Site, twin: Site | None, people: Crowd, page: str, plan: Plan) -> Measured:
    """Let portal, pgbench and, where there is one, the twin open a page turn by turn."""
    found = Measured(people.size, page, asked=scripts.asked_for_page(people, page))
    script = scripts.opening(people, page)
    for one in filter(None, (portal, twin)):
        warmed(one, "page.lua", _given(people, page))
    for _ in range(plan.rounds):
        found.portal.stretches.append(_open(portal, people, page, clients=CLIENTS, seconds=plan.seconds))
        found.pgbench.stretches.append(
            pgbench.run(script, ["-T", str(plan.seconds)], {"size": people.size}, clients=CLIENTS)
        )
        if twin:
            found.twin.stretches.append(_open(twin, people, page, clients=CLIENTS, seconds=plan.seconds))
        found.few.stretches.append(_open(portal, people, page, clients=FEW, seconds=plan.seconds))
    found.memory = portal.memory()
    return found


def _open(one: Site, people: Crowd, page: str, *, clients: int, seconds: int) -> Answered:
    return loaded(one, "page.lua", _given(people, page), clients=clients, seconds=seconds)


def _given(people: Crowd, page: str) -> list[object]:
    return [PAGES[page], people.size, COOKIE, crowd.HOST, "identity"]
