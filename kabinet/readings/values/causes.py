"""What may lie behind a doubtful reading, and what would mend it (READ-09)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from kabinet.readings.values import Dial, Limits


class Cause(StrEnum):
    """What likely happened while the reading was taken or typed."""

    FRACTION_TYPED = "fraction_typed"
    ZERO_LOST = "zero_lost"
    VOLUME_TYPED = "volume_typed"
    DIGITS_SWAPPED = "digits_swapped"
    ZONES_SWAPPED = "zones_swapped"
    METERS_SWAPPED = "meters_swapped"
    ROLLED_OVER = "rolled_over"
    PREVIOUS_DOUBTFUL = "previous_doubtful"
    TRULY_HIGH = "truly_high"


@dataclass(frozen=True, slots=True)
class TypedRow:
    """A reading as typed, beside what is known of its register; `earlier` is what it showed before the previous one.

    `usual` is what the register runs in the time that has passed, where its past tells.
    """

    row_id: UUID
    meter_id: UUID
    raw: str
    dial: Dial
    previous: Decimal | None
    limits: Limits
    zone: str = ""
    earlier: Decimal | None = None
    usual: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A value that was likely meant, written as the dial shows it, and what the register ran then."""

    row_id: UUID
    value: str
    consumption: Decimal


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One explanation of a doubtful reading; without offers there is nothing to put in, only to confirm."""

    cause: Cause
    offers: tuple[Offer, ...] = ()
