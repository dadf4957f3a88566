"""What the billing system knows and says."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from kabinet.kernel.periods import Month


class Kind(StrEnum):
    """What a customer sends: a reading of a register, or a volume of hot water into the drains of a supply point."""

    READING = "reading"
    VOLUME = "volume"


class State(StrEnum):
    """What became of a reading that a customer sent."""

    WAITING = "waiting"
    TAKEN = "taken"
    REFUSED = "refused"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Reason(StrEnum):
    """Why a reading is refused."""

    UNKNOWN_REGISTER = "unknown_register"
    UNKNOWN_POINT = "unknown_point"
    METER_REMOVED = "meter_removed"
    VERIFICATION_EXPIRED = "verification_expired"
    TOO_MANY_DIGITS = "too_many_digits"
    BELOW_PREVIOUS = "below_previous"
    BEYOND_PHYSICAL_LIMIT = "beyond_physical_limit"
    VOLUME_TOO_LARGE = "volume_too_large"
    REFUSED_BY_CLERK = "refused_by_clerk"
    FAULT = "fault"


SENTENCES: Final[Mapping[Reason, str]] = {
    Reason.UNKNOWN_REGISTER: "Прибор учёта не числится за договором.",
    Reason.UNKNOWN_POINT: "Адрес не числится за договором.",
    Reason.METER_REMOVED: "Прибор учёта снят с учёта.",
    Reason.VERIFICATION_EXPIRED: "Не принято: истёк срок поверки прибора учёта.",
    Reason.TOO_MANY_DIGITS: "Показание длиннее шкалы прибора учёта.",
    Reason.BELOW_PREVIOUS: "Показание меньше предыдущего принятого.",
    Reason.BEYOND_PHYSICAL_LIMIT: "Расход больше, чем прибор может пропустить за это время.",
    Reason.VOLUME_TOO_LARGE: "Объём больше, чем можно сбросить за месяц.",
    Reason.REFUSED_BY_CLERK: "Отклонено специалистом.",
    Reason.FAULT: "Отклонено: биллинг песочницы отклоняет всё (проверочная неисправность).",
}


class Fault(StrEnum):
    """How the billing system misbehaves on demand."""

    NONE = "none"
    UNAVAILABLE = "unavailable"
    REFUSE_ALL = "refuse_all"
    ANSWER_TWICE = "answer_twice"
    WRONG_CONTRACT = "wrong_contract"
    GARBAGE = "garbage"
    SCHEMA_CHANGED = "schema_changed"
    NO_ACKNOWLEDGEMENT = "no_acknowledgement"


@dataclass(frozen=True, slots=True)
class Dial:
    """A register of a meter as billing keeps it."""

    id: str
    contract: str
    integer_digits: int
    limit_per_day: Decimal | None
    verification_due: date | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """What was accepted for a place the last time."""

    value: Decimal
    taken_on: date


@dataclass(frozen=True, slots=True)
class Sent:
    """What came from the portal; its place is a register, or a supply point where it is a volume."""

    id: str
    kind: Kind
    contract: str
    place: str
    month: Month
    value: Decimal
    taken_on: date
    rolls_over: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a reading is not taken, as a code and as a sentence for the customer."""

    code: str
    sentence: str

    @classmethod
    def of(cls, reason: Reason) -> "Refusal":
        return cls(reason, SENTENCES[reason])


class Unknown(Exception):
    """Raised when the books hold no such reading or month."""


@dataclass(frozen=True, slots=True)
class Books:
    """One provider's books within a transaction."""

    db: sqlite3.Connection
    slug: str
    at: datetime

    @property
    def provider(self) -> sqlite3.Row:
        row: sqlite3.Row | None = self.db.execute("SELECT * FROM provider WHERE slug = ?", (self.slug,)).fetchone()
        if row is None:
            raise Unknown(self.slug)
        return row
