"""What the portal asks of the database for the acts that are measured, caught from itself; pgbench's scripts of it."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Final, cast
from unittest import mock

from django.http import QueryDict
from django.test import Client

from bench.serving import crowd, site
from bench.serving.counting import Counted, counted
from bench.serving.crowd import Crowd, id_sql, key_sql
from bench.serving.pgbench import ANY, NEXT, Script
from kabinet.contracts.http import ASKED_BESIDE, Request
from kabinet.contracts.selectors import eyes
from kabinet.infra import clock
from kabinet.infra.statements import Statement
from kabinet.readings.services import storing
from kabinet.readings.views import archive, send

# Views say what they ask beside the viewer when they are loaded.
VIEWS: Final = (send, archive)
PAGES: Final = {"readings": "/readings/cold-water/", "archive": "/readings/archive/"}
PERSON: Final = ":person::int"
_HOST: Final = {"Host": "localhost"}


def opening(people: Crowd, page: str) -> Script:
    """Return what pgbench runs for a page: its statements, for anybody of the crowd."""
    return Script(ANY, statements_of(people, page), {"key": key_sql(PERSON)})


def statements_of(people: Crowd, page: str, number: int = 1) -> list[Statement]:
    """Return what the page asks of the database for a person: who that is, and beside it what the page shows."""
    key = crowd.session_key(number)
    asking = eyes.asking(key, provider_id=people.provider.row.pk, at=clock.technical_now(), now=clock.now())
    request = SimpleNamespace(provider=people.provider, session_key=key, GET=QueryDict())
    return [asking, ASKED_BESIDE[PAGES[page]](cast("Request", request))]


def storing_script(people: Crowd) -> Script:
    """Return what pgbench runs for a sending: the statement that stores it, for one person after another."""
    own = {
        "contract": id_sql("c", PERSON),
        "target": f"({id_sql('c', PERSON)})::text",
        "person": id_sql("a", PERSON),
        "key_actor": id_sql("a", PERSON),
        "registers": f"ARRAY[{id_sql('e', PERSON)}]",
        "key_id": id_sql("3", PERSON),
        "audit_id": id_sql("4", PERSON),
        "key": f"('key-of-bench-' || {PERSON})::text",
        "ids": f"ARRAY[{id_sql('1', PERSON)}]",
        "uids": f"ARRAY[{id_sql('2', PERSON)}]",
    }
    return Script(NEXT, [storing_of(people)], own)


def storing_of(people: Crowd, number: int = 1) -> Statement:
    """Return the statement by which the portal stores a person's reading; it is caught and not sent."""
    caught = list[Statement]()

    def catch(statement: Statement) -> list[tuple[Any, ...]]:
        caught.append(statement)
        return [(1,)]

    send_one = sending(people, number)
    with mock.patch.object(storing, "fetch", catch):
        send_one()
    (statement,) = caught
    return statement


def asked_for_page(people: Crowd, page: str) -> Counted:
    """Count what a page asks of the database once the provider is known."""
    client = _visitor(1)
    _open(client, people, page)
    with counted() as found:
        _open(client, people, page)
    return found


def asked_for_sending(people: Crowd) -> Counted:
    """Count what a sending asks of the database once the provider is known; it is stored."""
    send_one = sending(people, 1)
    with counted() as found:
        send_one()
    return found


def sending(people: Crowd, number: int) -> Callable[[], object]:
    """Open the page of a person, and return what sends his reading from there."""
    client = _visitor(number)
    key = re.search(r'name="(key-[^"]+)" value="([^"]+)"', _open(client, people, "readings"))
    if key is None:
        raise AssertionError("the page has no form")
    value = {f"value-{crowd.id_of('e', number)}": str(people.next_value), "send": crowd.id_of("c", number)}
    path = f"{people.prefix}{PAGES['readings']}"
    return lambda: client.post(path, {key[1]: key[2], **value}, headers=_HOST)


def _visitor(number: int) -> Client:
    client = Client()
    client.cookies[site.COOKIE_OF_TOOLS] = crowd.token(number)
    return client


def _open(client: Client, people: Crowd, page: str) -> str:
    return client.get(f"{people.prefix}{PAGES[page]}", headers=_HOST).content.decode()
