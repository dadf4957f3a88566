"""The values that rules of readings take and give."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from kabinet.kernel.periods import Month


class WindowState(StrEnum):
    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which readings of a period are awaited, both ends included; without `closes` billing ends it.

    `usual_closes` is there when the office lets the window close later than the rule says.
    """

    month: Month
    opens: date
    closes: date | None
    deadline: date | None = None
    usual_closes: date | None = None

    @property
    def is_extended(self) -> bool:
        return self.usual_closes is not None

    def state_on(self, day: date) -> WindowState:
        """Say whether the window is open on a local day."""
        if day < self.opens:
            return WindowState.NOT_YET
        if self.closes is not None and day > self.closes:
            return WindowState.CLOSED
        return WindowState.OPEN

    def holds(self, day: date) -> bool:
        return self.state_on(day) is WindowState.OPEN


class Mistake(StrEnum):
    """What may be said of a typed reading; `ok` says nothing."""

    OK = "ok"
    ZERO_CONSUMPTION = "zero_consumption"
    EMPTY = "empty"
    NEGATIVE = "negative"
    NOT_A_NUMBER = "not_a_number"
    TOO_MANY_DIGITS = "too_many_digits"
    DECIMALS_ENTERED = "decimals_entered"
    CONSUMPTION_TOO_HIGH = "consumption_too_high"
    ROLLOVER_SUSPECTED = "rollover_suspected"
    VOLUME_INSTEAD_OF_READING = "volume_instead_of_reading"
    LESS_THAN_PREVIOUS = "less_than_previous"
    FRACTION_DROPPED = "fraction_dropped"
    BEYOND_PHYSICAL_LIMIT = "beyond_physical_limit"
    WINDOW_CLOSED = "window_closed"
    PERIOD_CLOSED = "period_closed"
    ENTRY_CLOSED = "entry_closed"
    NOT_YOURS = "not_yours"
    VERIFICATION_EXPIRED = "verification_expired"
    TOO_MANY_DECIMALS = "too_many_decimals"
    INCOMPLETE = "incomplete"
    FILL_IN = "fill_in"
    SENT_MEANWHILE = "sent_meanwhile"


class Acceptance(StrEnum):
    YES = "yes"
    NO = "no"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Dial:
    """How many digits a register shows: black ones, which are asked for, and red ones, which are not.

    A register of a customer whose meter stands behind transformers is asked for its red digits, too: a hundredth of
    a turn times the ratio is worth a bill.
    """

    integer_digits: int
    fraction_digits: int = 0
    takes_fraction: bool = False

    @property
    def capacity(self) -> Decimal:
        """Return the number at which the dial starts again from zero."""
        return Decimal(10**self.integer_digits)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one typed reading looks like; `value` and `suggest` are written as the dial shows them."""

    code: Mistake
    accept: Acceptance
    value: str | None = None
    consumption: Decimal | None = None
    suggest: str | None = None
    warnings: tuple[Mistake, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a register may run since its previous reading: usually, and at the very most."""

    usual: Decimal
    physical: Decimal | None = None


class Verdict(NamedTuple):
    """What a form does with a typed reading; the likely right values are offered and never put in silently.

    `value` and its dial text are there when the dial can show the number; `consumption` is in units of the dial,
    before the transformation ratio, and absent when nothing is known of the previous reading.
    """

    blocking: tuple[Mistake, ...] = ()
    to_confirm: tuple[Mistake, ...] = ()
    hints: tuple[Mistake, ...] = ()
    suggestions: tuple[str, ...] = ()
    value: Decimal | None = None
    shown: str | None = None
    consumption: Decimal | None = None

    @property
    def may_be_sent(self) -> bool:
        """Say whether nothing forbids sending, a confirmation granted."""
        return not self.blocking


@dataclass(frozen=True, slots=True)
class TypedReading:
    """A number typed for one register, beside what is known of that register."""

    value: Decimal
    previous: Decimal
    limit: Decimal
    dial: Dial


@dataclass(frozen=True, slots=True)
class Stretch:
    """A register's two readings and the ratio that the difference is multiplied by."""

    previous: Decimal
    current: Decimal
    ratio: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Consumption:
    """What a register ran, on its dial and with the ratio."""

    difference: Decimal
    consumption: Decimal
    rolled_over: bool = False


@dataclass(frozen=True, slots=True)
class MeterConsumption:
    """What each register of a meter ran; the total is there only where adding them up makes sense."""

    by_register: tuple[tuple[str, Decimal], ...]
    total: Decimal | None


class MeterSide(StrEnum):
    """On whose side of the balance boundary the meter stands."""

    CONSUMER = "consumer"
    SUPPLIER = "supplier"


@dataclass(frozen=True, slots=True)
class Losses:
    losses: Decimal
    billed: Decimal


@dataclass(frozen=True, slots=True)
class Measured:
    """An accepted reading of a register, by the month that it was accepted for."""

    month: Month
    value: Decimal


@dataclass(frozen=True, slots=True)
class UsualRun:
    """What a register runs in a month by its own past: the middle, and how far its months stray from it."""

    median: Decimal
    spread: Decimal


@dataclass(frozen=True, slots=True)
class PlausibilityPolicy:
    """The provider's figures for what is a usual consumption."""

    floor: Decimal
    factor: Decimal = Decimal(3)


class Previous(NamedTuple):
    """The newest reading of a register before this period's: accepted by billing, or sent and still on its way."""

    value: Decimal
    taken_on: date
    month: Month
    source: str
    is_accepted: bool


class Fate(StrEnum):
    """What became of one row of a sending."""

    SENT = "sent"
    UNCHANGED = "unchanged"
    TO_CONFIRM = "to_confirm"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Entry:
    """One filled row: a register, or the supply point of a volume; the text as typed; what its sender has confirmed.

    `was` is the sent value that its field held when the page was made, where the page tells it.
    """

    row_id: UUID
    raw: str
    confirmed: frozenset[Mistake] = frozenset()
    was: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The fate of one row with its reasons: codes of what forbids, what waits to be confirmed, what was noted."""

    row_id: UUID
    raw: str
    fate: Fate
    problems: tuple[Mistake, ...] = ()
    notes: tuple[Mistake, ...] = ()
    suggestions: tuple[str, ...] = ()


class Loss(StrEnum):
    """Why a contract that stood on a page while its person typed takes nothing from him any more."""

    GONE = "gone"
    ROLE = "role"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Lost:
    """A contract by the name that the page itself called it: what billing knows of it is not for this person."""

    id: UUID
    name: str
    why: Loss


@dataclass(frozen=True, slots=True)
class TypedDifference:
    """Two readings of a hot-water meter as typed into the helper, and how many black digits its dial has."""

    earlier: str
    later: str
    integer_digits: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What the helper counted; without a volume it says why not."""

    volume: Decimal | None = None
    problem: Mistake | None = None
    rolled_over: bool = False


@dataclass(frozen=True, slots=True)
class Extension:
    """The office's word that the window of a month closes later."""

    month: Month
    closes: date


class ExtensionProblem(StrEnum):
    """Why a window cannot be extended so."""

    NOT_NEEDED = "not_needed"
    PERIOD_CLOSED = "period_closed"
    IN_THE_PAST = "in_the_past"
    NOT_LATER = "not_later"
    NEXT_WINDOW = "next_window"


class ReminderKind(StrEnum):
    """What a person is reminded of (NOTE-04)."""

    OPENED = "opened"
    CLOSING = "closing"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Left:
    """What is not sent yet of a contract, as far as one person may send it."""

    readings: int = 0
    volumes: int = 0

    @property
    def is_nothing(self) -> bool:
        return not (self.readings or self.volumes)
