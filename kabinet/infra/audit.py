"""History, once: who did what to what, in the same transaction as the doing (TRUST 11, I30)."""

from typing import Any
from uuid import UUID

from django.db.models import Model

from kabinet.infra import clock
from kabinet.infra.db import step
from kabinet.infra.models import AuditRow
from kabinet.kernel.actors import Actor


@step
def record(
    act: str,
    target: Model,
    *,
    before: Any,
    after: Any,
    by: Actor,
    contract_id: UUID | None = None,
) -> AuditRow:
    """Append one row; `before` and `after` carry ids and codes only, so that erasure need not touch them."""
    row = drawn_up(act, target, before=before, after=after, by=by, contract_id=contract_id)
    row.save(force_insert=True)
    return row


def drawn_up(
    act: str,
    target: Model,
    *,
    before: Any,
    after: Any,
    by: Actor,
    contract_id: UUID | None = None,
) -> AuditRow:
    """Return the row for a statement that appends it beside what it tells of."""
    return AuditRow(
        at=clock.technical_now(),
        provider_id=by.provider_id,
        contract_id=contract_id,
        act=act,
        target_kind=target._meta.model_name or "",
        target_id=str(target.pk),
        before=before,
        after=after,
        actor_kind=by.kind,
        actor_id=by.id,
        on_behalf_of=by.on_behalf_of,
        channel=by.channel,
        reason=by.reason,
    )
