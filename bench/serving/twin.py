"""A bare server beside the portal: Starlette and asyncpg, the same statements, the same HTML from the same rows.

It is what somebody would write for these two answers alone: no menu, roles, languages, forms that come back, limits,
audit of its own or headers. It runs apart from Django, under the same web server, with as many processes; what it has
to know (`Known`) is written for it by the benchmark.
"""

import asyncio
import hashlib
import os
import pickle
import secrets
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

import asyncpg
import jinja2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

KNOWN: Final = "BENCH_TWIN"
CONNECTIONS: Final = 8
MONTHS: Final = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip
USUAL_TIMES: Final = 3
HTTP_FORBIDDEN: Final = 403


@dataclass(frozen=True, slots=True)
class Asking:
    """A statement with numbered parameters: what is the same for all, and the names in the order of the numbers."""

    sql: str
    names: tuple[str, ...]
    same: Mapping[str, Any]

    def values(self, **own: Any) -> list[Any]:
        return [own[name] if name in own else self.same[name] for name in self.names]


@dataclass(frozen=True, slots=True)
class Known:
    """What the twin has to know: the server's address, the statements, where things stand in their rows, the page."""

    address: str
    role: str
    cookie: str
    path: str
    who: Asking
    what: Asking
    store: Asking
    places: Mapping[str, int]
    today: date
    template: str


def key_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def facts_of(told: Sequence[Any], found: Sequence[Any], known: Known) -> dict[str, Any]:
    """Return what the page shows of a person's register, in finished strings."""
    at = known.places
    values, days = found[at["values"]], found[at["days"]]
    last_on, last = max(zip(days, values, strict=True))
    spent = (max(values) - min(values)) / max(len(values) - 1, 1)
    return {
        "csrf": secrets.token_hex(32),
        "name": f"{told[at['first_name']]} {told[at['last_name']]}",
        "key": uuid.uuid4(),
        "contract": found[at["contract"]],
        "title": f"{found[at['customer_name']]}, №{found[at['customer_number']]}",
        "register": found[at["register"]],
        "meter": found[at["meter"]],
        "make": found[at["make"]],
        "address": found[at["address"]],
        "due": day_words(found[at["due"]]),
        "previous": f"{int(last):05d}",
        "plain": int(last),
        "previous_on": day_words(last_on),
        "limit": int(found[at["limit"]] * (known.today - last_on).days),
        "usual": int(spent * USUAL_TIMES),
    }


def day_words(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


class Twin:
    """The two answers, over connections of its own."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.page = jinja2.Environment(autoescape=True).from_string(known.template)
        self.free: asyncio.Queue[Any] = asyncio.Queue()

    @asynccontextmanager
    async def living(self, _app: Starlette) -> AsyncIterator[None]:
        """Hold connections open while the process lives."""
        for _ in range(CONNECTIONS):
            self.free.put_nowait(await asyncpg.connect(self.known.address, server_settings={"role": self.known.role}))
        yield
        while not self.free.empty():
            await self.free.get_nowait().close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        taken = await self.free.get()
        try:
            yield taken
        finally:
            self.free.put_nowait(taken)

    async def show(self, request: Request) -> Response:
        async with self.connection() as database:
            told, found = await self.asked(database, request)
        if told is None:
            return PlainTextResponse("", HTTP_FORBIDDEN)
        return HTMLResponse(self.page.render(facts_of(told, found, self.known)))

    async def send(self, request: Request) -> Response:
        fields = parse_qs((await request.body()).decode())
        async with self.connection() as database:
            told, found = await self.asked(database, request)
            if told is None:
                return PlainTextResponse("", HTTP_FORBIDDEN)
            own = own_of(told, found, fields, self.known)
            (stored,) = await database.fetchrow(self.known.store.sql, *self.known.store.values(**own))
        return Response(status_code=302 if stored else 409, headers={"Location": self.known.path})

    async def asked(self, database: Any, request: Request) -> tuple[Any, Any]:
        """Return who it is and what there is; asyncpg sends one after the other."""
        known, key = self.known, key_of(request.cookies.get(self.known.cookie, ""))
        told = await database.fetch(known.who.sql, *known.who.values(key=key))
        found = await database.fetch(known.what.sql, *known.what.values(key=key))
        return (told[0], found[0]) if told and found else (None, None)


async def live(_request: Request) -> Response:
    return PlainTextResponse("")


def made(known: Known) -> Starlette:
    """Make the application."""
    twin = Twin(known)
    routes = [Route(known.path, twin.show), Route(known.path, twin.send, methods=["POST"]), Route("/livez", live)]
    return Starlette(routes=routes, lifespan=twin.living)


def own_of(told: Sequence[Any], found: Sequence[Any], fields: Mapping[str, list[str]], known: Known) -> dict[str, Any]:
    """Return the parameters of storing that are this person's."""
    at = known.places
    contract, register, person = found[at["contract"]], found[at["register"]], told[at["person"]]
    raw = fields[f"value-{register}"][0]
    if int(raw) < max(found[at["values"]]):
        raise ValueError(raw)
    return {
        "contract": contract, "target": str(contract), "person": person, "key_actor": person,
        "registers": [register], "key_id": uuid.uuid4(), "audit_id": uuid.uuid4(), "ids": [uuid.uuid4()],
        "uids": [uuid.uuid4()], "key": fields[f"key-{contract}"][0],
    }  # fmt: skip


def app_from_file() -> Starlette:
    """Make the application of what the benchmark has written for it, a file of its own."""
    return made(pickle.loads(Path(os.environ[KNOWN]).read_bytes()))  # noqa: S301 - our own, of a folder that is ours


if KNOWN in os.environ:
    app = app_from_file()
