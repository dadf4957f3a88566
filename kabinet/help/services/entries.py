"""The office publishes answers and takes them back (HELP-01, STAFF-01)."""

from datetime import datetime
from uuid import UUID

from django.db.models import Max

from kabinet.help.models import HelpEntry, HelpGroup
from kabinet.help.rules.publishing import may_publish
from kabinet.help.values import EntryText
from kabinet.infra import audit
from kabinet.infra.db import step, use_case
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider


class NotPermitted(Exception):
    """Raised when the actor does not work for the provider."""


class EntryUnknown(Exception):
    """Raised when the provider has no such entry."""


class AlreadyWithdrawn(Exception):
    """Raised when the entry is not published, so that there is nothing to take back."""


@use_case
def publish_entry(
    text: EntryText, *, provider: Provider, by: Actor, at: datetime, entry_id: UUID | None = None
) -> HelpEntry:
    """Publish a question with its answer: a new one, or `entry_id` in new words."""
    require_publisher(by, provider)
    entry = _locked(entry_id, provider=provider) if entry_id else HelpEntry(provider=provider)
    before = _state(entry)
    entry.group = _group(text.group, provider=provider)
    entry.question, entry.answer, entry.place = text.question, text.answer, text.place
    entry.published_at, entry.published_by, entry.withdrawn_at = at, by.id, None
    entry.save()
    audit.record("help.published", entry, before=before, after=_state(entry), by=by)
    return entry


@use_case
def withdraw_entry(entry_id: UUID, *, provider: Provider, by: Actor, at: datetime) -> HelpEntry:
    """Take an entry back from customers; the office keeps its text."""
    require_publisher(by, provider)
    entry = _locked(entry_id, provider=provider)
    if not entry.is_published:
        raise AlreadyWithdrawn
    entry.withdrawn_at = at
    entry.save(update_fields=["withdrawn_at"])
    audit.record("help.withdrawn", entry, before="published", after=_state(entry), by=by)
    return entry


def require_publisher(by: Actor, provider: Provider) -> None:
    """Refuse whoever does not work for the provider."""
    if not may_publish(by, provider_id=provider.pk):
        raise NotPermitted


@step
def _locked(entry_id: UUID, *, provider: Provider) -> HelpEntry:
    entry = HelpEntry.objects.select_for_update().filter(provider=provider, pk=entry_id).first()
    if entry is None:
        raise EntryUnknown
    return entry


@step
def _group(name: str, *, provider: Provider) -> HelpGroup:
    """Return the group of the name; a new one comes last."""
    last = HelpGroup.objects.filter(provider=provider).aggregate(place=Max("place"))["place"] or 0
    return HelpGroup.objects.get_or_create(provider=provider, name=name, defaults={"place": last + 1})[0]


def _state(entry: HelpEntry) -> str | None:
    if entry.published_at is None:
        return None
    return "published" if entry.is_published else "withdrawn"
