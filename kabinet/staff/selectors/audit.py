"""The audit as the office reads it, and the state of its chain (STAFF-02)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from kabinet.accounts.models import Specialist
from kabinet.infra import chain
from kabinet.infra.chain import Fault
from kabinet.infra.models import AuditAnchor, AuditRow, UnanchoredRow


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which part of the audit: nothing named is everything of the provider."""

    act: str = ""
    person: UUID | None = None
    contract: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChainState:
    """How far the chain reaches; `faults` is there when it was computed again from its beginning."""

    newest: AuditAnchor | None
    waiting: int
    faults: tuple[Fault, ...] | None = None


def rows_of(provider_id: UUID, query: AuditQuery) -> QuerySet[AuditRow]:
    """Return the provider's audit, the newest first; a person is whoever acted and whoever it was done to."""
    rows = AuditRow.objects.filter(provider_id=provider_id)
    if query.act:
        rows = rows.filter(act=query.act)
    if query.person:
        rows = rows.filter(Q(actor_id=query.person) | Q(target_id=str(query.person)))
    if query.contract:
        rows = rows.filter(contract_id=query.contract)
    if query.since:
        rows = rows.filter(at__gte=query.since)
    if query.until:
        rows = rows.filter(at__lt=query.until)
    return rows.order_by("-at", "-pk")


def acts_of(provider_id: UUID) -> list[str]:
    """Return the kinds of acts that there were."""
    acts = AuditRow.objects.filter(provider_id=provider_id).order_by("act").values_list("act", flat=True)
    return list(acts.distinct())


def names_of(provider_id: UUID) -> dict[UUID, str]:
    """Return who acts in this office, by the ids that the audit holds."""
    rows = Specialist.objects.filter(provider_id=provider_id).select_related("user")
    return {row.pk: row.user.display_name for row in rows}


def chain_state(*, is_computed: bool) -> ChainState:
    """Return the newest link; computed, every link is compared with the rows that it binds."""
    faults = tuple(chain.faults()) if is_computed else None
    return ChainState(chain.newest(), UnanchoredRow.objects.count(), faults)
