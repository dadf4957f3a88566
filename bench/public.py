"""`./run bench public`: the public form and sign-up under many visitors at once, most of whom guess (TRUST 6).

Over real HTTP, as `./run serve` answers behind a proxy. A few addresses try account after account at either door or at
both, many addresses try once, many try the same account, and among them people come whose data are right. Nothing is
weighed here: what was answered and what is stored is counted exactly, and a difference is a failure of the command.
"""

import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from bench.frame import machine
from bench.serving import site, town
from bench.serving.strangers import PUBLIC, SIGN_UP, Came, Row, Visit, visited
from bench.serving.sums import table
from bench.serving.town import FIRST_NAME, MIDDLE_NAME, Household, Town
from kabinet.accounts.models import User
from kabinet.accounts.services.tries import PAUSE_SECONDS
from kabinet.contracts.models import Membership, SignUpRequest
from kabinet.infra.models import OutgoingLetter
from kabinet.readings.models import Reading, Submission

Say = Callable[[str], object]
PORT: Final = 8333
NAMES: Final = {PUBLIC: "form", SIGN_UP: "sign-up"}
WRONG: Final = {
    PUBLIC: ("unknown account", "wrong meter"), SIGN_UP: ("unknown account", "wrong meter", "wrong holder"),
}  # fmt: skip
ONE_ACCOUNT: Final = "one account, many addresses"
OWNER: Final = "that account's owner"
RIGHT, TOO_LATE = "right", "right, of a refused address"
# So many tries with an account are answered at once; the next ones wait (TRUST 6).
AT_ONCE: Final = 10


@dataclass(frozen=True, slots=True)
class Plan:
    """How many households; how many addresses try how often; how many try once, with wrong data and with right ones."""

    accounts: int = 2_000
    addresses: int = 3
    tries: int = 26
    once: int = 10
    one_account: int = 14
    right: int = 20
    late: int = 6
    clients: int = 8
    seconds: float = 60.0
    port: int = PORT


@dataclass(slots=True)
class Found:
    """What came of all visits, the rows that are there afterwards, and what is wrong with either."""

    came: list[Came] = field(default_factory=list)
    stored: list[Row] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def acknowledged(self) -> list[Row]:
        return [each.acknowledged for each in self.came if each.acknowledged]


def run(plan: Plan, *, say: Say) -> bool:
    """Let everybody come, tell it in a table, and say whether nothing was wrong."""
    say(machine())
    people = town.fill(plan.accounts)
    with site.portal(plan.port) as portal:
        found = play(plan, people, port=portal.port)
    say("\n" + table(HEADS, [*_lines(found)]) + "\n")
    requests = sum(each.requests for each in found.came)
    say(f"{requests} requests of {len(found.came)} visits by {plan.clients} clients in {found.seconds:.0f} s")
    for fault in found.faults:
        say(f"WRONG: {fault}")
    say(machine())
    return not found.faults


def play(plan: Plan, people: Town, *, port: int) -> Found:
    """Let the guessing and the right come at once; then the right from addresses that are refused by now."""
    visits = Visits(people)
    found, until = Found(), time.monotonic() + plan.seconds
    begun = time.monotonic()
    for crowd_of in (visits.at_once, visits.afterwards):
        found.came += _all_of(crowd_of(plan), port=port, clients=plan.clients, until=until)
        if len(found.came) < len(visits.made):
            found.faults.append(f"{len(visits.made) - len(found.came)} visits were left after {plan.seconds:.0f} s")
            break
    found.seconds = time.monotonic() - begun
    found.stored = stored()
    found.faults += faults_of(found.came, stored=found.stored, allowed=people.allowed)
    found.faults += [f"{name}: {number}" for name, number in beside(people).items() if number]
    return found


def _all_of(crowd: Sequence[Visit], *, port: int, clients: int, until: float) -> list[Came]:
    def visit(each: Visit) -> Came | None:
        return visited(each, port) if time.monotonic() < until else None

    with ThreadPoolExecutor(clients) as pool:
        return [came for came in pool.map(visit, crowd) if came is not None]


class Visits:
    """Makes visits, each try with a household of its own and each mailbox another, so that a row tells its visit."""

    def __init__(self, people: Town) -> None:
        self.people = people
        self.made: list[Visit] = []
        self._homes = map(Household, range(1, people.size + 1))
        self._places = (f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in count(1))
        self._mailboxes = count(1)
        self._tried = next(self._homes)
        self._refused: list[tuple[str, str]] = []

    def at_once(self, plan: Plan) -> list[Visit]:
        """Return everybody in an order that chance has made, the same each time."""
        begun = len(self.made)
        for door in NAMES:
            for _ in range(plan.addresses):
                self._persistent([door], plan.tries)
            for name in WRONG[door]:
                for _ in range(plan.once):
                    self._wrong(door, name, place=next(self._places))
            for _ in range(plan.right):
                self._right(door, RIGHT, place=next(self._places))
        self._persistent([*NAMES], plan.tries)
        for _ in range(plan.one_account):
            self._wrong(PUBLIC, ONE_ACCOUNT, place=next(self._places), home=self._tried)
        crowd = self.made[begun:]
        random.Random(1).shuffle(crowd)  # noqa: S311 - an order, no secret
        return crowd

    def afterwards(self, plan: Plan) -> list[Visit]:
        begun = len(self.made)
        for turn in range(plan.late):
            door, place = self._refused[turn % len(self._refused)]
            self._right(door, TOO_LATE, place=place)
        self._right(PUBLIC, OWNER, place=next(self._places), home=self._tried)
        return self.made[begun:]

    def _persistent(self, doors: Sequence[str], tries: int) -> None:
        """Let an address try again and again, at each of the doors with each kind of wrong data in turn."""
        place = next(self._places)
        self._refused.append((doors[0], place))
        for turn in range(tries):
            door = doors[turn % len(doors)]
            self._wrong(door, WRONG[door][turn // len(doors) % len(WRONG[door])], place=place)

    def _wrong(self, door: str, name: str, *, place: str, home: Household | None = None) -> None:
        home = home or next(self._homes)
        number = f"{900_000_000 + home.n}"
        changed = {
            "unknown account": {"account": number}, "wrong meter": {"meter": number}, ONE_ACCOUNT: {"meter": number},
            "wrong holder": {"last_name": f"Чужая{home.last_name[-5:]}"},
        }[name]  # fmt: skip
        typed = {**self._typed(door, home), **changed}
        self.made.append(Visit(f"{NAMES[door]}: {name}", door, typed, place, home))

    def _right(self, door: str, name: str, *, place: str, home: Household | None = None) -> None:
        home = home or next(self._homes)
        self.made.append(Visit(f"{NAMES[door]}: {name}", door, self._typed(door, home), place, home, is_right=True))

    def _typed(self, door: str, home: Household) -> dict[str, str]:
        typed = {"account": home.account, "meter": home.meter}
        if door == SIGN_UP:
            names = {"last_name": home.last_name, "first_name": FIRST_NAME, "middle_name": MIDDLE_NAME}
            email = f"visitor-{next(self._mailboxes)}@example.com"
            typed |= {"mode": "person", "email": email, **names, **self.people.boxes}
        return typed


def stored() -> list[Row]:
    """Return the rows that visitors have left: readings by register and value, sign-ups by mailbox."""
    sent = Submission.objects.values_list("register_id", "value")
    asked = SignUpRequest.objects.values_list("email", flat=True)
    return [*((str(register), int(value)) for register, value in sent), *((email, 0) for email in asked)]


def beside(people: Town) -> Mapping[str, int]:
    """Count what must not be there: whatever these doors write is in `stored`."""
    return {
        "people where nobody has answered a letter": User.objects.count(),
        "accounts linked": Membership.objects.count(),
        "letters written": OutgoingLetter.objects.count(),
        "readings of billing that have come or gone": Reading.objects.count() - people.size,
    }


def faults_of(came: Sequence[Came], *, stored: Sequence[Row], allowed: int) -> list[str]:
    """Say what is wrong with the answers and the rows; nothing where all is as it has to be."""
    return [
        *(f"{each.visit.kind}: {trouble}" for each in came for trouble in each.troubles),
        *(f"{each.visit.kind} shows {', '.join(sorted(each.leaks))}" for each in came if each.leaks),
        *_of_statuses(came), *_of_limits(came, allowed=allowed), *_of_pages(came), *_of_one_account(came),
        *_of_rows(came, stored),
    ]  # fmt: skip


def _of_statuses(came: Sequence[Came]) -> Iterator[str]:
    for each in came:
        if not (each.is_served or each.is_refused or each.is_put_off or each.troubles):
            yield f"{each.visit.kind}: was answered by {each.status}"


def _of_limits(came: Sequence[Came], *, allowed: int) -> Iterator[str]:
    """Count by address: as many as the policy bears are answered, and not one more."""
    places: defaultdict[str, list[Came]] = defaultdict(list)
    for each in came:
        places[each.visit.place].append(each)
    for place, tried in places.items():
        asked = [each for each in tried if not each.is_put_off]
        answered = sum(not each.is_refused for each in asked)
        if answered != min(allowed, len(asked)):
            yield f"{answered} of {len(asked)} tries of {place} were answered, and {allowed} are allowed"


def _of_pages(came: Sequence[Came]) -> Iterator[str]:
    """Compare what is answered to wrong data, and what to whoever tried too often, with right data as with wrong."""
    for door, name in NAMES.items():
        here = [each for each in came if each.visit.door == door]
        looked_at = {each.page for each in here if each.is_served and not each.visit.is_right}
        refused = {each.page for each in here if each.is_refused}
        if len(looked_at) > 1:
            yield f"{name}: {len(looked_at)} different answers to wrong data"
        if len(refused) > 1:
            yield f"{name}: {len(refused)} different answers to too many tries"


def _of_one_account(came: Sequence[Came]) -> Iterator[str]:
    tried = [each for each in came if each.visit.kind.endswith(ONE_ACCOUNT) and not each.is_put_off]
    slowed = sum(each.seconds >= PAUSE_SECONDS for each in tried)
    if slowed < len(tried) - AT_ONCE:
        yield f"{slowed} of {len(tried)} tries with one account were slowed down"


def _of_rows(came: Sequence[Came], stored: Sequence[Row]) -> Iterator[str]:
    told = Counter(each.acknowledged for each in came if each.acknowledged)
    there = Counter(stored)
    if lost := told - there:
        yield f"acknowledged and not there: {len(lost)}, {next(iter(lost))}"
    if more := there - told:
        yield f"there and not acknowledged: {len(more)}, {next(iter(more))}"


HEADS: Final = (
    "kind", "asked", "served", "refused 429", "put off 503", "p50, ms", "p95, ms", "leaks", "stored = acknowledged",
)  # fmt: skip


def _lines(found: Found) -> Iterator[list[object]]:
    kinds: defaultdict[str, list[Came]] = defaultdict(list)
    for each in found.came:
        kinds[each.visit.kind].append(each)
    # Of two that mean the same household, the right one alone may leave a row.
    traces = {each.visit.trace: each.visit.kind for each in sorted(found.came, key=lambda each: each.visit.is_right)}
    rows = Counter(traces.get(row[0], "") for row in found.stored)
    for kind in sorted(kinds):
        yield _line(kind, kinds[kind], rows[kind])


def _line(kind: str, came: Sequence[Came], rows: int) -> list[object]:
    spent = sorted(each.seconds * 1000 for each in came if each.seconds)
    p50, p95 = (f"{statistics.quantiles([*spent, *spent], n=20)[place]:.0f}" if spent else "–" for place in (9, 18))
    told = sum(each.acknowledged is not None for each in came)
    return [
        kind, len(came), sum(each.is_served for each in came), sum(each.is_refused for each in came),
        sum(each.is_put_off for each in came), p50, p95, sum(len(each.leaks) for each in came), f"{rows} = {told}",
    ]  # fmt: skip
