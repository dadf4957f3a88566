"""The author goes on with a ticket of his own: writes more, reads the answer (TICK-02)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F

from kabinet.accounts.models import Enrollment
from kabinet.accounts.services import parts
from kabinet.infra import audit, events
from kabinet.infra.db import step, use_case
from kabinet.infra.idempotency import Result, once
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider
from kabinet.tickets.models import Ticket, TicketMessage
from kabinet.tickets.rules import deeds
from kabinet.tickets.services.asking import GivenFile, attach
from kabinet.tickets.services.office import NotPossible, TicketUnknown
from kabinet.tickets.values import Deed, Speaker, Status


@use_case
def reply(
    ticket_id: UUID,
    text: str,
    *,
    key: str,
    provider: Provider,
    by: Actor,
    at: datetime,
    files: Sequence[GivenFile] = (),
) -> UUID:
    """Add a message to one's own ticket; the same key and words again give the same message."""
    ticket = _own(ticket_id, provider=provider, by=by)

    def act() -> Result:
        before = Status(ticket.status)
        after = deeds.status_after(Deed.REPLY, before)
        if after is None:
            raise NotPossible(before)
        message = TicketMessage.objects.create(
            ticket=ticket, speaker=Speaker.CUSTOMER, speaker_id=by.id, text=text, at=at
        )
        attach(files, message, provider=provider, at=at)
        ticket.status, ticket.last_message_at = after, at
        ticket.save(update_fields=["status", "last_message_at"])
        _tell(ticket, message, before=before, by=by, at=at)
        return {"message": str(message.pk)}

    body = [str(ticket_id), text, [file.name for file in files]]
    return UUID(once(key, body=body, by=by, act=act)["message"])


@use_case
def mark_read(ticket_id: UUID, *, provider: Provider, by: Actor) -> None:
    """Take the ticket from the author's counter; read twice counts once."""
    part = parts.hold(by.person, provider_id=provider.pk)
    ticket = _own(ticket_id, provider=provider, by=by)
    if not ticket.is_unread_by_author:
        return
    ticket.is_unread_by_author = False
    ticket.save(update_fields=["is_unread_by_author"])
    Enrollment.objects.filter(pk=part.pk, unread_tickets__gt=0).update(unread_tickets=F("unread_tickets") - 1)


@step
def _own(ticket_id: UUID, *, provider: Provider, by: Actor) -> Ticket:
    if not by.is_customer:
        raise TicketUnknown
    own = Ticket.objects.filter(provider=provider, author_id=by.person, pk=ticket_id)
    ticket = own.select_for_update(of=("self",)).first()
    if ticket is None:
        raise TicketUnknown
    return ticket


@step
def _tell(ticket: Ticket, message: TicketMessage, *, before: Status, by: Actor, at: datetime) -> None:
    audit.record("tickets.reply", ticket, before=before, after=ticket.status, by=by, contract_id=ticket.contract_id)
    events.emit(
        "tickets.replied",
        provider_id=ticket.provider_id,
        contract_id=ticket.contract_id,
        payload={"ticket": str(ticket.pk), "message": str(message.pk)},
        at=at,
    )
