"""What becomes of the rows of a sheet that is sent: of readings and of volumes alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from kabinet.contracts.models import Contract
from kabinet.infra import idempotency, ids
from kabinet.kernel.actors import Actor
from kabinet.kernel.periods import Month
from kabinet.providers.selectors import OpenProvider
from kabinet.readings.models import EFFECTIVE, SewageVolume, Submission
from kabinet.readings.rules import fates
from kabinet.readings.selectors.sheets import AnyLine, Sheet
from kabinet.readings.services.periods import hold_open_period
from kabinet.readings.values import Entry, Fate, Mistake, Outcome

LineT = TypeVar("LineT", bound=AnyLine)

_HELD = (Fate.TO_CONFIRM, Fate.REFUSED)


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


def once(
    entries: Sequence[Entry], *, body: dict[str, Any], sending: Sending, act: Callable[[], list[Outcome]]
) -> list[Outcome]:
    """Send under the key of the sending: the same key and rows are one sending with one answer."""
    result = idempotency.once(
        sending.key,
        body=body_of(entries, body),
        by=sending.by,
        act=lambda: {"outcomes": [fates.outcome_as_json(outcome) for outcome in act()]},
    )
    return [fates.outcome_from(row) for row in result["outcomes"]]


def body_of(entries: Sequence[Entry], body: dict[str, Any]) -> dict[str, Any]:
    """Return what makes two sendings under one key the same one."""
    return body | {"rows": sorted((str(entry.row_id), entry.raw, sorted(entry.confirmed)) for entry in entries)}


def in_held_period(sheet: Sheet[LineT]) -> Sheet[LineT]:
    """Hold the sheet's period open until the sending is stored; one that billing has closed takes nothing."""
    if hold_open_period(sheet.contract.provider_id, sheet.month):
        return sheet
    return replace(sheet, closed=sheet.closed or Mistake.PERIOD_CLOSED)


def decided(
    sheet: Sheet[LineT], entries: Sequence[Entry], *, today: date, is_whole: bool = False
) -> tuple[list[Outcome], list[tuple[LineT, Outcome]]]:
    """Decide over the rows; return all outcomes and, with their lines, those that go; of a whole all or none."""
    lines = {line.row_id: line for line in sheet.lines}
    outcomes = [decide(entry, lines.get(entry.row_id), sheet=sheet, today=today) for entry in entries]
    going = [(lines[outcome.row_id], outcome) for outcome in outcomes if outcome.fate is Fate.SENT]
    if not going or (is_whole and any(outcome.fate in _HELD for outcome in outcomes)):
        raise NothingSent(outcomes)
    return outcomes, going


def decide(entry: Entry, line: AnyLine | None, *, sheet: Sheet[Any], today: date) -> Outcome:
    """Decide over one row; a line that the sheet does not have is none of the sender's."""
    if line is None:
        return Outcome(entry.row_id, entry.raw, Fate.REFUSED, problems=(Mistake.NOT_YOURS,))
    return fates.decide(
        entry,
        line.verdict_on(entry.raw),
        closed=sheet.closed or (None if line.is_live else Mistake.ENTRY_CLOSED),
        is_unverified=line.is_unverified_on(today),
        sent_value=line.sent.value if line.sent and line.sent.state in EFFECTIVE else None,
    )


def effective_of(line: AnyLine) -> UUID | None:
    """Return what holds in the month: a sending corrects it."""
    return line.sent.id if line.sent is not None and line.sent.state in EFFECTIVE else None


def facts_of(sheet: Sheet[Any], line: AnyLine, outcome: Outcome, *, sending: Sending) -> dict[str, Any]:
    """Return the facts of a row that goes."""
    return {
        "contract": sheet.contract,
        "id": ids.new(),
        "provider_id": sheet.contract.provider_id,
        "month": sheet.month.first,
        "raw": outcome.raw,
        "value": line.verdict_on(outcome.raw).value,
        "previous": line.previous.value if line.previous else None,
        "taken_on": sending.today,
        "sent_at": sending.at,
        "actor_kind": sending.by.kind,
        "actor_id": sending.by.id,
        "channel": sending.by.channel,
        "key": sending.key,
        "corrects": effective_of(line),
        "confirmed": list(outcome.problems),
        "state_at": sending.at,
    }


def for_billing(row: Submission | SewageVolume, *, contract: Contract) -> dict[str, Any]:
    """Return what billing is told of every row that went."""
    return {
        "submission": str(row.id),
        "contract": contract.external_id,
        "month": str(Month.of(row.month)),
        "value": str(row.value),
        "previous": None if row.previous is None else str(row.previous),
        "taken_on": row.taken_on.isoformat(),
        "sent_at": row.sent_at.isoformat(),
        "corrects": str(row.corrects) if row.corrects else None,
        "confirmed": row.confirmed,
    }
