"""«Сохранить показания»: what was typed is kept for the contract's people; it warns, never refuses (READ-01)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from kabinet.contracts.models import Contract, Register
from kabinet.contracts.services.access import require
from kabinet.contracts.values import Action
from kabinet.infra import audit
from kabinet.infra.db import step, use_case
from kabinet.kernel.actors import Actor
from kabinet.kernel.periods import Month
from kabinet.readings.models import Draft
from kabinet.readings.values import Entry

_LONGEST = 40


@use_case
def save(contract: Contract, entries: Sequence[Entry], *, month: Month, by: Actor, at: datetime) -> int:
    """Keep each row as typed, an emptied one forgotten; return how many are kept."""
    return keep(contract, entries, month=month, by=by, at=at)


@step
def keep(contract: Contract, entries: Sequence[Entry], *, month: Month, by: Actor, at: datetime) -> int:
    """Keep the rows within a use case; what is kept as it was typed already is not written again."""
    membership = require(by, contract, Action.SEND_READINGS, at=at)
    registers = Register.objects.filter(contract=contract, pk__in=[entry.row_id for entry in entries])
    if membership.points is not None:
        registers = registers.filter(meter__point_id__in=membership.points)
    mine = set(registers.values_list("pk", flat=True))
    typed = {entry.row_id: entry.raw.strip()[:_LONGEST] for entry in entries if entry.row_id in mine}
    drafts = Draft.objects.filter(month=month.first, register_id__in=typed)
    new = changed(typed, before=dict(drafts.values_list("register_id", "raw")))
    rows = sum(bool(raw) for raw in typed.values())
    if not new:
        return rows
    drafts.filter(register_id__in=[register for register, raw in new.items() if not raw]).delete()
    kept = [
        Draft(contract=contract, register_id=register, month=month.first, raw=raw, saved_by_id=by.id, saved_at=at)
        for register, raw in new.items()
        if raw
    ]
    Draft.objects.bulk_create(
        kept,
        update_conflicts=True,
        unique_fields=["register", "month"],
        update_fields=["raw", "saved_by", "saved_at"],
    )
    after = {"month": str(month), "rows": rows}
    audit.record("readings.draft_saved", contract, before=None, after=after, by=by, contract_id=contract.pk)
    return rows


def changed(typed: Mapping[UUID, str], *, before: Mapping[UUID, str]) -> dict[UUID, str]:
    """Return the rows that are typed otherwise than they are kept; an empty one is not kept at all."""
    return {row: raw for row, raw in typed.items() if raw != before.get(row, "")}
