"""How heavy an address is, and how soon it is put off when there is too much to do (TRUST 9).

A view says so itself, by `weighs` for every visit or `weighs_sent` for what is sent to it; all others are pages. The
door asks before anything else is known of a request, so it reads a table made of the addresses.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver

View = TypeVar("View", bound=Callable[..., Any])
Answer = Callable[[HttpRequest], HttpResponse]

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_NAMED_GROUP: Final = re.compile(r"\(\?P<\w+>")
_END: Final = ("\\Z", "$")


class Load(StrEnum):
    """What kind of work a request is."""

    SENDING = "sending"  # a reading on its way in: put off last
    PAGE = "page"
    SIGN_IN = "sign_in"  # passwords are checked
    EXCHANGE = "exchange"  # a billing system asks what is new
    FILE = "file"  # files, exports, printed papers
    BATCH = "batch"  # a billing system's rows by the thousand


def weighs(load: Load, *, busy: Answer | None = None) -> Callable[[View], View]:
    """Say what every visit of a view is; `busy` answers who is put off, where a page would not be understood."""

    def decorate(view: View) -> View:
        view.load, view.busy = load, busy  # type: ignore[attr-defined]
        return view

    return decorate


def weighs_sent(load: Load) -> Callable[[View], View]:
    """Say what is sent to a view; looking at it is a page."""

    def decorate(view: View) -> View:
        view.load_sent = load  # type: ignore[attr-defined]
        return view

    return decorate


@dataclass(frozen=True, slots=True)
class Weight:
    """What the door knows of an address."""

    looked: Load = Load.PAGE
    sent: Load = Load.PAGE
    busy: Answer | None = None

    def of(self, method: str | None) -> Load:
        return self.looked if method in SAFE else self.sent


ORDINARY: Final = Weight()


class Weights:
    """The addresses that are more, or less, than pages."""

    def __init__(self, patterns: Iterable[URLPattern | URLResolver]) -> None:
        found = [(regex, weight) for regex, weight in _weights_of(patterns) if weight != ORDINARY]
        self._weights = [weight for _, weight in found]
        # A shared host names the provider before the address. The number of a group is that of its weight.
        self._all = re.compile("/(?:[^/]+/)??(?:" + "|".join(f"({regex})" for regex, _ in found) + r")\Z")

    def of(self, path: str) -> Weight:
        """Return what is known of a path, without resolving it."""
        met = self._all.match(path)
        return self._weights[met.lastindex - 1] if met and met.lastindex else ORDINARY


def _weights_of(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, Weight]]:
    for pattern in patterns:
        regex = before + _bare(pattern.pattern.regex.pattern)
        if isinstance(pattern, URLResolver):
            yield from _weights_of(pattern.url_patterns, regex)
        else:
            yield regex, _weight_of(pattern.callback)


def _bare(regex: str) -> str:
    """Return a pattern without anchors and groups, as a part of a larger one."""
    regex = _NAMED_GROUP.sub("(?:", regex.removeprefix("^"))
    for end in _END:
        regex = regex.removesuffix(end)
    return regex


def _weight_of(view: Callable[..., Any]) -> Weight:
    looked = getattr(view, "load", Load.PAGE)
    return Weight(looked=looked, sent=getattr(view, "load_sent", looked), busy=getattr(view, "busy", None))
