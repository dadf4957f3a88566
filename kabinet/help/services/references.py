"""The office puts the references in words and keeps its branches (HELP-04, STAFF-01)."""

from datetime import datetime
from uuid import UUID

from kabinet.help.models import Branch, Reference
from kabinet.help.services.entries import require_publisher
from kabinet.help.values import BranchText, ReferenceKind
from kabinet.infra import audit
from kabinet.infra.db import use_case
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider


class BranchUnknown(Exception):
    """Raised when the provider has no such branch."""


class NameTaken(Exception):
    """Raised when another branch of the provider bears the name."""


@use_case
def publish_reference(kind: ReferenceKind, text: str, *, provider: Provider, by: Actor, at: datetime) -> Reference:
    """Put a reference in new words; the words before are not kept, that they were changed is."""
    require_publisher(by, provider)
    row, is_new = Reference.objects.select_for_update().get_or_create(
        provider=provider, kind=kind, defaults={"text": text, "published_at": at, "published_by": by.id}
    )
    if not is_new:
        row.text, row.published_at, row.published_by = text, at, by.id
        row.save(update_fields=["text", "published_at", "published_by"])
    audit.record("help.reference_published", row, before=None if is_new else kind, after=kind, by=by)
    return row


@use_case
def keep_branch(text: BranchText, *, provider: Provider, by: Actor, branch_id: UUID | None = None) -> Branch:
    """Add a branch, or change one; a closed one is shown no more."""
    require_publisher(by, provider)
    # Two that give the same name wait for each other here.
    Provider.objects.select_for_update().get(pk=provider.pk)
    row = Branch.objects.filter(provider=provider, pk=branch_id).first() if branch_id else Branch(provider=provider)
    if row is None:
        raise BranchUnknown
    if Branch.objects.filter(provider=provider, name=text.name).exclude(pk=row.pk).exists():
        raise NameTaken
    before = None if branch_id is None else _state(row)
    row.take(text)
    row.save()
    audit.record("help.branch_kept", row, before=before, after=_state(row), by=by)
    return row


def _state(row: Branch) -> str:
    return "open" if row.is_open else "closed"
