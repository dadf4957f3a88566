"""One request, taken back after it: what was answered, and what it changed."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from string import Template
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

import pypdfium2
from django.apps import apps
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection, transaction
from django.http import HttpRequest
from django.http.cookie import SimpleCookie
from django.test import Client
from django.urls import reverse

from kabinet.infra.models import OutgoingLetter
from tests.authz.actors import Actor
from tests.authz.cases import Case
from tests.authz.rows import Row
from tests.authz.town import AWAY, Town
from tests.authz.words import WORDS

# Of each table: the hash of its rows, and of those of them that name what is others'.
State: TypeAlias = dict[str, tuple[str | None, str | None]]

# What a refused request may write: sessions, what was typed before a sign-in, counters of tries, letters and their
# jobs, the journal of messages of billing systems (a refused one stands in it).
BOOKKEEPING: Final = frozenset(
    {
        "accounts_session", "accounts_staffsession", "accounts_keptinput", "accounts_knownbrowser",
        "infra_limitcounter", "infra_outgoingletter", "exchange_message",
    }
)  # fmt: skip
# What differs from answer to answer by nature: tokens, nonces, keys of forms, numbers of references, signed stamps.
RANDOM: Final = re.compile(
    r'nonce-[\w+/=-]+|nonce="[^"]+"|(?<=name="csrfmiddlewaretoken" value=")\w+|\b[0-9A-F]{4}-[0-9A-F]{4}\b'
    r"|[\w=-]{20,}:[\w-]{6}:[\w-]{43}|\b[0-9a-f]{64}\b"
)
ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Answer:
    """What came back, as far as somebody can read it; which tables it changed, and where others' rows in them."""

    status: int
    location: str
    headers: str
    body: str
    messages: str
    letters: str
    changed: frozenset[str] = field(default_factory=frozenset)
    touched: frozenset[str] = field(default_factory=frozenset)

    @property
    def words(self) -> str:
        return f"{self.location}\n{self.headers}\n{self.body}\n{self.messages}\n{self.letters}"

    def differs_from(self, other: "Answer") -> str:
        """Say where two answers differ; letters and effects are looked at apart."""
        mine, others = self.__dict__, other.__dict__
        for part in ("status", "location", "headers", "body", "messages"):
            if mine[part] != others[part]:
                return f"{part}: {_first_difference(str(mine[part]), str(others[part]))}"
        return ""


def _first_difference(one: str, other: str) -> str:
    place = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    begin = max(0, place - 40)
    return f"…{one[begin : place + 60]!r} and …{other[begin : place + 60]!r}"


class Asker:
    """One client for all: it asks as an actor, and gives the town back as it was."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.client = Client(raise_request_exception=False)
        self.strict = Client(raise_request_exception=False, enforce_csrf_checks=True)
        self.asked = 0
        self._untouched: dict[str, State] = {}
        self._known = frozenset().union(*(one.things.values() for one in (*town.everybody(), town.w, town.v)))

    def ask(
        self, row: Row, actor: Actor, case: Case, *, method: str = "", prefix: str = "/w", forged: bool = False
    ) -> Answer:
        """Ask once; the effect is looked at and taken back."""
        method = method or row.methods[0]
        self.asked += 1
        client = self.strict if forged else self.client
        client.cookies = SimpleCookie(dict(actor.cookies))
        request = _request_of(row, case, self.town, prefix=prefix)
        request["headers"] |= actor.headers
        others = "|".join(map(re.escape, sorted(self._others_of(actor))))
        with taken_back():
            before, written = self.untouched(others), writes()
            response = client.generic(method, **request)
            after = before if writes() == written else state(others)
            return self._answer(response, case, before=before, after=after)

    def untouched(self, others: str) -> State:
        """Return how the tables stand before any request; each request is taken back, so they stand so for all."""
        if others not in self._untouched:
            self._untouched[others] = state(others)
        return self._untouched[others]

    def _others_of(self, actor: Actor) -> frozenset[str]:
        """Return what names the rows that are none of the actor's business; W's households are its office's."""
        is_of_w = actor.is_of_office or actor.office is self.town.w
        held = {name for name in self.town.households if actor.role_on(name) or (is_of_w and name != AWAY)}
        homes = (home for name, home in self.town.households.items() if name not in held)
        return frozenset().union(*({home.mark, *home.things.values()} for home in homes))

    def _answer(self, response: Any, case: Case, *, before: State, after: State) -> Answer:
        body = b"".join(response.streaming_content) if response.streaming else response.content
        ids = {thing.id: f"({thing.kind} asked for)" for thing in case.things.values()}
        return Answer(
            status=response.status_code,
            location=self._masked(response.headers.get("Location", ""), ids),
            headers=self._masked(_readable(response.headers) + flags_of(response.cookies), ids),
            body=self._masked(unpacked(body), ids),
            messages=self._masked(_messages_in(response), ids),
            letters="\n".join(f"{row.to} {row.subject} {row.text}" for row in OutgoingLetter.objects.all()),
            changed=frozenset(table for table in after if after[table][0] != before[table][0]),
            touched=frozenset(table for table in after if after[table][1] != before[table][1]),
        )

    def _masked(self, text: str, ids: Mapping[str, str]) -> str:
        for one, words in ids.items():
            text = text.replace(one, words)
        text = ID.sub(lambda found: found[0] if found[0] in self._known else "(fresh id)", text)
        return RANDOM.sub(lambda found: found[0] if found[0] in self._known else "(random)", text)


def _request_of(row: Row, case: Case, town: Town, *, prefix: str) -> dict[str, Any]:
    """Fill the row's names in: with the things of the case, else with words."""
    values = {name: thing.id for name, thing in case.things.items()}
    values |= {name: WORDS[name](town) for name in row.names() if name not in values}
    query = urlencode(_filled(row.query, values))
    body = _fill(row.content, values) if row.content else urlencode(_filled(row.body, values))
    return {
        "path": prefix + reverse(row.route, kwargs=_filled(row.path, values)) + (f"?{query}" if query else ""),
        "data": body,
        "content_type": row.type or "application/x-www-form-urlencoded",
        "headers": _filled(row.headers, values),
    }


def _filled(texts: Mapping[str, str | int], values: Mapping[str, str]) -> dict[str, str]:
    return {_fill(name, values): _fill(str(text), values) for name, text in texts.items()}


def _fill(text: str, values: Mapping[str, str]) -> str:
    return Template(text).substitute(values)


@contextmanager
def taken_back() -> Iterator[None]:
    """Take everything back at the end; within, a use case may believe that its transaction is the outermost."""
    atom = transaction.atomic()
    atom._from_testcase = True  # type: ignore[attr-defined]  # as Django's own tests say it
    with atom:
        try:
            yield
        finally:
            transaction.set_rollback(True)


def state(others: str) -> State:
    """Return a hash of every business table, and one of its rows that name what is others'."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [others or "(nobody)"] * len(business_tables()))
        return {table: (whole, part) for table, whole, part in cursor.fetchall()}


def writes() -> int:
    """Return how many rows of business tables the transaction has written so far; a savepoint's stay counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT sum(pg_stat_get_xact_tuples_inserted(t) + pg_stat_get_xact_tuples_updated(t)
                       + pg_stat_get_xact_tuples_deleted(t))
            FROM unnest(%s::regclass[]) t
            """,
            [list(business_tables())],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


@cache
def business_tables() -> tuple[str, ...]:
    ours = (model._meta.db_table for model in apps.get_models() if model.__module__.startswith("kabinet."))
    return tuple(sorted(set(ours) - BOOKKEEPING))


@cache
def _statement() -> str:
    lines = "string_agg(md5(t::text), '' ORDER BY md5(t::text))"
    return " UNION ALL ".join(
        f"SELECT '{table}', md5({lines}), md5({lines} FILTER (WHERE t::text ~ %s)) FROM {table} t"
        for table in business_tables()
    )


def _readable(headers: Mapping[str, str]) -> str:
    """Return the headers but for what is looked at apart, or is counted."""
    apart = {"content-length", "location", "date"}
    return "\n".join(f"{name}: {value}" for name, value in sorted(headers.items()) if name.lower() not in apart)


def flags_of(cookies: SimpleCookie) -> str:
    """Return what is said of each cookie beside its value; one without a value is taken away."""
    flags = ("path", "httponly", "samesite", "secure")
    given = ((name, cookie) for name, cookie in sorted(cookies.items()) if cookie.value)
    return "".join(f"\ncookie {name}: {[cookie[flag] for flag in flags]}" for name, cookie in given)


def unpacked(body: bytes) -> str:
    """Return the words of a page, of a workbook's sheets, of a printed page."""
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(BytesIO(body)) as packed:
            return "\n".join(packed.read(name).decode("utf-8", errors="replace") for name in sorted(packed.namelist()))
    words = body.decode("utf-8", errors="replace")
    return words + _printed(body) if body.startswith(b"%PDF-") else words


def _printed(body: bytes) -> str:
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError:  # a stand-in of a file, of a few words
        return ""
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def _messages_in(response: Any) -> str:
    """Return the words that wait in the cookie for the next page."""
    cookie = response.cookies.get("messages")
    if cookie is None or not cookie.value:
        return ""
    return " ".join(str(message) for message in CookieStorage(HttpRequest())._decode(cookie.value) or ())  # type: ignore[attr-defined]
