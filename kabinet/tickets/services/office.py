"""The office works on tickets (STAFF-01)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from kabinet.accounts.models import Enrollment, User
from kabinet.accounts.services.specialists import require_duty
from kabinet.accounts.values import StaffAction
from kabinet.contracts.models import Contract
from kabinet.contracts.services import roles
from kabinet.infra import audit, events, mail
from kabinet.infra.db import step, use_case
from kabinet.infra.idempotency import Result, once
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider
from kabinet.tickets import letters
from kabinet.tickets.models import Ticket, TicketMessage
from kabinet.tickets.rules import deeds
from kabinet.tickets.rules.topics import is_about_access
from kabinet.tickets.services import access
from kabinet.tickets.services.asking import GivenFile, attach
from kabinet.tickets.services.numbering import next_ordinal
from kabinet.tickets.values import Deed, Door, Speaker, Status

GRANTED: Final = _("Роль «Администратор» назначена")
REFUSED: Final = _("Отказано")
GIVEN_TO_ANOTHER: Final = _(
    "Администратором этого договора назначен другой пользователь. Роль и доступ к энергообъектам назначает теперь он."
)


class NotPermitted(Exception):
    """Raised when the actor is not of the provider's office."""


class TicketUnknown(Exception):
    """Raised when the provider has no such ticket."""


class NotAboutAccess(Exception):
    """Raised when the ticket does not ask for the role «Администратор»."""


class NobodyToAsk(Exception):
    """Raised when whoever is to be asked has no address to write to."""


@dataclass(frozen=True, slots=True)
class FromOffice:
    """What the office asks a customer of its own accord."""

    subject: str
    text: str


class NoCabinet(Exception):
    """Raised when files are given to an author who has no cabinet to find them in."""


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
def answer(
    ticket_id: UUID,
    text: str,
    *,
    key: str,
    provider: Provider,
    by: Actor,
    at: datetime,
    files: Sequence[GivenFile] = (),
) -> UUID:
    """Answer the author, by letter too; the same key and words again give the same message.

    Files wait in the cabinet, where only its author has them: who wrote without signing in is given none.
    """
    ticket = _locked(ticket_id, provider=provider, by=by)
    if files and ticket.author_id is None:
        raise NoCabinet

    def act() -> Result:
        message = _answered(ticket, text, by=by, at=at, has_files=bool(files))
        attach(files, message, provider=provider, at=at)
        return {"message": str(message.pk)}

    body = [str(ticket_id), text, *(file.name for file in files)]
    return UUID(once(key, body=body, by=by, act=act)["message"])


@use_case
def close(ticket_id: UUID, *, resolution: str, provider: Provider, by: Actor) -> Ticket:
    """End the ticket with a resolution; its author may open another."""
    ticket = _locked(ticket_id, provider=provider, by=by)
    return _closed(ticket, resolution, by=by)


@use_case
def grant_access(ticket_id: UUID, text: str, *, provider: Provider, by: Actor, at: datetime) -> Ticket:
    """Make who asked the contract's Администратор, answer and close; whoever else asked is answered too (ROLE-03)."""
    ticket = _locked(ticket_id, provider=provider, by=by)
    contract, author = _asked_for(ticket)
    roles.appoint(contract, author, by=by, at=at)
    _answer_and_close(ticket, text, resolution=_in(ticket, GRANTED), by=by, at=at)
    others = Ticket.objects.select_for_update(of=("self",)).filter(provider=provider, contract=contract)
    open_ones = others.exclude(status=Status.CLOSED).select_related("topic", "section", "contract", "provider")
    for other in open_ones.order_by("pk"):
        if is_about_access(other):
            _answer_and_close(other, _in(other, GIVEN_TO_ANOTHER), resolution=_in(other, REFUSED), by=by, at=at)
    return ticket


@use_case
def refuse_access(ticket_id: UUID, text: str, *, provider: Provider, by: Actor, at: datetime) -> Ticket:
    """Refuse the role by answering the ticket."""
    ticket = _locked(ticket_id, provider=provider, by=by)
    _asked_for(ticket)
    require_duty(by, provider_id=provider.pk, action=StaffAction.APPOINT_ADMINISTRATORS)
    _answer_and_close(ticket, text, resolution=_in(ticket, REFUSED), by=by, at=at)
    return ticket


@step
def begin(
    question: FromOffice,
    *,
    contract: Contract,
    author_id: UUID | None,
    provider: Provider,
    by: Actor,
    at: datetime,
    year: int,
) -> Ticket:
    """Open a ticket in which the office speaks first; it stands among the customer's own, and a letter tells of it.

    The use case around has asked whether the specialist has the duty that makes him ask.
    """
    author = User.objects.filter(pk=author_id, email_confirmed_at__isnull=False).first() if author_id else None
    if author is None or not author.email or by.provider_id != provider.pk:
        raise NobodyToAsk
    ticket = Ticket.objects.create(
        provider=provider,
        year=year,
        ordinal=next_ordinal(provider, year),
        door=Door.OFFICE,
        contract=contract,
        subject=question.subject,
        language=author.language,
        created_at=at,
        author=author,
        contact_name=author.display_name,
        contact_email=author.email,
        status=Status.ANSWERED,
        last_message_at=at,
    )
    message = _said(ticket, question.text, by=by, at=at)
    count_unread(ticket)
    ticket.is_unread_by_author = True
    ticket.save(update_fields=["is_unread_by_author"])
    audit.record("tickets.begun", ticket, before=None, after=ticket.status, by=by, contract_id=contract.pk)
    mail.post(letters.asked(ticket, message, provider=provider))
    return ticket


@step
def _asked_for(ticket: Ticket) -> tuple[Contract, User]:
    """Return on which contract and by whom the role is asked for in the open ticket."""
    if not is_about_access(ticket) or ticket.contract is None or ticket.author is None:
        raise NotAboutAccess
    if ticket.status == Status.CLOSED:
        raise NotPossible(Status.CLOSED)
    return ticket.contract, ticket.author


@step
def _answer_and_close(ticket: Ticket, text: str, *, resolution: str, by: Actor, at: datetime) -> None:
    _answered(ticket, text, by=by, at=at)
    _closed(ticket, resolution, by=by)


@step
def _closed(ticket: Ticket, resolution: str, *, by: Actor) -> Ticket:
    _done(Deed.CLOSE, ticket, by=by)
    ticket.resolution = resolution
    ticket.save(update_fields=["resolution"])
    access.end(ticket)
    return ticket


def _in(ticket: Ticket, words: Any) -> str:
    """Say it in the language of the ticket."""
    with translation.override(ticket.language):
        return str(words)


@step
def _answered(ticket: Ticket, text: str, *, by: Actor, at: datetime, has_files: bool = False) -> TicketMessage:
    _done(Deed.ANSWER, ticket, by=by)
    message = _said(ticket, text, by=by, at=at)
    count_unread(ticket)
    ticket.last_message_at, ticket.is_unread_by_author = at, True
    ticket.save(update_fields=["last_message_at", "is_unread_by_author"])
    _tell(ticket, message, at=at, has_files=has_files)
    return message


@step
def _locked(ticket_id: UUID, *, provider: Provider, by: Actor) -> Ticket:
    if not deeds.may_work(by, provider_id=provider.pk):
        raise NotPermitted
    tickets = Ticket.objects.select_related("topic", "section", "contract", "provider", "author")
    ticket = tickets.select_for_update(of=("self",)).filter(provider=provider, pk=ticket_id).first()
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
def count_unread(ticket: Ticket) -> None:
    """Add the ticket to its author's counter, unless it stands there already."""
    if ticket.author_id and not ticket.is_unread_by_author:
        mine = Enrollment.objects.filter(user_id=ticket.author_id, provider_id=ticket.provider_id)
        mine.update(unread_tickets=F("unread_tickets") + 1)


@step
def _tell(ticket: Ticket, message: TicketMessage, *, at: datetime, has_files: bool) -> None:
    if ticket.contact_email:
        mail.post(letters.answered(ticket, message, provider=ticket.provider, has_files=has_files))
    events.emit(
        "tickets.answered",
        provider_id=ticket.provider_id,
        contract_id=ticket.contract_id,
        payload={"ticket": str(ticket.pk), "message": str(message.pk)},
        at=at,
    )
