"""Events whose handlers failed, as the offices see them: which, since when, and «try again now»."""

from uuid import UUID

from django.db.models import QuerySet

from kabinet.infra import audit, clock
from kabinet.infra.db import step
from kabinet.infra.models import ParkedEvent
from kabinet.kernel.actors import Actor


class ParkedUnknown(Exception):
    """Raised when the event is not parked, or is another provider's."""


def parked_of(provider_id: UUID) -> QuerySet[ParkedEvent]:
    """Return a provider's parked events, the oldest first: those behind them wait for them."""
    return ParkedEvent.objects.filter(event__provider_id=provider_id).select_related("event").order_by("seq")


@step
def retry_now(parked_id: UUID, *, provider_id: UUID, by: Actor) -> ParkedEvent:
    """Let the relay take the event at its next turn instead of after the pause."""
    parked = parked_of(provider_id).select_for_update(of=("self",)).filter(pk=parked_id).first()
    if parked is None:
        raise ParkedUnknown
    parked.retry_at = clock.technical_now()
    parked.save(update_fields=["retry_at"])
    facts = {"handler": parked.handler, "seq": parked.seq, "error": parked.error}
    audit.record("infra.event_retried", parked, before=facts, after=None, by=by, contract_id=parked.event.contract_id)
    return parked
