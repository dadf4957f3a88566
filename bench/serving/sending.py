"""`./run bench readings`: sending, durable, beside pgbench with the statement that stores (SPEED, «Serving»)."""

import time
from collections.abc import Callable
from typing import Final

from django.db import connection

from bench.frame import machine
from bench.serving import beside, crowd, pgbench, scripts, site
from bench.serving.crowd import Crowd
from bench.serving.load import Answered, Refused, loaded, require_wrk, warmed
from bench.serving.pgbench import Script
from bench.serving.plan import CLIENTS, FEW, Plan
from bench.serving.report import Measured, tell
from bench.serving.scripts import PAGES
from bench.serving.site import COOKIE, SECRET, Site

Say = Callable[[str], object]
# More would take longer, and tell nothing more.
MOST_BY_PGBENCH: Final = 20_000


def run(plan: Plan, *, say: Say) -> list[Measured]:
    """Measure each size turn by turn, and tell it in tables."""
    require_wrk()
    say(machine())
    found = []
    for size in plan.sizes:
        people = crowd.fill(size, plan.months, say=say)
        with site.portal(plan.port) as portal, beside.twin_of(portal, people, plan.port + 1) as twin:
            say("the twin shows the same page")
            found.append(measured(portal, twin, people, plan))
        tell(found, say=say)
        crowd.empty()
    say(machine())
    return found


def measured(portal: Site, twin: Site, people: Crowd, plan: Plan) -> Measured:
    """Let portal, pgbench and twin store readings turn by turn."""
    # The statement first: what is counted is sent indeed, and the same reading again would be no act.
    script = scripts.storing_script(people)
    found = Measured(people.size, "sending", asked=scripts.asked_for_sending(people))
    for one in (portal, twin):
        _forget()
        warmed(one, "send.lua", _given(people))
    for _ in range(plan.rounds):
        found.portal.stretches.append(_send(portal, people, clients=CLIENTS, seconds=plan.seconds))
        found.pgbench.stretches.append(_store(script, people))
        found.twin.stretches.append(_send(twin, people, clients=CLIENTS, seconds=plan.seconds))
        found.few.stretches.append(_send(portal, people, clients=FEW, seconds=plan.seconds))
    found.memory = portal.memory()
    return found


def _send(one: Site, people: Crowd, *, clients: int, seconds: int) -> Answered:
    """Let one person after another send; every answer has to have stored a reading."""
    _forget()
    told = loaded(one, "send.lua", _given(people), clients=clients, seconds=seconds)
    require_stored(told.requests - told.refused, clients=clients + told.refused)
    return told


def _forget() -> None:
    """Empty the tables when the last requests of the stretch before have come to their end."""
    time.sleep(1)
    crowd.forget_sent()


def _store(script: Script, people: Crowd) -> Answered:
    _forget()
    each = min(people.size, MOST_BY_PGBENCH) // CLIENTS
    told = pgbench.run(script, ["-t", str(each)], {"n": 0, "first": 0, "each": each}, clients=CLIENTS)
    require_stored(told.requests, clients=0)
    return told


def require_stored(requests: int, *, clients: int) -> None:
    """Count what was stored: all that was answered, and at most what was on its way when the load ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM readings_submission")
        (stored,) = cursor.fetchone() or (0,)
    if not requests <= stored <= requests + clients:
        raise Refused(f"{requests} readings were sent, {stored} are stored")


def _given(people: Crowd) -> list[object]:
    return [PAGES["readings"], 1, COOKIE, crowd.HOST, people.next_value, SECRET]
