"""The page for whoever came when there was too much to do: «later», with what was typed (TRUST 9).

It is made when everything else is too slow, so it asks nobody and is rendered once for all whom it is the same for;
what is a person's own is put into it.
"""

import functools
import itertools
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString

from kabinet.web import errors, languages, security
from kabinet.web.brand import Brand
from kabinet.web.look import COOKIE, Look

SOONEST_SECONDS: Final = 5
SPREAD_SECONDS: Final = 11
_FIELDS, _HERE = "\x01fields\x01", "\x01here\x01"
_SIGNS: Final = re.compile(f"({_FIELDS}|{_HERE})")
# All who are told the same number of seconds would come back together.
_turn: Final = itertools.count()


@dataclass(frozen=True, slots=True)
class Kind:
    """All that the page differs by, a person's own words aside; the prefix is that of the home page's address."""

    language: str
    look: Look
    brand: Brand
    prefix: str
    was_sending: bool
    has_typed: bool


def later(request: HttpRequest, *, brand: Brand) -> HttpResponse:
    """Ask to come again in a few seconds, and give back what was typed."""
    typed = errors.typed_of(request)
    kind = Kind(
        language=getattr(request, "LANGUAGE_CODE", None) or languages.from_cookie(request),
        look=Look.parse(request.COOKIES.get(COOKIE, "")),
        brand=brand,
        prefix=get_script_prefix(),
        was_sending=errors.was_sending(request),
        has_typed=bool(typed),
    )
    own = {_FIELDS: "".join(_field(name, value) for name, value in typed), _HERE: escape(request.get_full_path())}
    response = HttpResponse(
        "".join(own.get(part, part) for part in _parts(kind)),
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        headers={"Cache-Control": security.SIGNED_IN_CACHING},
    )
    response["Retry-After"] = str(seconds())
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - the door tells; a line each is work
    return response


def seconds() -> int:
    """Say after how many seconds to come again, each time somewhat differently."""
    return SOONEST_SECONDS + next(_turn) % SPREAD_SECONDS


@functools.lru_cache(maxsize=256)
def _parts(kind: Kind) -> list[str]:
    """Return the page cut where a person's own words stand."""
    facts = {
        "brand": kind.brand,
        "look": kind.look,
        "language": kind.language,
        "was_sending": kind.was_sending,
        "typed": kind.has_typed,
        "fields": SafeString(_FIELDS),
        "here": SafeString(_HERE),
        "is_busy": True,
    }
    with translation.override(kind.language):
        return _SIGNS.split(render_to_string("errors/busy.html", facts))


def _field(name: str, value: str) -> str:
    return f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
