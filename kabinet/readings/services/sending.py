"""Sending readings: what may go goes, what may not says why (READ-01, READ-03)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kabinet.contracts.models import Contract, Membership, Meter, Register
from kabinet.contracts.services.access import require
from kabinet.contracts.values import Action
from kabinet.infra import audit, events, idempotency, ids
from kabinet.infra.db import use_case
from kabinet.kernel.actors import Actor
from kabinet.kernel.periods import Month
from kabinet.providers.selectors import OpenProvider
from kabinet.readings.models import EFFECTIVE, Draft, Submission, SubmissionState
from kabinet.readings.rules import fates
from kabinet.readings.selectors.sheets import Line, Sheet, sheet_of
from kabinet.readings.services.periods import hold_open_period
from kabinet.readings.values import Entry, Fate, Mistake, Outcome


class NothingSent(Exception):
    """Raised when no row could go; carries why, row by row. Nothing was stored."""

    def __init__(self, outcomes: list[Outcome]) -> None:
        super().__init__("no row could be sent")
        self.outcomes = outcomes


@dataclass(frozen=True, slots=True)
class Sending:
    """One press of «Передать показания»: where from, on which day, under which key."""

    provider: OpenProvider
    key: str
    by: Actor
    at: datetime
    today: date


@use_case
def submit(contract: Contract, entries: Sequence[Entry], *, sending: Sending) -> list[Outcome]:
    """Send the filled rows that may go; the others come back with reasons. The same key and rows are one sending."""
    membership = require(sending.by, contract, Action.SEND_READINGS, at=sending.at)
    # Rows are held in one order by everybody, answers of billing too: nobody waits for whom he keeps waiting.
    entries = sorted(entries, key=lambda entry: entry.row_id)
    body = {
        "contract": str(contract.pk),
        "rows": sorted((str(e.row_id), e.raw, sorted(e.confirmed)) for e in entries),
    }
    result = idempotency.once(
        sending.key,
        body=body,
        by=sending.by,
        act=lambda: _send(contract, entries, sending=sending, membership=membership),
    )
    return [fates.outcome_from(row) for row in result["outcomes"]]


def _send(contract: Contract, entries: Sequence[Entry], *, sending: Sending, membership: Membership) -> dict[str, Any]:
    sheet = _locked_sheet(contract, entries, sending=sending, membership=membership)
    lines = {line.register.pk: line for line in sheet.lines}
    outcomes = [_decide(entry, lines.get(entry.row_id), sheet=sheet, today=sending.today) for entry in entries]
    sent = [
        _store(sheet, lines[outcome.row_id], outcome, sending=sending)
        for outcome in outcomes
        if outcome.fate is Fate.SENT
    ]
    if not sent:
        raise NothingSent(outcomes)
    audit.record(
        "readings.sent",
        contract,
        before=None,
        after={"month": str(sheet.month), "submissions": [str(row.id) for row in sent]},
        by=sending.by,
        contract_id=contract.pk,
    )
    return {"outcomes": [fates.outcome_as_json(outcome) for outcome in outcomes]}


def _locked_sheet(
    contract: Contract, entries: Sequence[Entry], *, sending: Sending, membership: Membership
) -> Sheet[Line]:
    """Hold the registers and the open period, then look: nobody else may send them or close it meanwhile."""
    wanted = [entry.row_id for entry in entries]
    held = list(
        Register.objects.select_for_update()
        .filter(contract=contract, pk__in=wanted)
        .order_by("pk")
        .values_list("meter")
    )
    meters = Meter.objects.filter(pk__in=[meter for (meter,) in held]).select_related("point")
    if membership.points is not None:
        meters = meters.filter(point_id__in=membership.points)
    meters = meters.prefetch_related("registers")
    sheet = sheet_of(contract, sending.provider, meters=meters, today=sending.today)
    if not hold_open_period(contract.provider_id, sheet.month):
        return Sheet(sheet.contract, sheet.window, closed=sheet.closed or Mistake.PERIOD_CLOSED, lines=sheet.lines)
    return sheet


def _decide(entry: Entry, line: Line | None, *, sheet: Sheet[Line], today: date) -> Outcome:
    if line is None:
        return Outcome(entry.row_id, entry.raw, Fate.REFUSED, problems=(Mistake.NOT_YOURS,))
    return fates.decide(
        entry,
        line.verdict_on(entry.raw),
        closed=sheet.closed or (None if line.is_live else Mistake.ENTRY_CLOSED),
        is_unverified=line.is_unverified_on(today),
        sent_value=line.sent.value if line.sent and line.sent.state in EFFECTIVE else None,
    )


def _store(sheet: Sheet[Line], line: Line, outcome: Outcome, *, sending: Sending) -> Submission:
    """Insert the submission, putting aside the one it corrects, and tell billing."""
    corrected = line.sent if line.sent and line.sent.state in EFFECTIVE else None
    if corrected:
        Submission.objects.filter(contract_id=sheet.contract.pk, id=corrected.id).update(
            state=SubmissionState.SUPERSEDED, state_at=sending.at
        )
    submission = Submission.objects.create(
        contract=sheet.contract,
        id=ids.new(),
        provider_id=sheet.contract.provider_id,
        register=line.register,
        month=sheet.month.first,
        raw=outcome.raw,
        value=_value_of(line, outcome.raw),
        previous=line.previous.value if line.previous else None,
        rolls_over=Mistake.ROLLOVER_SUSPECTED in outcome.problems,
        taken_on=sending.today,
        sent_at=sending.at,
        actor_kind=sending.by.kind,
        actor_id=sending.by.id,
        channel=sending.by.channel,
        key=sending.key,
        corrects=corrected.id if corrected else None,
        confirmed=list(outcome.problems),
        remarks=list(outcome.notes),
        state_at=sending.at,
    )
    Draft.objects.filter(register=line.register, month=sheet.month.first).delete()
    events.emit(
        "readings.sent",
        provider_id=sheet.contract.provider_id,
        contract_id=sheet.contract.pk,
        payload=_for_billing(submission, line=line, contract=sheet.contract),
        at=sending.at,
    )
    return submission


def _value_of(line: Line, raw: str) -> Decimal:
    value = line.verdict_on(raw).value
    if value is None:
        raise ValueError("a row that may go has a value")
    return value


def _for_billing(submission: Submission, *, line: Line, contract: Contract) -> dict[str, Any]:
    return {
        "submission": str(submission.id),
        "contract": contract.external_id,
        "meter": line.meter.external_id,
        "register": line.register.external_id,
        "month": str(Month.of(submission.month)),
        "value": str(submission.value),
        "previous": None if submission.previous is None else str(submission.previous),
        "rolls_over": submission.rolls_over,
        "taken_on": submission.taken_on.isoformat(),
        "sent_at": submission.sent_at.isoformat(),
        "corrects": str(submission.corrects) if submission.corrects else None,
        "confirmed": submission.confirmed,
    }
