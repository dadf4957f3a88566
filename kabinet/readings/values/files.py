"""Values of files of readings (READ-12)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from kabinet.kernel.periods import Month
from kabinet.readings.values import Dial, Previous


class Column(StrEnum):
    """What a column of a file holds."""

    POINT_CODE = "point_code"
    POINT_NAME = "point_name"
    STATUS = "status"
    METER = "meter"
    COMPLEX = "complex"
    QUANTITY = "quantity"
    ZONE = "zone"
    PREVIOUS = "previous"
    CURRENT = "current"


class CellFlag(StrEnum):
    """What a cell holds in place of a plain number."""

    PLAIN = ""
    FORMULA = "formula"
    ERROR = "error_cell"
    DATE = "date_cell"
    MERGED = "merged_cell"


class FileState(StrEnum):
    """Chosen → queued → done, or refused whole; withdrawn when its sender takes it back."""

    CHOSEN = "chosen"
    QUEUED = "queued"
    DONE = "done"
    REFUSED = "refused"
    DISCARDED = "discarded"
    WITHDRAWN = "withdrawn"


class FileProblem(StrEnum):
    """Why a file is refused whole; nothing of it was sent."""

    DAMAGED = "damaged"
    TOO_MANY_ENTRIES = "too_many_entries"
    TOO_LARGE = "too_large"
    PACKED_TOO_TIGHT = "packed_too_tight"
    ENCRYPTED = "encrypted"
    NESTED = "nested"
    BAD_NAME = "bad_name"
    TOO_LONG = "took_too_long"
    TOO_MANY_ROWS = "too_many_rows"
    FAR_CELL = "far_cell"
    NO_ROWS = "no_rows"
    NO_HEADER = "no_header"
    COLUMN_MISSING = "column_missing"
    COLUMN_TWICE = "column_twice"
    BAD_ENCODING = "bad_encoding"
    BAD_TABLE = "bad_table"
    NOT_A_TABLE = "not_a_table"
    NO_ACCESS = "no_access"


class FileNote(StrEnum):
    """What was noticed in a file and hinders nothing."""

    HIDDEN_SHEET = "hidden_sheet"
    OTHER_SHEET = "other_sheet"
    MACROS = "macros"
    EXTERNAL_LINKS = "external_links"
    OTHER_CONTRACT = "other_contract"


class RowFate(StrEnum):
    """What became of a row."""

    SENT = "sent"
    UNCHANGED = "unchanged"
    EMPTY = "empty"
    TO_CONFIRM = "to_confirm"
    HELD = "held"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"


class RowProblem(StrEnum):
    """Why a row did not go, beside the mistakes of its value."""

    NOT_FOUND = "not_found"
    AMBIGUOUS = "ambiguous"
    NO_SUCH_REGISTER = "no_such_register"
    DUPLICATE = "duplicate"
    FILL_IN = "fill_in"
    INCOMPLETE = "incomplete"
    FORMULA = "formula"
    ERROR_CELL = "error_cell"
    DATE_CELL = "date_cell"
    MERGED_CELL = "merged_cell"


class FileLine(NamedTuple):
    """A row of a file as it stands there; `column` is the letter of its current reading."""

    sheet: str
    row: int
    column: str
    point_code: str
    meter: str
    quantity: str
    zone: str
    raw: str
    flag: str


# Thousands of registers have the same few dials.
_dial = lru_cache(maxsize=256)(Dial)


class Card(NamedTuple):
    """A register by the marks that a file names it by, and by its and its meter's name at billing.

    Ids are kept as they are spelled: thousands are looked up and written, and objects for them cost a tenth of a file.
    """

    register_id: str
    meter_id: str
    point_code: str
    point_name: str
    meter_number: str
    complex_name: str
    quantity: str
    zone: str
    tariff_number: int | None
    integer_digits: int
    fraction_digits: int
    physical_per_day: Decimal | None
    resource: str
    verification_due: date | None
    point_status: str
    meter_status: str
    meter_name: str
    register_name: str
    takes_fraction: bool = False

    @property
    def dial(self) -> Dial:
        return _dial(self.integer_digits, self.fraction_digits, self.takes_fraction)


class Stand(NamedTuple):
    """What is known of a register when a file comes: readings before the month, and what holds in it."""

    accepted: Previous | None
    previous: Previous | None
    sent_id: str | None
    sent_value: Decimal | None


@dataclass(frozen=True, slots=True)
class Given:
    """What the reader gave of a file."""

    lines: tuple[FileLine, ...]
    notes: tuple[tuple[str, str], ...]
    contract_id: str


class Decided(NamedTuple):
    """A row of a file with what became of it."""

    number: int
    line: FileLine
    card: Card | None
    fate: RowFate
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    facts: str = ""
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A row of the template in finished words."""

    cells: tuple[str, ...]
    integer_digits: int
    previous: Decimal | None
    current: Decimal | None
    is_live: bool
    fraction_digits: int = 0

    @property
    def dial(self) -> tuple[int, int]:
        return self.integer_digits, self.fraction_digits


@dataclass(frozen=True, slots=True)
class Template:
    """What the template says, in the words of one language; `headers` are those of `Column` in its order."""

    contract_id: UUID
    month: Month
    sheet: str
    headers: tuple[str, ...]
    hint: str
    refusal: str
    rows: tuple[TemplateRow, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """How a cell of the customer's file comes back: coloured by its fate, with a comment where there is one."""

    sheet: str
    row: int
    column: str
    fate: RowFate
    comment: str = ""
