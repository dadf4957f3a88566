"""Keeping and sending volumes of hot water into the drains (READ-04)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kabinet.contracts.models import Contract, Membership, SupplyPoint
from kabinet.contracts.services.access import require
from kabinet.contracts.values import Action
from kabinet.infra import audit, events, idempotency, ids
from kabinet.infra.db import use_case
from kabinet.kernel.actors import Actor
from kabinet.kernel.periods import Month
from kabinet.readings.models import EFFECTIVE, SewageVolume, SubmissionState, VolumeDraft
from kabinet.readings.rules import fates
from kabinet.readings.selectors.sheets import Sheet
from kabinet.readings.selectors.volumes import VolumeLine, VolumeSheet, volume_sheet_of
from kabinet.readings.services.periods import hold_open_period
from kabinet.readings.services.sending import NothingSent, Sending
from kabinet.readings.values import Entry, Fate, Mistake, Outcome

_LONGEST = 40


@use_case
def save(contract: Contract, entries: Sequence[Entry], *, month: Month, by: Actor, at: datetime) -> int:
    """Keep each row as typed, an emptied one forgotten; return how many are kept."""
    membership = require(by, contract, Action.SEND_READINGS, at=at)
    points = _own_points(contract, entries, membership=membership)
    typed = {entry.row_id: entry.raw.strip()[:_LONGEST] for entry in entries if entry.row_id in points}
    VolumeDraft.objects.filter(month=month.first, point_id__in=[p for p, raw in typed.items() if not raw]).delete()
    kept = [
        VolumeDraft(contract=contract, point_id=point, month=month.first, raw=raw, saved_by_id=by.id, saved_at=at)
        for point, raw in typed.items()
        if raw
    ]
    VolumeDraft.objects.bulk_create(
        kept,
        update_conflicts=True,
        unique_fields=["point", "month"],
        update_fields=["raw", "saved_by", "saved_at"],
    )
    after = {"month": str(month), "rows": len(kept)}
    audit.record("readings.volumes_kept", contract, before=None, after=after, by=by, contract_id=contract.pk)
    return len(kept)


@use_case
def submit(contract: Contract, entries: Sequence[Entry], *, sending: Sending) -> list[Outcome]:
    """Send the filled rows that may go; the others come back with reasons. The same key and rows are one sending."""
    membership = require(sending.by, contract, Action.SEND_READINGS, at=sending.at)
    rows = sorted((str(entry.row_id), entry.raw, sorted(entry.confirmed)) for entry in entries)
    result = idempotency.once(
        sending.key,
        body={"volumes_of": str(contract.pk), "rows": rows},
        by=sending.by,
        act=lambda: _send(contract, entries, sending=sending, membership=membership),
    )
    return [fates.outcome_from(row) for row in result["outcomes"]]


def _send(contract: Contract, entries: Sequence[Entry], *, sending: Sending, membership: Membership) -> dict[str, Any]:
    sheet = _locked_sheet(contract, entries, sending=sending, membership=membership)
    lines = {line.point.pk: line for line in sheet.lines}
    outcomes = [_decide(entry, lines.get(entry.row_id), sheet=sheet) for entry in entries]
    sent = [
        _store(sheet, lines[outcome.row_id], outcome, sending=sending)
        for outcome in outcomes
        if outcome.fate is Fate.SENT
    ]
    if not sent:
        raise NothingSent(outcomes)
    audit.record(
        "readings.volumes_sent",
        contract,
        before=None,
        after={"month": str(sheet.month), "volumes": [str(row.id) for row in sent]},
        by=sending.by,
        contract_id=contract.pk,
    )
    return {"outcomes": [fates.outcome_as_json(outcome) for outcome in outcomes]}


def _locked_sheet(
    contract: Contract, entries: Sequence[Entry], *, sending: Sending, membership: Membership
) -> VolumeSheet:
    """Hold the points and the open period, then look: nobody else may send them or close it meanwhile."""
    wanted = [entry.row_id for entry in entries]
    list(SupplyPoint.objects.select_for_update(no_key=True).filter(contract=contract, pk__in=wanted).order_by("pk"))
    sheet = volume_sheet_of(contract, sending.provider, points=membership.points, today=sending.today)
    if not hold_open_period(contract.provider_id, sheet.month):
        closed = sheet.closed or Mistake.PERIOD_CLOSED
        return Sheet(sheet.contract, sheet.window, closed=closed, lines=sheet.lines)
    return sheet


def _own_points(contract: Contract, entries: Sequence[Entry], *, membership: Membership) -> set[object]:
    points = SupplyPoint.objects.filter(contract=contract, pk__in=[entry.row_id for entry in entries])
    if membership.points is not None:
        points = points.filter(pk__in=membership.points)
    return set(points.values_list("pk", flat=True))


def _decide(entry: Entry, line: VolumeLine | None, *, sheet: VolumeSheet) -> Outcome:
    if line is None:
        return Outcome(entry.row_id, entry.raw, Fate.REFUSED, problems=(Mistake.NOT_YOURS,))
    return fates.decide(
        entry,
        line.verdict_on(entry.raw),
        closed=sheet.closed or (None if line.is_live else Mistake.ENTRY_CLOSED),
        sent_value=line.sent.value if line.sent and line.sent.state in EFFECTIVE else None,
    )


def _store(sheet: VolumeSheet, line: VolumeLine, outcome: Outcome, *, sending: Sending) -> SewageVolume:
    """Insert the volume, putting aside the one it corrects, and tell billing."""
    corrected = line.sent if line.sent and line.sent.state in EFFECTIVE else None
    if corrected:
        SewageVolume.objects.filter(contract_id=sheet.contract.pk, id=corrected.id).update(
            state=SubmissionState.SUPERSEDED, state_at=sending.at
        )
    volume = SewageVolume.objects.create(  # type: ignore[misc]  # a value that may be sent is a number
        contract=sheet.contract,
        id=ids.new(),
        provider_id=sheet.contract.provider_id,
        point=line.point,
        month=sheet.month.first,
        raw=outcome.raw,
        value=line.verdict_on(outcome.raw).value,
        previous=line.previous.value if line.previous else None,
        taken_on=sending.today,
        sent_at=sending.at,
        actor_kind=sending.by.kind,
        actor_id=sending.by.id,
        channel=sending.by.channel,
        key=sending.key,
        corrects=corrected.id if corrected else None,
        confirmed=list(outcome.problems),
        state_at=sending.at,
    )
    VolumeDraft.objects.filter(point=line.point, month=sheet.month.first).delete()
    events.emit(
        "readings.volume_sent",
        provider_id=sheet.contract.provider_id,
        contract_id=sheet.contract.pk,
        payload=_for_billing(volume, line=line, contract=sheet.contract),
        at=sending.at,
    )
    return volume


def _for_billing(volume: SewageVolume, *, line: VolumeLine, contract: Contract) -> dict[str, Any]:
    return {
        "submission": str(volume.id),
        "contract": contract.external_id,
        "supply_point": line.point.external_id,
        "month": str(Month.of(volume.month)),
        "value": str(volume.value),
        "previous": None if volume.previous is None else str(volume.previous),
        "taken_on": volume.taken_on.isoformat(),
        "sent_at": volume.sent_at.isoformat(),
        "corrects": str(volume.corrects) if volume.corrects else None,
        "confirmed": volume.confirmed,
    }
