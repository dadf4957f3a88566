"""Whoever comes to a form that asks for an account, without being known: what is typed, what is answered, what leaks.

A visitor opens the form, does the work that it asks for and sends it; where the answer lets him on, he goes on to the
end. What is clocked is the answer to the account that was typed.
"""

import hashlib
import http.client
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from bench.enumeration import FRESH
from bench.serving.crowd import HOST
from bench.serving.town import MARKERS, ZONE, Household
from bench.serving.visitors import FORM, SECRET, secret_cookie
from kabinet.kernel.work import find_proof
from launcher import ports

PUBLIC: Final = "/readings/without-sign-in/"
SIGN_UP: Final = "/sign-up/account/"
SENT: Final = "sent/"
ADDED: Final = 10
SECONDS: Final = 30.0
_WORK: Final = re.compile(r'data-proof="([^"]+)" data-bits="(\d+)"')
_NEXT: Final = re.compile(r"Следующая возможна после (\d\d:\d\d:\d\d)")
_OF_AN_ANSWER: Final = frozenset({"date", "content-length", "set-cookie", "retry-after"})
_CLOCKS_APART: Final = 3

# A row that a visit may leave: its register and value, or the mailbox that is written to.
Row = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visitor of a kind types at a door of the household that he means, and the address that he comes from."""

    kind: str
    door: str
    typed: Mapping[str, str]
    place: str
    home: Household
    is_right: bool = False

    @property
    def trace(self) -> str:
        """Return what the row that it may leave is known by."""
        return self.typed.get("email") or self.home.register


@dataclass(slots=True)
class Came:
    """What came of a visit; `page` is a digest of the answer without what was typed and what is fresh each time."""

    visit: Visit
    status: int = 0
    seconds: float = 0.0
    page: str = ""
    leaks: set[str] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)
    acknowledged: Row | None = None
    requests: int = 0

    @property
    def is_put_off(self) -> bool:
        return self.status == HTTPStatus.SERVICE_UNAVAILABLE

    @property
    def is_refused(self) -> bool:
        return self.status == HTTPStatus.TOO_MANY_REQUESTS

    @property
    def is_served(self) -> bool:
        """Say whether the try was looked at, and, if all of it was right, led to the end."""
        if self.visit.is_right:
            return self.acknowledged is not None
        return self.status == HTTPStatus.OK


class Left(Exception):
    """Raised where a visit ends before its end."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    head: Mapping[str, str]
    text: str

    @property
    def whole(self) -> str:
        return "\n".join([*(f"{name}: {value}" for name, value in self.head.items()), self.text])


def visited(visit: Visit, port: int) -> Came:
    """Make a visit, and say what came of it."""
    came = Came(visit)
    line = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=SECONDS)
    try:
        _Visitor(came, line).go()
    except Left:
        pass
    except (OSError, http.client.HTTPException) as error:
        came.troubles.append(type(error).__name__)
    finally:
        line.close()
    return came


class _Visitor:
    """A browser without scripts but with their work done, behind a proxy that says where it stands."""

    def __init__(self, came: Came, line: http.client.HTTPConnection) -> None:
        self.came = came
        self.visit = came.visit
        self.line = line
        # Whatever the visitor himself says of earlier hops stands to the left of the proxy's word.
        forged = f"198.51.100.{secrets.randbelow(250)}"
        self.heads = {
            "Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": f"{forged}, {self.visit.place}",
            "Cookie": secret_cookie(),
        }  # fmt: skip
        self.may_see: frozenset[str] = frozenset()

    def go(self) -> None:
        form = self.asks("GET", self.visit.door, awaits=HTTPStatus.OK)
        fields = {**self.visit.typed, **_worked(form.text)}
        begun = time.perf_counter()
        answer = self.asks("POST", self.visit.door, fields)
        self.came.seconds = time.perf_counter() - begun
        self.came.page = _digest(answer, typed=self.visit.typed)
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            self._hear_when(answer)
        elif answer.status == HTTPStatus.FOUND:
            self._goes_on(answer.head.get("location", ""))

    def _goes_on(self, place: str) -> None:
        if not self.visit.is_right:
            self.came.troubles.append("was let on with wrong data")
        elif self.visit.door == SIGN_UP:
            self.asks("GET", place, awaits=HTTPStatus.OK)
            self.came.acknowledged = (self.visit.typed["email"], 0)
        else:
            self._sends(place, self.visit.home)

    def _sends(self, place: str, home: Household) -> None:
        """Look at the meters, at the check screen, and send; what is his own has to be there, or nothing is proved."""
        self.may_see = home.shown_to_everybody
        value = home.showed + ADDED
        typed = {"key": secrets.token_hex(16), f"value-{home.register}": str(value)}
        pages = [self.asks("GET", place, awaits=HTTPStatus.OK)]
        pages.append(self.asks("POST", place, typed | {"check": "1"}, awaits=HTTPStatus.OK))
        for own in (home.account, home.meter, str(home.showed)):
            if not any(own in page.text for page in pages):
                self.came.troubles.append("does not see his own meter")
        self.asks("POST", place, typed | {"send": "1"}, awaits=HTTPStatus.FOUND)
        self.came.acknowledged = (home.register, value)

    def asks(self, method: str, path: str, fields: Mapping[str, str] | None = None, *, awaits: int = 0) -> Answer:
        """Ask, look at all of the answer, and go away where it is not what was awaited."""
        heads, body = dict(self.heads), None
        if fields is not None:
            body = urlencode({"csrfmiddlewaretoken": SECRET, **fields}).encode()
            heads |= {"Origin": f"https://{HOST}", "Content-Type": FORM}
        self.line.request(method, path, body=body, headers=heads)
        got = self.line.getresponse()
        answer = Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read().decode())
        self.came.requests += 1
        self.came.status = answer.status
        typed = {*self.visit.typed.values(), *(fields or {}).values()}
        self.came.leaks |= set(MARKERS.findall(answer.whole)) - typed - self.may_see
        if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
            raise Left
        if awaits and answer.status != awaits:
            self.came.troubles.append(f"{method} {path.count('/')} steps deep was answered by {answer.status}")
            raise Left
        return answer

    def _hear_when(self, answer: Answer) -> None:
        """Compare the time that the page names with the seconds of the head."""
        told, after = _NEXT.search(answer.text), answer.head.get("retry-after", "")
        if told is None or not after.isdecimal():
            self.came.troubles.append("was refused without a time")
            return
        moment = datetime.now(ZoneInfo(ZONE)) + timedelta(seconds=int(after))
        hours, minutes, seconds = map(int, told[1].split(":"))
        named = moment.replace(hour=hours, minute=minutes, second=seconds)
        apart = abs((named - moment).total_seconds())
        if min(apart, 86_400 - apart) > _CLOCKS_APART:
            self.came.troubles.append(f"was told {told[1]} and {after} s")


def _worked(page: str) -> dict[str, str]:
    """Do the work that a page asks for, as its script does."""
    asked = _WORK.search(page)
    return {"challenge": asked[1], "proof": find_proof(asked[1], bits=int(asked[2]))} if asked else {}


def _digest(answer: Answer, *, typed: Mapping[str, str]) -> str:
    """Return what tells two answers apart: status, heads and page, without what is typed, fresh, or the time."""
    heads = sorted(f"{name}: {value}" for name, value in answer.head.items() if name not in _OF_AN_ANSWER)
    text = _NEXT.sub("", FRESH.sub("", _without("\n".join([*heads, answer.text]), typed.values())))
    return hashlib.sha256(f"{answer.status} {text}".encode()).hexdigest()


def _without(text: str, typed: Iterable[str]) -> str:
    for value in sorted(typed, key=len, reverse=True):
        text = text.replace(value, "…")
    return text
