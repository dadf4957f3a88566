"""Compares what came back with what the row says; each fault names the route, the actor and what was named."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.urls import reverse

from tests.authz.actors import Actor
from tests.authz.ask import Answer, Asker
from tests.authz.cases import Case, cases_of
from tests.authz.expected import Outcome, expected
from tests.authz.rows import METHODS, WAITING, Row
from tests.authz.town import FOREIGN, OWN, Town

NOTHING: Final = Case("nothing named", {})
AT_THE_DESK: Final = "administrator of the office"
# What is looked at before anybody is known is tried for these few.
FORGED_FOR: Final = frozenset({"newcomer", "administrator", "waiting for agreements", AT_THE_DESK})
LOST: Final = frozenset({"anonymous", "administrator"})
# What a GET may write besides sessions, counters and the journal (I33): the feed notes how far a partner has read.
LOG_OF_READING: Final[Mapping[str, frozenset[str]]] = {"exchange:feed": frozenset({"exchange_partner"})}
# The probes answer before everything else, so that nothing that is out of order stops them.
WITHOUT_HEADERS: Final = frozenset({"infra:livez", "infra:readyz"})
FOR_EVERYBODY: Final = frozenset({"web:brand"})
HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "content-security-policy": ("default-src 'self'", "object-src 'none'", "base-uri 'self'", "frame-ancestors 'none'"),
    "x-content-type-options": ("nosniff",),
    "x-frame-options": ("DENY",),
    "referrer-policy": ("same-origin",),
    "cross-origin-opener-policy": ("same-origin",),
    "permissions-policy": ("camera=()",),
}
BY_OTHER_METHODS: Final = LOST | {"partner of W", AT_THE_DESK}


@dataclass(frozen=True)
class Cell:
    """One asking: who came to which door by which method, naming what."""

    row: Row
    method: str
    actor: Actor
    case: Case

    def __str__(self) -> str:
        return f"{self.row.route} {self.method}{self.row.act and ' ' + self.row.act}, {self.actor}, {self.case.name}"


def faults_of(row: Row, asker: Asker, cast: tuple[Actor, ...]) -> list[str]:
    """Ask everything that the row can be asked, and return what was wrong."""
    faults = [f"{cell}: {fault}" for cell, fault in _all_faults(row, asker, cast)]
    return faults + [f"{row}: {fault}" for fault in _idle(row, asker, cast)]


def _all_faults(row: Row, asker: Asker, cast: tuple[Actor, ...]) -> Iterator[tuple[Cell, str]]:
    for method in row.methods:
        for actor in cast:
            cells = [Cell(row, method, actor, case) for case in _cases(row, actor, asker.town)]
            answers = {cell.case.name: asker.ask(row, actor, cell.case, method=method) for cell in cells}
            for cell in cells:
                yield from ((cell, fault) for fault in _faults(cell, answers, asker.town))
            yield from _forged(row, method, actor, cells[0].case, asker)
            yield from _without_provider(row, method, actor, cells[0].case, asker)


def _cases(row: Row, actor: Actor, town: Town) -> list[Case]:
    """Return all that the actor names. Of those who are nobody at this door one names everything, the others enough."""
    cases = cases_of(row, actor, town)
    if is_somebody(row, actor) or actor.name == "anonymous":
        return cases
    few = {cases[0].name, cases[-1].name, *(case.name for case in cases if case.name.startswith(FOREIGN))}
    return [case for case in cases if case.name in few or case.name in {case.like for case in cases}]


def is_somebody(row: Row, actor: Actor) -> bool:
    """Say whether this door knows the actor at all."""
    if row.is_for_partners:
        return actor.office is not None
    return actor.is_of_office if row.is_of_office else actor.is_signed_in or actor.word == WAITING


def _faults(cell: Cell, answers: Mapping[str, Answer], town: Town) -> Iterator[str]:
    answer = answers[cell.case.name]
    outcome = expected(cell.row, cell.actor, cell.case)
    if not IS[outcome](answer) and not (outcome is Outcome.ALLOWED and answer.status in cell.row.also):
        yield f"expected «{outcome}», got {answer.status} {answer.location} {answer.messages}"
    if outcome is not Outcome.ALLOWED and answer.changed:
        yield f"was refused, and changed {', '.join(sorted(answer.changed))}"
    if cell.method == "GET" and (written := answer.changed - LOG_OF_READING.get(cell.row.route, frozenset())):
        yield f"a GET changed {', '.join(sorted(written))} (I33)"
    if answer.touched:
        yield f"touched what is others' in {', '.join(sorted(answer.touched))}"
    if cell.case.is_to_be_like and (difference := answer.differs_from(answers[cell.case.like])):
        yield f"is not answered as «{cell.case.like}»: {difference}"
    yield from leaks(answer, cell.actor, town)
    yield from careless(answer, cell)


def careless(answer: Answer, cell: Cell) -> Iterator[str]:
    """Yield what an answer lacks of the headers that keep a page to itself."""
    if cell.row.route in WITHOUT_HEADERS:
        return
    lines = answer.headers.splitlines()
    found = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    for name, words in HEADERS.items():
        if not all(word in found.get(name, "") for word in words):
            yield f"has {name}: «{found.get(name, '')}»"
    if "unsafe" in found["content-security-policy"]:
        yield "has an unsafe content-security-policy"
    is_for_one = is_somebody(cell.row, cell.actor) and cell.row.route not in FOR_EVERYBODY
    if is_for_one and "no-store" not in found.get("cache-control", ""):
        yield f"may be stored: «{found.get('cache-control', '')}»"
    yield from (f"sets a cookie that scripts may read: {line}" for line in lines if _is_open_cookie(line))


def _is_open_cookie(line: str) -> bool:
    return line.startswith("cookie ") and not re.search(r"True, '(Lax|Strict)'", line)


def leaks(answer: Answer, actor: Actor, town: Town) -> Iterator[str]:
    """Yield the marks of what is others' in anything that was received."""
    for mark in sorted(actor.may_not_read(town)):
        if mark in answer.words:
            place = answer.words.index(mark)
            yield f"received «{mark}»: …{answer.words[max(0, place - 60) : place + 60]!r}"


def _forged(row: Row, method: str, actor: Actor, case: Case, asker: Asker) -> Iterator[tuple[Cell, str]]:
    """A form that another site made the browser send is refused whoever is signed in."""
    if method == "GET" or row.is_for_partners or not row.allow or actor.name not in FORGED_FOR:
        return
    answer = asker.ask(row, actor, case, method=method, forged=True)
    if answer.status != 403 or answer.changed:
        cell = Cell(row, method, actor, case)
        yield cell, f"a forged form was answered by {answer.status} and changed {sorted(answer.changed)}"


def _without_provider(row: Row, method: str, actor: Actor, case: Case, asker: Asker) -> Iterator[tuple[Cell, str]]:
    """Pages of a cabinet are nowhere but at their provider."""
    if row.without_provider or actor.name not in LOST:
        return
    answer = asker.ask(row, actor, case, method=method, prefix="")
    if answer.status != 404 or answer.changed:
        yield Cell(row, method, actor, case), f"without a provider was answered by {answer.status}"


def _idle(row: Row, asker: Asker, cast: tuple[Actor, ...]) -> Iterator[str]:
    """A row whose request does nothing even to those who may proves nothing of the others."""
    if not row.is_unsafe or not row.changes or not row.allow:
        return
    for actor in cast:
        for case in cases_of(row, actor, asker.town):
            may = expected(row, actor, case) is Outcome.ALLOWED
            if may and asker.ask(row, actor, case, method=next(m for m in row.methods if m != "GET")).changed:
                return
    yield "changes nothing for anybody who may: mend its body, or say «changes: false»"


def faults_of_other_methods(route: str, rows: list[Row], asker: Asker, cast: tuple[Actor, ...]) -> list[str]:
    """Ask by the methods that no row of the route names; none may do or show anything."""
    named = {method for row in rows for method in row.methods}
    row = rows[0]
    faults = []
    for method in METHODS:
        for actor in cast:
            if method in named or actor.name not in BY_OTHER_METHODS:
                continue
            case = next((case for case in cases_of(row, actor, asker.town) if case.name.startswith(OWN)), NOTHING)
            answer = asker.ask(row, actor, case, method=method)
            if not (_is_refusal(answer) or 300 <= answer.status < 400) or answer.changed:
                faults.append(f"{route} {method}, {actor}: no row names this method, and it answers {answer.status}")
    return faults


def _is_refusal(answer: Answer) -> bool:
    return answer.status in {401, 403, 404, 405}


def _is_inner(answer: Answer) -> bool:
    is_within = 300 <= answer.status < 400 and answer.location.startswith("/")
    return is_within and not _leads_to_sign_in(answer)


def _leads_to_sign_in(answer: Answer) -> bool:
    return _leads_to(answer, "/w" + reverse("accounts:sign_in"))


def _leads_to(answer: Answer, *paths: str) -> bool:
    return 300 <= answer.status < 400 and urlsplit(answer.location).path in paths


IS: Final[Mapping[Outcome, Callable[[Answer], bool]]] = {
    Outcome.ALLOWED: lambda answer: 200 <= answer.status < 300 or _is_inner(answer),
    Outcome.LED_ON: _is_inner,
    Outcome.SIGN_IN: _leads_to_sign_in,
    Outcome.OFFICE_SIGN_IN: lambda answer: _leads_to(answer, "/w" + reverse("staff:sign_in")),
    Outcome.FACTOR: lambda answer: _leads_to(answer, "/w" + reverse("staff:factor")),
    Outcome.OFFICE_PASSWORD: lambda answer: _leads_to(answer, "/w" + reverse("staff:password")),
    Outcome.PASSWORD: lambda answer: _leads_to(answer, "/w" + reverse("accounts:password")),
    Outcome.UNAUTHORIZED: lambda answer: answer.status == 401,
    Outcome.FORBIDDEN: lambda answer: answer.status == 403,
    Outcome.NOT_FOUND: lambda answer: answer.status == 404,
    Outcome.DENIED: lambda answer: answer.status in {403, 404},
    Outcome.REFUSED: lambda answer: 200 <= answer.status < 500 and not _leads_to_sign_in(answer),
}
