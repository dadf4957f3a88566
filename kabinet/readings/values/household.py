"""What a private customer types of the meters of a flat (READ-07, READ-08)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from kabinet.contracts.values import Zone
from kabinet.providers.values import Resource
from kabinet.readings.values import Mistake


class GroupProblem(StrEnum):
    """What is wrong with a meter's fields as a whole."""

    INCOMPLETE = "incomplete"
    NO_TARIFF = "no_tariff"
    SAME_TARIFFS = "same_tariffs"


class ClaimKind(StrEnum):
    """In what a meter is another one than billing has it."""

    TARIFF_NUMBERS = "tariff_numbers"
    METER_TYPE = "meter_type"


Spot = tuple[UUID, Zone]


class Press(StrEnum):
    """What the pressed button asks for; showing the page again keeps everything that was typed."""

    SHOW = "show"
    CHECK = "check"
    SEND = "send"


@dataclass(frozen=True, slots=True)
class TypedFlat:
    """What one press of a button on a flat's page, or on its check screen, carried."""

    press: Press = Press.SHOW
    key: str = ""
    tab: Resource | None = None
    values: Mapping[UUID, str] = field(default_factory=dict)
    claims: Mapping[Spot, str] = field(default_factory=dict)
    numbers: Mapping[Spot, int | None] = field(default_factory=dict)
    types: Mapping[UUID, int] = field(default_factory=dict)
    agreed: frozenset[UUID] = frozenset()
    confirmed: Mapping[UUID, frozenset[Mistake]] = field(default_factory=dict)
    comments: Mapping[UUID, str] = field(default_factory=dict)
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What the customer says of a meter: its numbers by zones and, where billing has no such fields, what they show."""

    meter_id: UUID
    kind: ClaimKind
    tariffs: int
    numbers: Mapping[Zone, int | None]
    values: Mapping[Zone, Decimal] = field(default_factory=dict)

    def to_facts(self) -> dict[str, Any]:
        """Return what JSON holds of it."""
        return {
            "tariffs": self.tariffs,
            "numbers": {str(zone): number for zone, number in self.numbers.items()},
            "values": {str(zone): str(value) for zone, value in self.values.items()},
        }


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture of a dial as we made it anew: nothing of the file that was given is left in it."""

    data: bytes
    sha256: str


class PhotoProblem(StrEnum):
    """Why a picture was not taken."""

    TOO_LARGE = "too_large"
    NO_PICTURE = "no_picture"
    TOO_MANY_PIXELS = "too_many_pixels"


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the customer adds to a reading that is unusual but true."""

    comment: str = ""
    photo: Photo | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What goes with a sending of a flat's readings: claims about meters, explanations, the address of the receipt."""

    claims: tuple[Claim, ...] = ()
    explanations: Mapping[UUID, Explanation] = field(default_factory=dict)
    email: str = ""
    language: str = "ru"

    def to_facts(self) -> dict[str, Any]:
        """Return what makes two sendings the same."""
        return {
            "claims": [[str(claim.meter_id), claim.to_facts()] for claim in self.claims],
            "explanations": {
                str(row): [one.comment, one.photo.sha256 if one.photo else ""] for row, one in self.explanations.items()
            },
            "email": self.email,
        }


class DoubtState(StrEnum):
    """How far the office is with a doubtful reading."""

    NEW = "new"
    LOOKED_AT = "looked_at"
    ASKED = "asked"
