"""What the billing system decides, and the batches that say so: both are written in one transaction."""

from collections.abc import Mapping
from typing import Final

from kabinet.exchange.values import entities
from kabinet.exchange.values.entities import PeriodState, Quality, ReadingOrigin, Verdict
from kabinet.kernel.periods import Month
from sandbox.billing import closing as closing_of_months
from sandbox.billing import outbox, rules, submissions, truth
from sandbox.billing.outbox import Group
from sandbox.billing.values import Books, Fault, Kind, Reason, Refusal, Sent, State, Unknown

ANSWERS: Final = "answers"
PERIODS: Final = "billing_period"
AUTOMATIC: Final = "automatic"
CLERK: Final = "clerk"
ADDRESSED_TO_NOBODY: Final = "no-such-contract"
GARBAGE: Final = b'{"entity": "submission_answer", "external_id": \xff\xfe<<< \x00\n'
BAD_ANSWERS: Final = frozenset({Fault.WRONG_CONTRACT, Fault.GARBAGE, Fault.SCHEMA_CHANGED})
_SHAPES: Final[Mapping[Kind, tuple[type[entities.Row], str]]] = {
    Kind.READING: (entities.Reading, "register"),
    Kind.VOLUME: (entities.SewageVolume, "supply_point"),
}
_ANSWERS: Final[Mapping[Kind, type[entities.Row]]] = {
    Kind.READING: entities.SubmissionAnswer,
    Kind.VOLUME: entities.VolumeAnswer,
}


class NotWaiting(Exception):
    """Raised when a reading was decided otherwise before; carries what was decided."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.state = state


def decide(books: Books, waiting: list[Sent]) -> None:
    """Judge readings by the rules and store one batch with all answers; a fault that is switched on has its way."""
    fault = Fault(books.provider["fault"])
    if fault in BAD_ANSWERS:
        _misbehave(books, waiting, fault=fault)
        return
    groups = [_judged(books, sent, fault=fault) for sent in waiting]
    if groups:
        _put_answers(books, groups, fault=fault)


def take(books: Books, number: str) -> None:
    """Take a reading by hand; taking it again changes nothing."""
    sent, state = _found(books, number)
    if state is State.TAKEN:
        return
    if state is not State.WAITING:
        raise NotWaiting(state)
    if _owner_of(books, sent) != sent.contract:
        raise Unknown(sent.place)
    _put_answers(books, [_taken(books, sent, by=CLERK)])


def refuse(books: Books, number: str, refusal: Refusal) -> None:
    """Refuse a reading by hand; refusing it again changes nothing."""
    sent, state = _found(books, number)
    if state is State.REFUSED:
        return
    if state is not State.WAITING:
        raise NotWaiting(state)
    _put_answers(books, [_refused(books, sent, refusal, by=CLERK)])


def answer_again(books: Books, number: str) -> None:
    """Send the answer that the portal did not take once more, in a new batch."""
    sent, state = _found(books, number)
    row = submissions.one(books.db, books.slug, number)
    if row is None or state not in (State.TAKEN, State.REFUSED):
        raise NotWaiting(state)
    if state is State.TAKEN:
        group = Group.of(sent.id, _rows_of_taken(books, sent, billed_in=Month.parse(row["billed_in"])))
    else:
        group = Group.of(sent.id, [_answer_row(sent, refusal=Refusal(row["reason_code"], row["reason"]))])
    _put_answers(books, [group])


def close_period(books: Books, month: Month) -> bool:
    """Close a month, those before it too, and open the next; return False when it was closed already."""
    known = truth.periods(books.db, books.slug)
    if month not in known:
        raise Unknown(str(month))
    closing = [each for each, row in known.items() if each <= month and row["state"] == PeriodState.OPEN]
    if not closing:
        return False
    rows = [_set_period(books, each, PeriodState.CLOSED, version=known[each]["version"] + 1) for each in closing]
    if month.next not in known:
        rows.append(_set_period(books, month.next, PeriodState.OPEN, version=1))
    if closing_of_months.charges_here(books):
        closing_of_months.begin(books, closing, rows)
    else:
        outbox.put(books.db, books.slug, [Group.of("", rows)], kind=PERIODS, at=books.at)
    return True


def open_periods(books: Books, wanted: list[Month]) -> None:
    """Open the months that are not known yet."""
    known = truth.periods(books.db, books.slug)
    rows = [_set_period(books, month, PeriodState.OPEN, version=1) for month in wanted if month not in known]
    if rows:
        outbox.put(books.db, books.slug, [Group.of("", rows)], kind=PERIODS, at=books.at)


def _judged(books: Books, sent: Sent, *, fault: Fault) -> Group:
    if fault is Fault.REFUSE_ALL:
        return _refused(books, sent, Refusal.of(Reason.FAULT), by=AUTOMATIC)
    reason = _objection(books, sent)
    if reason is not None:
        return _refused(books, sent, Refusal.of(reason), by=AUTOMATIC)
    return _taken(books, sent, by=AUTOMATIC)


def _objection(books: Books, sent: Sent) -> Reason | None:
    if sent.kind is Kind.VOLUME:
        return rules.volume_objection(sent, contract=_owner_of(books, sent))
    own = truth.reading_id(sent.place, sent.month, ReadingOrigin.CUSTOMER)
    dial = truth.dial_of(books.db, books.slug, sent.place)
    return rules.objection(sent, dial=dial, previous=truth.newest_accepted(books.db, books.slug, sent.place, but=own))


def _owner_of(books: Books, sent: Sent) -> str | None:
    """Return the contract that the place belongs to."""
    if sent.kind is Kind.VOLUME:
        return truth.contract_of_point(books.db, books.slug, sent.place)
    dial = truth.dial_of(books.db, books.slug, sent.place)
    return dial.contract if dial else None


def _taken(books: Books, sent: Sent, *, by: str) -> Group:
    billed_in = _first_open_month(books, sent.month)
    submissions.mark_taken(books.db, books.slug, sent, billed_in=billed_in, by=by, at=books.at)
    own = truth.reading_id(sent.place, sent.month, ReadingOrigin.CUSTOMER)
    books.db.execute(
        "INSERT INTO reading VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?) ON CONFLICT (slug, id) DO UPDATE SET"
        " month = excluded.month, taken_on = excluded.taken_on, value = excluded.value, version = version + 1,"
        " submission = excluded.submission",
        (
            books.slug,
            own,
            sent.place,
            str(billed_in),
            sent.taken_on.isoformat(),
            format(sent.value, "f"),
            ReadingOrigin.CUSTOMER,
            sent.id,
        ),
    )
    return Group.of(sent.id, _rows_of_taken(books, sent, billed_in=billed_in))


def _refused(books: Books, sent: Sent, refusal: Refusal, *, by: str) -> Group:
    submissions.mark_refused(books.db, books.slug, sent, refusal, by=by, at=books.at)
    return Group.of(sent.id, [_answer_row(sent, refusal=refusal)])


def _rows_of_taken(books: Books, sent: Sent, *, billed_in: Month) -> list[entities.Row]:
    own = truth.reading_id(sent.place, sent.month, ReadingOrigin.CUSTOMER)
    version = books.db.execute("SELECT version FROM reading WHERE slug = ? AND id = ?", (books.slug, own)).fetchone()[
        "version"
    ]
    shape, place = _SHAPES[sent.kind]
    accepted = shape.model_validate(
        {
            "external_id": own,
            "version": version,
            place: sent.place,
            "month": billed_in,
            "taken_on": sent.taken_on,
            "value": sent.value,
            "origin": ReadingOrigin.CUSTOMER,
            "quality": Quality.MEASURED,
            "submission": sent.id,
        }
    )
    return [accepted, _answer_row(sent, billed_in=billed_in)]


def _answer_row(
    sent: Sent, *, refusal: Refusal | None = None, billed_in: Month | None = None, contract: str = ""
) -> entities.Row:
    return _ANSWERS[sent.kind].model_validate(
        {
            "external_id": f"answer/{sent.id}",
            "version": 1,
            "submission": sent.id,
            "contract": contract or sent.contract,
            "verdict": Verdict.REFUSED if refusal else Verdict.TAKEN,
            "reason_code": refusal.code if refusal else "",
            "reason": refusal.sentence if refusal else "",
            "billed_in": billed_in,
        }
    )


def _put_answers(books: Books, groups: list[Group], *, fault: Fault = Fault.NONE) -> None:
    for _ in range(2 if fault is Fault.ANSWER_TWICE else 1):
        outbox.put(books.db, books.slug, groups, kind=ANSWERS, at=books.at)


def _misbehave(books: Books, waiting: list[Sent], *, fault: Fault) -> None:
    """Send one bad answer for each reading, which stays undecided until the fault is switched off."""
    for sent in waiting:
        row = submissions.one(books.db, books.slug, sent.id)
        if row is None or row["tried_fault"] == fault:
            continue
        foreign = _foreign_contract(books, sent) if fault is Fault.WRONG_CONTRACT else ""
        group = Group.of(sent.id, [_answer_row(sent, billed_in=sent.month, contract=foreign)])
        outbox.put(books.db, books.slug, [group], kind=ANSWERS, at=books.at, body=_bad_body(group, fault=fault))
        books.db.execute(
            "UPDATE submission SET tried_fault = ? WHERE slug = ? AND id = ?", (fault, books.slug, sent.id)
        )


def _bad_body(group: Group, *, fault: Fault) -> bytes | None:
    """Return what is sent in place of the group's own lines: no rows at all, or rows as no version has them."""
    if fault is Fault.GARBAGE:
        return GARBAGE
    if fault is Fault.SCHEMA_CHANGED:
        return "".join(f"{line}\n" for line in group.lines).replace('"verdict"', '"decision"').encode()
    return None


def _foreign_contract(books: Books, sent: Sent) -> str:
    row = books.db.execute(
        "SELECT id FROM contract WHERE slug = ? AND id <> ? ORDER BY id LIMIT 1", (books.slug, sent.contract)
    ).fetchone()
    return str(row["id"]) if row else ADDRESSED_TO_NOBODY


def _first_open_month(books: Books, month: Month) -> Month:
    """Return the month itself while it is open, else the first open one after it: a closed month is not written to."""
    known = truth.periods(books.db, books.slug)
    while month in known and known[month]["state"] == PeriodState.CLOSED:
        month = month.next
    return month


def _set_period(books: Books, month: Month, state: PeriodState, *, version: int) -> entities.BillingPeriod:
    books.db.execute(
        "INSERT INTO period VALUES (?, ?, ?, ?) ON CONFLICT (slug, month) DO UPDATE SET"
        " state = excluded.state, version = excluded.version",
        (books.slug, str(month), state, version),
    )
    return entities.BillingPeriod(external_id=f"period/{month}", version=version, month=month, state=state)


def _found(books: Books, number: str) -> tuple[Sent, State]:
    row = submissions.one(books.db, books.slug, number)
    if row is None:
        raise Unknown(number)
    return submissions.to_sent(row), State(row["state"])
