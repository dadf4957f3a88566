"""`./run bench readings`: sending, durable, beside pgbench with the statement that stores (SPEED, «Serving»)."""

import re
from collections.abc import Callable
from typing import Any, Final
from unittest import mock

from django.db import connection
from django.test import Client

from bench.frame import machine
from bench.serving import crowd, pgbench, site
from bench.serving.crowd import Crowd, id_sql
from bench.serving.load import Answered, Refused, loaded, require_wrk, warmed
from bench.serving.opening import CLIENTS, FEW, PAGES, Plan
from bench.serving.report import Measured, tell
from bench.serving.site import COOKIE, Site
from kabinet.infra.statements import Statement
from kabinet.readings.services import storing

Say = Callable[[str], object]
PATH: Final = PAGES["readings"]
SECRET: Final = "abcdefghijklmnopqrstuvwxyz012345"  # noqa: S105 - of nobody
PERSON: Final = ":person::int"
# More would take longer, and tell nothing more.
MOST_BY_PGBENCH: Final = 40_000


def run(plan: Plan, *, say: Say) -> list[Measured]:
    """Measure each size turn by turn, and tell it in tables."""
    require_wrk()
    say(machine())
    found = []
    for size in plan.sizes:
        people = crowd.fill(size, plan.months, say=say)
        with site.portal(plan.port) as portal:
            found.append(_measured(portal, people, plan))
        tell(found, say=say)
        crowd.empty()
    say(machine())
    return found


def _measured(portal: Site, people: Crowd, plan: Plan) -> Measured:
    found = Measured(people.size, "sending")
    crowd.forget_sent()
    warmed(portal, "send.lua", _given(people))
    script = script_of(people)
    for _ in range(plan.rounds):
        found.portal.stretches.append(_send(portal, people, clients=CLIENTS, seconds=plan.seconds))
        found.pgbench.stretches.append(_store(script, people))
        found.few.stretches.append(_send(portal, people, clients=FEW, seconds=plan.seconds))
    found.memory = portal.memory()
    return found


def _send(portal: Site, people: Crowd, *, clients: int, seconds: int) -> Answered:
    """Let one person after another send; every answer has to have stored a reading."""
    crowd.forget_sent()
    told = loaded(portal, "send.lua", _given(people), clients=clients, seconds=seconds)
    require_stored(told.requests, clients=clients)
    return told


def _store(script: pgbench.Script, people: Crowd) -> Answered:
    crowd.forget_sent()
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
    return [PATH, 1, COOKIE, crowd.HOST, people.next_value, SECRET]


def script_of(people: Crowd) -> pgbench.Script:
    """Return what pgbench runs: the statement as the portal sends it, for one person after another."""
    ids = {name: f"ARRAY[{id_sql(letter, PERSON)}]" for name, letter in (("ids", "1"), ("uids", "2"))}
    own = {
        "contract": id_sql("c", PERSON),
        "target": f"({id_sql('c', PERSON)})::text",
        "person": id_sql("a", PERSON),
        "key_actor": id_sql("a", PERSON),
        "registers": f"ARRAY[{id_sql('e', PERSON)}]",
        "key_id": id_sql("3", PERSON),
        "audit_id": id_sql("4", PERSON),
        "key": f"('key-of-bench-' || {PERSON})::text",
        **ids,
    }
    return pgbench.Script(pgbench.NEXT, [statement_of(people)], own)


def statement_of(people: Crowd, number: int = 1) -> Statement:
    """Return the statement by which the portal stores a person's reading; it is not sent."""
    client, caught = Client(), list[Statement]()
    client.cookies[site.COOKIE_OF_TOOLS] = crowd.token(number)
    path = f"{people.prefix}{PATH}"
    key = re.search(r'name="(key-[^"]+)" value="([^"]+)"', _page(client, path))
    if key is None:
        raise AssertionError("the page has no form")
    contract = crowd.id_of("c", number)
    fields = {key[1]: key[2], f"value-{crowd.id_of('e', number)}": str(people.next_value), "send": contract}

    def catch(statement: Statement) -> list[tuple[Any, ...]]:
        caught.append(statement)
        return [(1,)]

    with mock.patch.object(storing, "fetch", catch):
        client.post(path, fields, headers={"Host": "localhost"})
    (statement,) = caught
    return statement


def _page(client: Client, path: str) -> str:
    return client.get(path, headers={"Host": "localhost"}).content.decode()
