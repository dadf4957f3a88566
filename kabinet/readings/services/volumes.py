"""Keeping and sending volumes of hot water into the drains (READ-04)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from kabinet.contracts.models import Contract, Membership, SupplyPoint
from kabinet.contracts.services.access import require
from kabinet.contracts.values import Action
from kabinet.infra import audit, events
from kabinet.infra.db import use_case
from kabinet.kernel.actors import Actor
from kabinet.kernel.periods import Month
from kabinet.readings.models import SewageVolume, SubmissionState, VolumeDraft
from kabinet.readings.selectors.volumes import VolumeLine, VolumeSheet, volume_sheet_of
from kabinet.readings.services import drafts, rows
from kabinet.readings.services.rows import Sending
from kabinet.readings.values import Entry, Outcome

_LONGEST = 40


@use_case
def save(contract: Contract, entries: Sequence[Entry], *, month: Month, by: Actor, at: datetime) -> int:
    """Keep each row as typed, an emptied one forgotten; return how many are kept."""
    membership = require(by, contract, Action.SEND_READINGS, at=at)
    points = _own_points(contract, entries, membership=membership)
    typed = {entry.row_id: entry.raw.strip()[:_LONGEST] for entry in entries if entry.row_id in points}
    held = VolumeDraft.objects.filter(month=month.first, point_id__in=typed)
    new = drafts.changed(typed, before=dict(held.values_list("point_id", "raw")))
    number = sum(bool(raw) for raw in typed.values())
    if not new:
        return number
    held.filter(point_id__in=[point for point, raw in new.items() if not raw]).delete()
    kept = [
        VolumeDraft(contract=contract, point_id=point, month=month.first, raw=raw, saved_by_id=by.id, saved_at=at)
        for point, raw in new.items()
        if raw
    ]
    VolumeDraft.objects.bulk_create(
        kept,
        update_conflicts=True,
        unique_fields=["point", "month"],
        update_fields=["raw", "saved_by", "saved_at"],
    )
    after = {"month": str(month), "rows": number}
    audit.record("readings.volumes_kept", contract, before=None, after=after, by=by, contract_id=contract.pk)
    return number


@use_case
def submit(contract: Contract, entries: Sequence[Entry], *, sending: Sending) -> list[Outcome]:
    """Send the filled rows that may go; the others come back with reasons. The same key and rows are one sending."""
    membership = require(sending.by, contract, Action.SEND_READINGS, at=sending.at)
    return rows.once(
        entries,
        body={"volumes_of": str(contract.pk)},
        sending=sending,
        act=lambda: _send(contract, entries, sending=sending, membership=membership),
    )


def _send(contract: Contract, entries: Sequence[Entry], *, sending: Sending, membership: Membership) -> list[Outcome]:
    sheet = _locked_sheet(contract, entries, sending=sending, membership=membership)
    outcomes, going = rows.decided(sheet, entries, today=sending.today)
    sent = [_store(sheet, line, outcome, sending=sending) for line, outcome in going]
    audit.record(
        "readings.volumes_sent",
        contract,
        before=None,
        after={"month": str(sheet.month), "volumes": [str(row.id) for row in sent]},
        by=sending.by,
        contract_id=contract.pk,
    )
    return outcomes


def _locked_sheet(
    contract: Contract, entries: Sequence[Entry], *, sending: Sending, membership: Membership
) -> VolumeSheet:
    """Hold the points and the open period, then look: nobody else may send them or close it meanwhile."""
    wanted = [entry.row_id for entry in entries]
    list(SupplyPoint.objects.select_for_update(no_key=True).filter(contract=contract, pk__in=wanted).order_by("pk"))
    sheet = volume_sheet_of(contract, sending.provider, points=membership.points, today=sending.today)
    return rows.in_held_period(sheet)


def _own_points(contract: Contract, entries: Sequence[Entry], *, membership: Membership) -> set[UUID]:
    points = SupplyPoint.objects.filter(contract=contract, pk__in=[entry.row_id for entry in entries])
    if membership.points is not None:
        points = points.filter(pk__in=membership.points)
    return set(points.values_list("pk", flat=True))


def _store(sheet: VolumeSheet, line: VolumeLine, outcome: Outcome, *, sending: Sending) -> SewageVolume:
    """Insert the volume, putting aside the one it corrects, and tell billing."""
    facts = rows.facts_of(sheet, line, outcome, sending=sending)
    own = SewageVolume.objects.filter(contract_id=sheet.contract.pk)
    own.filter(id=facts["corrects"]).update(state=SubmissionState.SUPERSEDED, state_at=sending.at)
    volume = SewageVolume.objects.create(point=line.point, **facts)
    VolumeDraft.objects.filter(point=line.point, month=sheet.month.first).delete()
    events.emit(
        "readings.volume_sent",
        provider_id=sheet.contract.provider_id,
        contract_id=sheet.contract.pk,
        payload=rows.for_billing(volume, contract=sheet.contract) | {"supply_point": line.point.external_id},
        at=sending.at,
    )
    return volume
