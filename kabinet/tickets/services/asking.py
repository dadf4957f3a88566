"""A question comes in, by a person who is signed in or by anybody (REQ-03, SITE-03)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import BinaryIO, Final
from uuid import UUID

from kabinet.accounts.services import parts, tries
from kabinet.contracts.models import Contract
from kabinet.contracts.services.access import NotSeen, require
from kabinet.contracts.values import Action
from kabinet.infra import audit, events, kinds, limits, mail, scanning
from kabinet.infra.db import step, use_case
from kabinet.infra.idempotency import Result, once
from kabinet.infra.limits import Limit, LimitReached
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider
from kabinet.tickets import letters, selectors
from kabinet.tickets.models import Ticket, TicketFile, TicketMessage
from kabinet.tickets.rules.topics import topic_named
from kabinet.tickets.services import access
from kabinet.tickets.services.numbering import next_ordinal
from kabinet.tickets.values import Accepted, Door, Question, Speaker, TopicValue

BY_ADDRESS: Final = Limit("feedback_address", 10, timedelta(hours=1))
BY_USER: Final = Limit("feedback_user", 20, timedelta(hours=1))
LETTERS: Final = Limit("feedback_letters", 5, timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file as it was given: the bytes and the name that the person has for it."""

    name: str
    stream: BinaryIO


class FilesRefused(Exception):
    """Raised when a file is not of a kind that we take; names it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def ask(
    question: Question,
    *,
    provider: Provider,
    key: str,
    address: str,
    language: str,
    by: Actor,
    at: datetime,
    today: date,
    files: Sequence[GivenFile] = (),
) -> Accepted:
    """Open a ticket and send a letter of receipt; the same key and words again give the same ticket."""
    if by.is_customer:
        limits.spend(BY_USER, f"{by.provider_id} {by.id}")
    else:
        tries.spend_address(BY_ADDRESS, address)
    has_letter = bool(question.contact.email) and may_write(question.contact.email)
    result = _ask(
        question,
        provider=provider,
        key=key,
        language=language,
        has_letter=has_letter,
        files=files,
        by=by,
        at=at,
        today=today,
    )
    return Accepted(ticket_id=UUID(result["ticket"]), number=result["number"])


@use_case
def _ask(
    question: Question,
    *,
    provider: Provider,
    key: str,
    language: str,
    has_letter: bool,
    files: Sequence[GivenFile],
    by: Actor,
    at: datetime,
    today: date,
) -> Result:
    def act() -> Result:
        if by.is_customer:
            # An account that is being closed leaves no name behind in a question that was on its way.
            parts.hold(by.person, provider_id=provider.pk)
        ticket = opened(question, provider=provider, language=language, by=by, at=at, today=today)
        if question.section_id:
            # A subject of «Обратная связь» that happens to bear the section's name asks for nothing.
            access.begin(ticket, by=by, at=at)
        message = TicketMessage.objects.create(
            ticket=ticket, speaker=Speaker.CUSTOMER, speaker_id=by.id, text=question.text, at=at
        )
        attach(files, message, provider=provider, at=at)
        tell(ticket, by=by, at=at)
        if has_letter:
            mail.post(letters.received(ticket, provider=provider))
        return {"ticket": str(ticket.pk), "number": ticket.number}

    # Nobody has no id of his own; the key is a random one of ours, so that strangers cannot meet.
    asker = by if by.id else replace(by, id=provider.pk)
    body = [question.to_facts(), [file.name for file in files]]
    return once(key, body=body, by=asker, act=act)


@step
def opened(question: Question, *, provider: Provider, language: str, by: Actor, at: datetime, today: date) -> Ticket:
    topic = _topic_of(question, provider_id=provider.pk)
    return Ticket.objects.create(
        provider=provider,
        year=today.year,
        ordinal=next_ordinal(provider, today.year),
        door=Door.CABINET if by.is_customer else Door.FEEDBACK,
        topic_id=topic.topic_id if topic else None,
        section_id=topic.section_id if topic else None,
        contract=_contract(question, by=by, at=at),
        contract_number=question.contract_number,
        subject=question.subject,
        language=language,
        created_at=at,
        author_id=by.id if by.is_customer else None,
        contact_name=question.contact.name,
        contact_email=question.contact.email,
        contact_phone=question.contact.phone,
        last_message_at=at,
    )


def _topic_of(question: Question, *, provider_id: UUID) -> TopicValue | None:
    topics = selectors.topics_of(provider_id)
    if question.section_id:
        return next((topic for topic in topics if topic.section_id == question.section_id), None)
    return topic_named(question.subject, topics)


@step
def _contract(question: Question, *, by: Actor, at: datetime) -> Contract | None:
    """Return the contract that the question is about; only who sees it may name it."""
    if question.contract_id is None:
        return None
    contract = Contract.objects.filter(pk=question.contract_id).first()
    if contract is None:
        raise NotSeen
    require(by, contract, Action.SEE_CONTRACT, at=at)
    return contract


@step
def attach(files: Sequence[GivenFile], message: TicketMessage, *, provider: Provider, at: datetime) -> None:
    """Keep the files of a message that is being written."""
    for given in files:
        kind = kinds.kind_of(given.stream)
        if kind is None:
            raise FilesRefused(given.name)
        stored = scanning.keep(
            given.stream,
            provider_id=provider.pk,
            original_name=given.name,
            media_type=kinds.media_type_of(kind),
            at=at,
        )
        TicketFile.objects.create(message=message, stored=stored)


@step
def tell(ticket: Ticket, *, by: Actor, at: datetime) -> None:
    audit.record("tickets.opened", ticket, before=None, after=ticket.status, by=by, contract_id=ticket.contract_id)
    events.emit(
        "tickets.opened",
        provider_id=ticket.provider_id,
        contract_id=ticket.contract_id,
        payload={"ticket": str(ticket.pk)},
        at=at,
    )


def may_write(email: str) -> bool:
    """Count the letter; a mailbox that got too many gets none, and its question is taken all the same."""
    try:
        limits.spend(LETTERS, email)
    except LimitReached:
        return False
    return True
