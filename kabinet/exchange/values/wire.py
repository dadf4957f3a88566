"""What goes over the wire beside the rows: reports, the feed, acknowledgements, errors."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from kabinet.exchange.values.fields import MonthField

FEED_LIMIT: Final = 1000
PROBLEMS_SHOWN: Final = 1000


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Outcome(StrEnum):
    """What became of a batch: taken, tried without effect, or refused whole."""

    TAKEN = "taken"
    CHECKED = "checked"
    REFUSED = "refused"


class EntityCounts(_Wire):
    """How many rows of an entity came and what they did."""

    rows: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    stale: int = 0


class ProblemLine(_Wire):
    """Why a row was refused: the line of the file, the row's name, the field and the code; `text` is for people."""

    line: int
    entity: str
    external_id: str
    field: str
    code: str
    text: str = ""


class Report(_Wire):
    """The answer to a batch."""

    batch: UUID
    outcome: Outcome
    sha256: str
    at: datetime
    entities: dict[str, EntityCounts] = Field(default_factory=dict)
    problems: tuple[ProblemLine, ...] = ()
    problems_total: int = 0


class ReadingsSent(_Wire):
    """A reading that a customer sent; contract, meter and register are billing's own external ids."""

    submission: UUID
    contract: str
    meter: str
    register_: str = Field(alias="register")
    month: MonthField
    value: Decimal
    previous: Decimal | None
    rolls_over: bool
    taken_on: date
    sent_at: datetime
    corrects: UUID | None
    confirmed: tuple[str, ...]


class ReadingWithdrawn(_Wire):
    """A customer takes a reading back, and nothing holds in its place."""

    submission: UUID
    contract: str
    meter: str
    register_: str = Field(alias="register")
    month: MonthField
    withdrawn_at: datetime


class MeterClaimed(_Wire):
    """A customer says that a meter is another one than the books have: its type, or the zones of its numbers.

    `values` are there for zones that the books know no register of; nothing is to be answered.
    """

    claim: UUID
    contract: str
    meter: str
    month: MonthField
    kind: Literal["tariff_numbers", "meter_type"]
    tariffs: int = Field(ge=1, le=3)
    numbers: dict[str, int | None]
    values: dict[str, Decimal]
    claimed_at: datetime


class VolumeSent(_Wire):
    """A volume of hot water into the drains that a customer sent for a supply point."""

    submission: UUID
    contract: str
    supply_point: str
    month: MonthField
    value: Decimal
    previous: Decimal | None
    taken_on: date
    sent_at: datetime
    corrects: UUID | None
    confirmed: tuple[str, ...]


class ActRequested(_Wire):
    """A customer asks for an act of reconciliation; both days are included."""

    request: UUID
    contract: str
    since: date
    until: date
    delivery: Literal["cabinet", "email"]
    asked_at: datetime


class FileKept(_Wire):
    """The answer to an upload: the name under which a row may point at the file."""

    file: UUID
    sha256: str
    size: int


# What billing is told of, by the kind of the event, and how it is written.
FEED_SHAPES: Final[Mapping[str, type[_Wire]]] = {
    "readings.sent": ReadingsSent,
    "readings.withdrawn": ReadingWithdrawn,
    "readings.meter_claimed": MeterClaimed,
    "readings.volume_sent": VolumeSent,
    "billing.act_requested": ActRequested,
}
FEED_KINDS: Final = tuple(FEED_SHAPES)


class FeedItem(_Wire):
    """A numbered fact; it comes again under the same `id` until it is acknowledged."""

    seq: int
    id: UUID
    kind: Literal[
        "readings.sent", "readings.withdrawn", "readings.meter_claimed", "readings.volume_sent", "billing.act_requested"
    ]
    at: datetime
    contract: str
    payload: ReadingsSent | ReadingWithdrawn | MeterClaimed | VolumeSent | ActRequested

    @model_validator(mode="after")
    def _is_of_its_kind(self) -> "FeedItem":
        if type(self.payload) is not FEED_SHAPES[self.kind]:
            raise PydanticCustomError("wrong_kind", "the payload is of another kind")
        return self


class Feed(_Wire):
    """A page of the feed; `last` is what to acknowledge and what to ask after next."""

    items: tuple[FeedItem, ...]
    last: int


class Acknowledgement(_Wire):
    """Everything up to this number is safe in billing."""

    upto: int = Field(ge=0, le=2**63 - 1)


class Acknowledged(_Wire):
    """Where the cursor stands and how many submissions it moved to «передано в расчёт»."""

    acknowledged: int
    passed: int


class ErrorAnswer(_Wire):
    """Every answer that is not a success."""

    code: str
    message: str
    details: dict[str, Any] = Field(default_factory=dict)
