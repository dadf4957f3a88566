"""Codes and values of tickets: who asks, about what, and where the answer goes."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Status(StrEnum):
    """How far a ticket is."""

    NEW = "new"
    IN_WORK = "in_work"
    ANSWERED = "answered"
    CLOSED = "closed"


class Door(StrEnum):
    """Through which door a ticket came in."""

    CABINET = "cabinet"
    FEEDBACK = "feedback"
    OFFICE = "office"


class Speaker(StrEnum):
    """Who says a message."""

    CUSTOMER = "customer"
    STAFF = "staff"
    SYSTEM = "system"


class Deed(StrEnum):
    """What is done with a ticket: by its author the reply, by the office the others."""

    REPLY = "reply"
    TAKE = "take"
    NOTE = "note"
    ANSWER = "answer"
    CLOSE = "close"


class AccessProblem(StrEnum):
    """Why the role cannot be asked for."""

    HAS_ADMINISTRATOR = "has_administrator"
    ASKED = "asked"


class StampProblem(StrEnum):
    """Why a form's stamp does not let it through."""

    FOREIGN = "foreign"
    TOO_OLD = "too_old"
    TOO_QUICK = "too_quick"


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the person: at least one of address and phone."""

    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; the contract is one of the person's own, the number is as typed and unproved.

    «Обращения» names the section, in «Обратная связь» the subject may happen to be one's name.
    """

    subject: str
    text: str
    contact: Contact
    section_id: UUID | None = None
    contract_id: UUID | None = None
    contract_number: str = ""

    def to_facts(self) -> dict[str, object]:
        """Return what makes two sendings the same."""
        return {
            "subject": self.subject,
            "text": self.text,
            "contact": [self.contact.name, self.contact.email, self.contact.phone],
            "contract": str(self.contract_id or self.contract_number),
        }


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the author is told at once."""

    ticket_id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class TopicValue:
    """A topic or one of its sections, as the subject of a question may name it."""

    topic_id: UUID
    name: str
    section_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ServiceText:
    """What the office offers for order: of a resource, under a code, done within so many working days."""

    resource: str
    code: str
    name: str
    working_days: int
    place: int = 0


class Scan(StrEnum):
    """The two papers that may go with an order."""

    PASSPORT = "passport"
    SCHEME = "scheme"


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What an order is made of, its scans apart; scans named in `without` are taken out of it."""

    service_id: UUID
    meter_id: UUID
    contact: Contact
    without: frozenset[Scan] = frozenset()


@dataclass(frozen=True, slots=True)
class Ordered:
    """What who ordered is told at once."""

    ticket_id: UUID
    number: str
    promised_on: date


@dataclass(frozen=True, slots=True)
class TopicText:
    """What the office publishes: a topic with its sections, each with the code by which pages lead to it."""

    code: str
    name: str
    sections: tuple[tuple[str, str], ...] = ()
    place: int = 0
