"""Requests that almost fit: a good one of `authz.yml` with a few of its words replaced."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from django.http.cookie import SimpleCookie
from django.test import Client

from tests.authz.actors import Actor
from tests.authz.ask import Asker, _request_of, taken_back
from tests.authz.cases import cases_of
from tests.authz.expected import Outcome, expected
from tests.authz.rows import ROOT, Row
from tests.hostile.words import sendable, word

_READ_BY_CODE: Final = re.compile(r"""\.(?:get|getlist)\(\s*f?["']([A-Za-z_-]{1,30})["']""")
_FIELD: Final = re.compile(r'<(?:input|select|textarea|button)[^>]*?\bname="([^"]+)"(?:[^>]*?\bvalue="([^"]*)")?')
_HEADERS: Final = (
    "HX-Request", "HX-Target", "HX-Current-URL", "HX-Prompt", "HX-Trigger", "Referer", "Cookie", "X-Forwarded-For",
    "Accept",
    "Accept-Language", "User-Agent", "Idempotency-Key", "If-None-Match", "If-Modified-Since", "Range",
    "Content-Encoding",
    "Origin", "X-Requested-With", "Content-Language", "Authorization", "Host",
)  # fmt: skip
_COOKIES: Final = ("kabinet", "kabinet-csrf", "language", "look", "messages", "kabinet-office", "kept", "person")
_TYPES: Final = (
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data",
    "multipart/form-data; boundary=",
    "application/json", "text/plain", "", "application/x-www-form-urlencoded; charset=utf-16",
    "multipart/form-data; boundary=\xe9",
    "application/x-www-form-urlencoded; charset=no-such", "application/x-ndjson", "text/csv; charset=cp866",
    "a/b; =;;\x00",
)  # fmt: skip


@cache
def names_read() -> tuple[str, ...]:
    """Return every name that the code asks a request for."""
    found = {
        name
        for path in sorted((ROOT / "kabinet").rglob("*.py"))
        if path.parent.name != "migrations"
        for name in _READ_BY_CODE.findall(path.read_text(encoding="utf-8"))
    }
    return tuple(sorted(found))


@dataclass
class Asked:
    """A request: what it says, and by whom."""

    method: str
    path: str
    query: list[tuple[str, str]] = field(default_factory=list)
    body: list[tuple[str, str]] = field(default_factory=list)
    content: str | None = None
    content_type: str = "application/x-www-form-urlencoded"
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def by(self, client: Client) -> Any:
        """Ask, and take everything back."""
        client.cookies = SimpleCookie()
        worn = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        query = urlencode([(sendable(name), sendable(value)) for name, value in self.query])
        with taken_back():
            response = client.generic(
                self.method,
                self.path + (f"?{query}" if query else ""),
                data=self._data(),
                content_type=self.content_type,
                headers={"Cookie": worn, **self.headers},
            )
            if response.streaming:
                response.getvalue()
        return response

    def _data(self) -> bytes:
        if self.content is not None:
            return self.content.encode("utf-8", "surrogatepass")
        pairs = [(sendable(name), sendable(value)) for name, value in self.body]
        if self.content_type.startswith("multipart"):
            return b"".join(_part(name, value) for name, value in pairs) + b"--x--\r\n"
        return urlencode(pairs).encode()

    def __str__(self) -> str:
        return f"{self.method} {self.path}: {'; '.join(self.told)}"[:600]


def _part(name: str, value: str) -> bytes:
    head = f'--x\r\nContent-Disposition: form-data; name="{name}"'
    if value.startswith("="):
        head += '; filename="показания.xlsx"\r\nContent-Type: application/zip'
    return f"{head}\r\n\r\n{value}\r\n".encode()


def who_may(row: Row, asker: Asker, cast: Sequence[Actor]) -> list[Actor]:
    """Return those to whom the door is open; everybody where it is shut to all."""
    firsts = ((actor, cases_of(row, actor, asker.town)[0]) for actor in cast)
    return [actor for actor, first in firsts if expected(row, actor, first) is Outcome.ALLOWED] or list(cast)


def good(row: Row, method: str, actor: Actor, asker: Asker) -> Asked:
    """Return the request as the actor would make it well."""
    case = cases_of(row, actor, asker.town)[0]
    request = _request_of(row, case, asker.town, prefix="/w")
    path, _, query = request["path"].partition("?")
    is_form = request["content_type"] == "application/x-www-form-urlencoded"
    return Asked(
        method=method,
        path=path,
        query=_pairs(query),
        body=_pairs(request["data"]) if is_form else [],
        content=None if is_form else request["data"],
        content_type=request["content_type"],
        headers=dict(request["headers"]) | dict(actor.headers),
        cookies=dict(actor.cookies),
    )


def _pairs(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True)


def fields_in(page: str) -> list[tuple[str, str]]:
    """Return the fields of a page with the values that it gives them."""
    return [(unescape(name), unescape(value)) for name, value in _FIELD.findall(page) if name != "csrfmiddlewaretoken"]


def spoiled(asked: Asked, chance: random.Random, *, fields: Sequence[tuple[str, str]] = ()) -> Asked:
    """Return the request with a few of its words replaced by what nobody types."""
    if asked.method == "POST" and asked.content is None and chance.random() < SHARE_OF_PAGES:
        known = {name for name, _ in asked.body}
        asked.body += [(name, value) for name, value in fields if name not in known]
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        chance.choices(tuple(SPOILERS), tuple(SPOILERS.values()))[0](asked, chance)
    return asked


def _in_query(asked: Asked, chance: random.Random) -> None:
    asked.query = _with_one(asked.query, asked, chance)


def _in_body(asked: Asked, chance: random.Random) -> None:
    if asked.content is not None:
        cut = chance.randrange(len(asked.content) + 1)
        asked.content = (
            asked.content[:cut]
            + _note(asked, "content", word(chance))
            + asked.content[cut + chance.choice((0, 1, 5)) :]
        )
    elif asked.method == "GET":
        _in_query(asked, chance)
    else:
        asked.body = _with_one(asked.body, asked, chance)


def _with_one(pairs: list[tuple[str, str]], asked: Asked, chance: random.Random) -> list[tuple[str, str]]:
    """Spoil the value of a field, its name, or add one; at times a thousand of them."""
    value = word(chance)
    if not pairs or chance.random() < SHARE_OF_NEW_NAMES:
        name = chance.choice(names_read())
        if name.endswith("-"):
            name += chance.choice([*re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", f"{asked.path} {pairs}"), word(chance)])
        return [*pairs, (name, _note(asked, name, value))] * chance.choice((1, 1, 1, 1, 1, 1, 2, 3))
    place = chance.randrange(len(pairs))
    name, before = pairs[place]
    if chance.random() < SHARE_OF_SPOILED_NAMES:
        name = name[: chance.randrange(len(name) + 1)] + value
    else:
        cut = chance.choice((0, 0, 0, len(before), len(before) // 2))
        value = before[:cut] + value
    return [*pairs[:place], (name, _note(asked, name, value)), *pairs[place + 1 :]]


def _in_path(asked: Asked, chance: random.Random) -> None:
    parts = asked.path.split("/")
    place = chance.randrange(2, len(parts)) if len(parts) > 2 else 0
    parts[place] = quote(_note(asked, "path", sendable(word(chance))), safe=chance.choice(("", "/%;?")))
    asked.path = "/".join(parts)


def _in_header(asked: Asked, chance: random.Random) -> None:
    name = chance.choice(_HEADERS)
    asked.headers[name] = _note(asked, name, _as_header(word(chance)))


def _as_header(text: str) -> str:
    """Return the text as a web server hands headers over: bytes as signs of latin-1, and no control signs."""
    shown = "".join(sign for sign in sendable(text)[:LONGEST_HEADER] if sign >= " " and sign != "\x7f")
    return shown.encode().decode("latin-1")


def _in_cookie(asked: Asked, chance: random.Random) -> None:
    name = chance.choice(_COOKIES)
    asked.cookies[name] = _note(asked, f"cookie {name}", _as_header(word(chance)))


def _in_type(asked: Asked, chance: random.Random) -> None:
    asked.content_type = _note(asked, "type", chance.choice(_TYPES))


def _note(asked: Asked, where: str, what: str) -> str:
    asked.told.append(f"{where[:60]}={what[:60]!r}")
    return what


LONGEST_HEADER: Final = 3_000
SHARE_OF_PAGES: Final = 0.7
SHARE_OF_NEW_NAMES: Final = 0.35
SHARE_OF_SPOILED_NAMES: Final = 0.1
SPOILERS: Final = {_in_body: 10, _in_query: 5, _in_path: 2, _in_header: 2, _in_cookie: 2, _in_type: 1}
