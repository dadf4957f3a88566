"""`./run bench enumeration`: account numbers tried one after another, at every door that takes one (TRUST 6).

Two questions. Does an answer's time tell an account that is there from one that is not? The cases are asked turn by
turn, so that the weather is the same for all. What is compared is the median of each with that of the unknown account,
beside the spread of the very same case, by processors: they move less than the wall where others work too. Do the
limits hold? A stranger tries numbers until he is refused.
"""

import json
import logging
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from unittest import mock

from django.conf import settings
from django.db import connection
from django.test import Client

from bench.frame import Clocked, Spent, machine
from kabinet.accounts import services as accounts
from kabinet.accounts.models import Enrollment, LoginName, Session, User
from kabinet.accounts.selectors import current_agreements, key_of
from kabinet.accounts.services import tries
from kabinet.accounts.values import AgreementKind, LoginKind
from kabinet.contracts.models import Contract, Membership, Meter, SupplyPoint
from kabinet.infra import clock, proofs
from kabinet.infra.limits import Limit
from kabinet.infra.models import LimitCounter
from kabinet.kernel.actors import Actor, ActorKind
from kabinet.kernel.work import find_proof
from kabinet.providers import middleware
from kabinet.providers.models import PolicyVersion, Provider
from kabinet.readings.services.public import PURPOSE

Say = Callable[[str], object]
ROUNDS: Final = 100
# The first answers warm everything up.
WARM: Final = 5
SINCE: Final = date(2020, 1, 1)
POLICY: Final = Path(__file__).parent.parent / "demo" / "policies" / "p.json"
# So many tries are borne that timing is not cut short; the limits are asked for apart, with the policy's own figures.
BORNE: Final = {
    "wrong_links_per_user_a_day": 10**6, "wrong_links_per_address_an_hour": 10**6, "letters_per_address_an_hour": 10**6,
    "wrong_links_per_account_a_day": 10**6, "wrong_sign_ins_per_login_an_hour": 10**6,
    "wrong_sign_ins_per_address_an_hour": 10**6,
}  # fmt: skip
BORNE_LETTERS: Final = Limit("bench_letters", 10**6, tries.HOUR)
PASSWORD: Final = "три слова и число 7"  # noqa: S105 - of nobody
EMAIL: Final = "holder@example.com"
HOLDER: Final = {"last_name": "Иванова", "first_name": "Наталья", "middle_name": "Николаевна"}
# What a page carries that is new each time.
FRESH: Final = re.compile(r'(name="csrfmiddlewaretoken" value|data-proof|name="challenge" value)="[^"]*"')


@dataclass(frozen=True, slots=True)
class Door:
    """A form that takes a number: its address, what everybody types, and what each case types otherwise."""

    name: str
    path: str
    fields: Mapping[str, str]
    cases: Mapping[str, Mapping[str, str]]
    is_signed_in: bool = False
    needs_work: bool = False
    # Cases whose answer says by design that the data were right.
    told: frozenset[str] = frozenset()


def run(count: int, *, say: Say) -> None:
    """Ask every door in every case, and say medians; then try numbers until each limit refuses."""
    say(machine())
    logging.disable(logging.WARNING)
    provider, user = _world(count)
    doors = _doors(provider)
    with (
        mock.patch.object(tries, "LETTER_A_MINUTE", BORNE_LETTERS),
        mock.patch.object(tries, "LETTERS_A_DAY", BORNE_LETTERS),
    ):
        for door in doors:
            say(f"\n{door.name}, {ROUNDS} answers a case, {count} accounts")
            for line in _timed(door, user):
                say(line)
    _set_limits(provider, {})
    say("\nlimits, by the policy of the demonstration")
    for line in _limits(user, doors):
        say(line)
    logging.disable(logging.NOTSET)
    say(machine())


def _timed(door: Door, user: User) -> list[str]:
    """Ask turn by turn, each turn begun by another case: none is always the first or the last."""
    browser, clocked, cases = _browser(user if door.is_signed_in else None), Clocked(), list(door.cases)
    answers: defaultdict[str, set[str]] = defaultdict(set)
    for turn in range(ROUNDS + WARM):
        start = turn % len(cases)
        for case in cases[start:] + cases[:start]:
            fields = {**door.fields, **door.cases[case]}
            sent = fields | _proof(door)
            with clocked(case):
                answer = browser.post(door.path, sent)
            answers[case].add(_masked(answer, fields))
        _forget_counters()
    first = cases[0]
    return [
        _line(case, clocked.spent[case][WARM:], beside=clocked.spent[first][WARM:])
        + ("the same answer" if answers[case] == answers[first] else "another answer")
        + (", as it has to" if case in door.told else "")
        for case in cases
    ]


def _line(case: str, spent: list[Spent], *, beside: list[Spent]) -> str:
    wall = statistics.median(one.wall for one in spent) * 1000
    low, median, high = statistics.quantiles([one.processors * 1000 for one in spent], n=4)
    ratio = median / statistics.median(one.processors * 1000 for one in beside)
    return (
        f"  {case:<18} {median:6.2f} ms of processors (half of them {low:.2f}–{high:.2f}), {ratio:.2f} of the first, "
        f"{wall:.0f} ms by the wall; "
    )


def _limits(user: User, doors: list[Door]) -> list[str]:
    lines = []
    for door in doors:
        _forget_counters()
        LimitCounter.objects.all().delete()
        browser = _browser(user if door.is_signed_in else None)
        case = next(iter(door.cases))
        answers = 0
        while answers < 200:  # noqa: PLR2004 - far above every limit
            fields = {**door.fields, **door.cases[case], **_number(door, answers)} | _proof(door)
            if browser.post(door.path, fields).status_code == 429:  # noqa: PLR2004 - refused with the time
                break
            answers += 1
        lines.append(f"  {door.name}: refused after {answers} numbers tried from one address")
    lines.append(_slowed(doors[0]))
    return lines


def _number(door: Door, turn: int) -> dict[str, str]:
    name = next(name for name in ("account", "number", "email") if name in door.fields)
    return {name: f"{900_000_000 + turn}"}


def _slowed(door: Door) -> str:
    """One account tried from a new address each time: nobody is refused, the eleventh waits."""
    LimitCounter.objects.all().delete()
    slept: list[float] = []
    statuses = set()
    with mock.patch.object(time, "sleep", slept.append):
        for turn in range(12):
            fields = {**door.fields, **door.cases["wrong meter"]}
            statuses.add(_browser(None, address=f"198.51.100.{turn}").post(door.path, fields).status_code)
    return (
        f"  one account from 12 addresses: answers {sorted(statuses)}, the last {len(slept)} slowed by "
        f"{tries.PAUSE_SECONDS} s each"
    )


def _masked(answer: Any, typed: Mapping[str, str]) -> str:
    """Return status, place and page without what is typed and what is fresh each time."""
    page = FRESH.sub("", answer.content.decode())
    for value in sorted(typed.values(), key=len, reverse=True):
        page = page.replace(value, "…") if value else page
    place = re.sub(r"/[\w:-]{40,}/", "/…/", answer.headers.get("Location", ""))
    return f"{answer.status_code} {place} {page}"


def _proof(door: Door) -> dict[str, str]:
    if not door.needs_work:
        return {}
    challenge = proofs.new_challenge(PURPOSE, bits=8)
    return {"challenge": challenge, "proof": find_proof(challenge, bits=8)}


def _browser(user: User | None, *, address: str = "203.0.113.7") -> Client:
    browser = Client(SERVER_NAME="localhost", REMOTE_ADDR=address)
    if user is not None:
        browser.cookies[settings.SESSION_COOKIE_NAME] = "bench"
    return browser


def _forget_counters() -> None:
    """Let letters' windows and those of sign-ups begin anew: what is measured is a try, not a refusal."""
    LimitCounter.objects.exclude(name__startswith="link_").delete()


def _doors(provider: Provider) -> list[Door]:
    ticked = {kind.value: str(agreement.pk) for kind, agreement in accounts_texts(provider).items()}
    claim = {"mode": "person", "account": "100000007", "meter": "5000007", **HOLDER}
    wrong = {
        "unknown account": {"account": "999999999"},
        "wrong holder": {"last_name": "Петрова"},
        "wrong meter": {"meter": "4999999"},
    }
    return [
        Door("sign-up", "/p/sign-up/account/", {**claim, "email": "new@example.com", **ticked},
             {**wrong, "right": {}}, told=frozenset({"right"})),
        Door("linking", "/p/contracts/link-account/", claim, wrong, is_signed_in=True),
        Door("recovery", "/p/recover/account/", {"number": "100000001", "email": EMAIL},
             {"unknown account": {"number": "999999999"}, "another's account": {"number": "100000007"},
              "unknown address": {"email": "nobody@example.com"}, "right": {}}),
        Door("sign-in", "/p/sign-in/", {"mode": "person", "email": "100000001", "password": "не тот пароль 9"},
             {"unknown account": {"email": "999999999"}, "wrong password": {}}),
        Door("public sending", "/p/readings/without-sign-in/", {"account": "100000007", "meter": "5000007"},
             {"unknown account": {"account": "999999999"}, "wrong meter": {"meter": "4999999"}, "right": {}},
             needs_work=True, told=frozenset({"right"})),
    ]  # fmt: skip


def accounts_texts(provider: Provider) -> dict[AgreementKind, Any]:
    return current_agreements(provider.pk)


def _world(count: int) -> tuple[Provider, User]:
    """Make a provider with so many households, one of whose holders has signed up."""
    at = clock.technical_now()
    provider = Provider.objects.create(
        slug="p", name="Сбыт", short_name="Сбыт", portal_title="Кабинет", inn="1831000009", zone_name="Europe/Samara",
        colour="#0b5cad", accent="#19b5c9",
    )  # fmt: skip
    PolicyVersion.objects.create(
        provider=provider, version=1, body=_policy(BORNE), valid_from=datetime(2020, 1, 1, tzinfo=UTC)
    )
    by = Actor(ActorKind.JOB, provider_id=provider.pk)
    for kind in AgreementKind:
        accounts.publish_agreement(kind, title=kind, text="Текст.", provider=provider, by=by, at=at)
    first = _households(count, provider)
    user = User(email=EMAIL, email_confirmed_at=at, joined_at=at)
    user.set_password(PASSWORD)
    user.save()
    part = Enrollment.objects.create(user=user, provider=provider, category="person", joined_at=at)
    for agreement in accounts_texts(provider).values():
        part.consents.create(agreement=agreement, given_at=at, address="-", agent="-")
    LoginName.objects.create(provider=provider, kind=LoginKind.ACCOUNT, value=first.number, user=user)
    Membership.objects.create(user=user, contract=first, role="manager", granted_at=clock.now())
    Session.objects.create(
        key=key_of("bench"), user=user, provider=provider, enrollment=part, started_at=at, seen_at=at,
        expires_at=at.replace(year=at.year + 1), address="-", agent="-",
    )  # fmt: skip
    return provider, user


def _households(count: int, provider: Provider) -> Contract:
    names: dict[str, Any] = {"provider": provider, "source": "billing", "version": 1, "valid_from": SINCE}
    contracts = [
        Contract(
            external_id=f"c{n}", number=f"{100_000_000 + n}", kind="household", customer_name="Иванова Н. Н.",
            holder_last="Иванова", holder_first="Наталья", holder_middle="Николаевна", **names,
        )
        for n in range(1, count + 1)
    ]  # fmt: skip
    points = [
        SupplyPoint(contract=contract, external_id=f"p{n}", code=f"{n}", address="-", **names)
        for n, contract in enumerate(contracts, start=1)
    ]
    meters = [
        Meter(
            contract=point.contract, point=point, external_id=f"m{n}", number=f"{5_000_000 + n}",
            resource="electricity", **names,
        )
        for n, point in enumerate(points, start=1)
    ]  # fmt: skip
    Contract.objects.bulk_create(contracts, batch_size=1000)
    SupplyPoint.objects.bulk_create(points, batch_size=1000)
    Meter.objects.bulk_create(meters, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return contracts[0]


def _policy(limits: Mapping[str, int]) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(POLICY.read_text(encoding="utf-8"))
    return body | {"limits": dict(limits)}


def _set_limits(provider: Provider, limits: Mapping[str, int]) -> None:
    PolicyVersion.objects.filter(provider=provider).update(body=_policy(limits))
    middleware.forget()
