"""The office works on tickets (STAFF-01)."""

from datetime import datetime
from uuid import UUID

from django.db.models import F

from kabinet.accounts.models import Enrollment
from kabinet.infra import audit, events, mail
from kabinet.infra.db import step, use_case
from kabinet.infra.idempotency import Result, once
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider
from kabinet.tickets import letters
from kabinet.tickets.models import Ticket, TicketMessage
from kabinet.tickets.rules import deeds
from kabinet.tickets.values import Deed, Speaker, Status


class NotPermitted(Exception):
    """Raised when the actor is not of the provider's office."""


class TicketUnknown(Exception):
    """Raised when the provider has no such ticket."""


class NotPossible(Exception):
    """Raised when the ticket's state does not allow the deed; says the state."""

    def __init__(self, status: Status) -> None:
        super().__init__(status)
        self.status = status


@use_case
def take(ticket_id: UUID, *, provider: Provider, by: Actor) -> Ticket:
    """Begin to work on a new ticket."""
    return _done(Deed.TAKE, _locked(ticket_id, provider=provider, by=by), by=by)


@use_case
def add_note(ticket_id: UUID, text: str, *, provider: Provider, by: Actor, at: datetime) -> TicketMessage:
    """Write a note that customers never see."""
    ticket = _locked(ticket_id, provider=provider, by=by)
    message = _said(ticket, text, by=by, at=at, is_internal=True)
    audit.record("tickets.noted", ticket, before=None, after=str(message.pk), by=by, contract_id=ticket.contract_id)
    return message


@use_case
def answer(ticket_id: UUID, text: str, *, key: str, provider: Provider, by: Actor, at: datetime) -> UUID:
    """Answer the author, by letter too; the same key and words again give the same message."""
    ticket = _locked(ticket_id, provider=provider, by=by)

    def act() -> Result:
        _done(Deed.ANSWER, ticket, by=by)
        message = _said(ticket, text, by=by, at=at)
        _count_unread(ticket)
        ticket.last_message_at, ticket.is_unread_by_author = at, True
        ticket.save(update_fields=["last_message_at", "is_unread_by_author"])
        _tell(ticket, message, at=at)
        return {"message": str(message.pk)}

    return UUID(once(key, body=[str(ticket_id), text], by=by, act=act)["message"])


@use_case
def close(ticket_id: UUID, *, resolution: str, provider: Provider, by: Actor) -> Ticket:
    """End the ticket with a resolution; its author may open another."""
    ticket = _locked(ticket_id, provider=provider, by=by)
    _done(Deed.CLOSE, ticket, by=by)
    ticket.resolution = resolution
    ticket.save(update_fields=["resolution"])
    return ticket


@step
def _locked(ticket_id: UUID, *, provider: Provider, by: Actor) -> Ticket:
    if not deeds.may_work(by, provider_id=provider.pk):
        raise NotPermitted
    ticket = Ticket.objects.select_for_update(of=("self",)).filter(provider=provider, pk=ticket_id).first()
    if ticket is None:
        raise TicketUnknown
    return ticket


@step
def _done(deed: Deed, ticket: Ticket, *, by: Actor) -> Ticket:
    before = Status(ticket.status)
    after = deeds.status_after(deed, before)
    if after is None:
        raise NotPossible(before)
    ticket.status = after
    ticket.save(update_fields=["status"])
    audit.record(f"tickets.{deed}", ticket, before=before, after=after, by=by, contract_id=ticket.contract_id)
    return ticket


@step
def _said(ticket: Ticket, text: str, *, by: Actor, at: datetime, is_internal: bool = False) -> TicketMessage:
    return TicketMessage.objects.create(
        ticket=ticket, speaker=Speaker.STAFF, speaker_id=by.id, text=text, at=at, is_internal=is_internal
    )


@step
def _count_unread(ticket: Ticket) -> None:
    """Add the ticket to its author's counter, unless it stands there already."""
    if ticket.author_id and not ticket.is_unread_by_author:
        mine = Enrollment.objects.filter(user_id=ticket.author_id, provider_id=ticket.provider_id)
        mine.update(unread_tickets=F("unread_tickets") + 1)


@step
def _tell(ticket: Ticket, message: TicketMessage, *, at: datetime) -> None:
    if ticket.contact_email:
        mail.post(letters.answered(ticket, message, provider=ticket.provider))
    events.emit(
        "tickets.answered",
        provider_id=ticket.provider_id,
        contract_id=ticket.contract_id,
        payload={"ticket": str(ticket.pk), "message": str(message.pk)},
        at=at,
    )
