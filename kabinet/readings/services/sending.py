"""Sending readings: what may go goes, what may not says why (READ-01, READ-03).

Almost always nobody else touches the registers: they are read, judged and stored without a lock, by two statements,
and the second one writes nothing if anything has changed meanwhile. Then, and whenever nothing may go, it is looked at
again under locks.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, OperationalError

from kabinet.contracts.models import Contract, Register
from kabinet.contracts.services.access import NotSeen, require
from kabinet.contracts.values import Action
from kabinet.infra import idempotency
from kabinet.infra.db import constraint_of, step, use_case
from kabinet.readings.rules import fates
from kabinet.readings.selectors.lines import Asked
from kabinet.readings.selectors.sheets import Line, Sheet, sheet_of
from kabinet.readings.services import rows
from kabinet.readings.services.rows import NothingSent, Sending
from kabinet.readings.services.storing import Going, store
from kabinet.readings.values import Entry, Outcome

__all__ = ["NothingSent", "Sending", "held_sheet", "sent_before", "submit", "under_own_key"]

TRIES: Final = 3


class Unsettled(OperationalError):
    """Raised when, whatever was looked at under locks, something else had changed once more.

    Like a deadlock, it is said as 503: the page keeps what was typed, and the same key may be sent again.
    """


def submit(
    contract: Contract, entries: Sequence[Entry], *, sending: Sending, sheet: Sheet[Line] | None = None
) -> list[Outcome]:
    """Send the filled rows that may go; the others come back with reasons. The same key and rows are one sending.

    A sheet that the page has just shown is judged first; it is looked at again where it is not true any more.
    """
    idempotency.require_good(sending.key)
    # Rows are held in one order by everybody, answers of billing too: nobody waits for whom he keeps waiting.
    entries = sorted(entries, key=lambda entry: entry.row_id)
    if sheet is not None and (sent := _at_once(sheet, entries, sending=sending)) is not None:
        return sent
    for _ in range(TRIES):
        if (sent := _under_locks(contract, entries, sending=sending)) is not None:
            return sent
    raise Unsettled


def _at_once(sheet: Sheet[Line], entries: Sequence[Entry], *, sending: Sending) -> list[Outcome] | None:
    """Send what was judged before, by one statement; None where that has to be looked at again."""
    try:
        return _send(sheet, entries, sending=sending)
    except (NothingSent, IntegrityError):
        return None


@use_case
def _under_locks(contract: Contract, entries: Sequence[Entry], *, sending: Sending) -> list[Outcome] | None:
    """Hold everything that the sending depends on, then look, then send."""
    require(sending.by, contract, Action.SEND_READINGS, at=sending.at)
    sheet = held_sheet(contract, entries, user_id=sending.by.person, sending=sending)
    if (before := sent_before(_body(contract, entries), sending=sending)) is not None:
        return before
    with under_own_key():
        return _send(sheet, entries, sending=sending)


@contextmanager
def under_own_key() -> Iterator[None]:
    """Refuse a key under which somebody else has sent these registers: a page's key is random, so it was copied."""
    try:
        yield
    except IntegrityError as broken:
        if constraint_of(broken) == "submission_key_once":
            raise idempotency.KeyReused({"outcomes": []}) from broken
        raise


@step
def held_sheet(contract: Contract, entries: Sequence[Entry], *, user_id: UUID | None, sending: Sending) -> Sheet[Line]:
    """Hold the registers and the open period, then look with the person's eyes, or nobody's (`sheets.sheet_of`)."""
    wanted = [entry.row_id for entry in entries]
    list(Register.objects.select_for_update().filter(contract=contract, pk__in=wanted).order_by("pk").values_list("pk"))
    asked = Asked(sending.provider, None, sending.today, registers=tuple(wanted))
    try:
        return rows.in_held_period(sheet_of(contract, user_id, asked=asked))
    except LookupError:
        raise NotSeen from None


@step
def sent_before(body: dict[str, Any], *, sending: Sending) -> list[Outcome] | None:
    """Return what became of the rows that were sent under this key before; None where nothing was."""
    before = idempotency.accepted_under(sending.key, body_hash=idempotency.hash_of(body), by=sending.by)
    return None if before is None else [fates.outcome_from(row) for row in before["outcomes"]]


def _send(sheet: Sheet[Line], entries: Sequence[Entry], *, sending: Sending) -> list[Outcome] | None:
    outcomes, going = rows.decided(sheet, entries, today=sending.today)
    body_hash = idempotency.hash_of(_body(sheet.contract, entries))
    return outcomes if store(Going(sheet, going, outcomes, body_hash), sending=sending) else None


def _body(contract: Contract, entries: Sequence[Entry]) -> dict[str, object]:
    return rows.body_of(entries, {"contract": str(contract.pk)})
