"""Reads of the exchange: who a key belongs to, what the feed holds, what the journal says."""

from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from kabinet.contracts.models import Contract
from kabinet.exchange.models import Message, Partner
from kabinet.exchange.values.wire import FEED_KINDS
from kabinet.infra.models import Event


def partner_by_hash(token_hash: str) -> Partner | None:
    """Find a key's owner by the whole hash: the index looks for nothing that a stopwatch could learn a key from."""
    return Partner.objects.select_related("provider").filter(token_hash=token_hash).first()


def partner_named(source: str, *, of_provider: str) -> Partner | None:
    """Find a provider's system by the names that both have in addresses and rows."""
    return Partner.objects.select_related("provider").filter(provider__slug=of_provider, source=source).first()


def feed_of(partner: Partner, *, after: int, upto: int | None, limit: int | None) -> list[Event]:
    """Return the numbered events for this partner's contracts in their order."""
    own = Contract.objects.filter(pk=OuterRef("contract_id"), provider_id=partner.provider_id, source=partner.source)
    events = Event.objects.filter(
        Exists(own), provider_id=partner.provider_id, kind__in=FEED_KINDS, seq__gt=after
    ).order_by("seq")
    if upto is not None:
        events = events.filter(seq__lte=upto)
    return list(events[:limit])


def report_of(partner: Partner, batch: UUID) -> Message | None:
    return Message.objects.filter(partner=partner, pk=batch, kind__startswith="batch").first()


def refused_batches_of(provider_id: UUID) -> QuerySet[Message]:
    """Return the batches of which the portal took nothing, the newest first."""
    return Message.objects.filter(provider_id=provider_id, kind="batch", answer__outcome="refused").order_by("-at")


def messages_of(contract: Contract) -> QuerySet[Message]:
    """Return all that went to billing and came from it about a contract, the newest first."""
    return Message.objects.filter(contract_id=contract.pk).order_by("-at", "-pk")
