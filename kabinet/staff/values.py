"""Codes and values of the office: why a card is opened, what happened to a contract, what was found."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Reason(StrEnum):
    """Why a specialist looks at somebody's data (TRUST 11)."""

    TICKET = "ticket"
    CALL = "call"
    LETTER = "letter"
    VISIT = "visit"
    RECONCILIATION = "reconciliation"
    ORDER = "order"


class ReferenceProblem(StrEnum):
    """Why a reference is not one: it is a number of something, never words about somebody."""

    MISSING = "missing"
    NOT_A_NUMBER = "not_a_number"


@dataclass(frozen=True, slots=True)
class Because:
    """A reason with the number of what asks for it, as the audit keeps it."""

    reason: Reason
    reference: str = ""

    @property
    def code(self) -> str:
        return f"{self.reason}:{self.reference}" if self.reference else str(self.reason)


class CardKind(StrEnum):
    """Whose card is opened."""

    CONTRACT = "contract"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class FoundContract:
    """A contract that a search found, as far as it is shown before a reason is given."""

    id: UUID
    number: str
    customer_name: str
    by_meter: str = ""


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """A person that a search found; the address is shown in part before a reason is given."""

    id: UUID
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found; `is_more` says that the phrase is too wide to show all."""

    contracts: tuple[FoundContract, ...] = ()
    people: tuple[FoundPerson, ...] = ()
    is_more: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.contracts and not self.people


class MomentKind(StrEnum):
    """What may happen to a contract's readings."""

    SENT = "sent"
    GIVEN = "given"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a contract's history: what was sent and what billing said of it."""

    at: datetime
    kind: MomentKind
    what: str = ""
    month: date | None = None
    value: Decimal | None = None
    state: str = ""
    reason: str = ""
    source: str = ""
    count: int = 0
    number: str = ""


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A setting that a new policy changes."""

    place: str
    before: str
    after: str
