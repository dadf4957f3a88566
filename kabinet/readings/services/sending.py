"""Sending readings: what may go goes, what may not says why (READ-01, READ-03)."""

from collections.abc import Sequence

from kabinet.contracts.models import Contract, Membership, Meter, Register
from kabinet.contracts.services.access import require
from kabinet.contracts.values import Action
from kabinet.infra import audit, events
from kabinet.infra.db import use_case
from kabinet.readings.models import Draft, Submission
from kabinet.readings.selectors.sheets import Line, Sheet, sheet_of
from kabinet.readings.services import rows
from kabinet.readings.services.rows import NothingSent, Sending
from kabinet.readings.values import Entry, Mistake, Outcome

__all__ = ["NothingSent", "Sending", "submit"]


@use_case
def submit(contract: Contract, entries: Sequence[Entry], *, sending: Sending) -> list[Outcome]:
    """Send the filled rows that may go; the others come back with reasons. The same key and rows are one sending."""
    membership = require(sending.by, contract, Action.SEND_READINGS, at=sending.at)
    # Rows are held in one order by everybody, answers of billing too: nobody waits for whom he keeps waiting.
    entries = sorted(entries, key=lambda entry: entry.row_id)
    return rows.once(
        entries,
        body={"contract": str(contract.pk)},
        sending=sending,
        act=lambda: _send(contract, entries, sending=sending, membership=membership),
    )


def _send(contract: Contract, entries: Sequence[Entry], *, sending: Sending, membership: Membership) -> list[Outcome]:
    sheet = _locked_sheet(contract, entries, sending=sending, membership=membership)
    outcomes, going = rows.decided(sheet, entries, today=sending.today)
    sent = [_store(sheet, line, outcome, sending=sending) for line, outcome in going]
    audit.record(
        "readings.sent",
        contract,
        before=None,
        after={"month": str(sheet.month), "submissions": [str(row.id) for row in sent]},
        by=sending.by,
        contract_id=contract.pk,
    )
    return outcomes


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
    return rows.in_held_period(sheet_of(contract, sending.provider, meters=meters, today=sending.today))


def _store(sheet: Sheet[Line], line: Line, outcome: Outcome, *, sending: Sending) -> Submission:
    """Insert the submission, putting aside the one it corrects, and tell billing."""
    submission = Submission.objects.create(
        register=line.register,
        rolls_over=Mistake.ROLLOVER_SUSPECTED in outcome.problems,
        remarks=list(outcome.notes),
        **rows.facts_of(sheet, line, outcome, sending=sending),
    )
    Draft.objects.filter(register=line.register, month=sheet.month.first).delete()
    events.emit(
        "readings.sent",
        provider_id=sheet.contract.provider_id,
        contract_id=sheet.contract.pk,
        payload=rows.for_billing(submission, contract=sheet.contract)
        | {
            "meter": line.meter.external_id,
            "register": line.register.external_id,
            "rolls_over": submission.rolls_over,
        },
        at=sending.at,
    )
    return submission
