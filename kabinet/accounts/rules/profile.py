"""What a person sees and changes of himself (PROF-01)."""

import hashlib
import json
from dataclasses import asdict
from typing import Final

from kabinet.accounts.values import PersonalData

_NATIONAL: Final = slice(2, None)
_E164_LENGTH: Final = 12


def changed_fields(before: PersonalData, after: PersonalData) -> list[str]:
    """Return the names of what is to be written, in the order of the page."""
    former, wanted = asdict(before), asdict(after)
    return [name for name in former if former[name] != wanted[name]]


def mark_of(data: PersonalData) -> str:
    """Return the mark of what a page showed: another one means that it was changed in another tab meanwhile."""
    return hashlib.sha256(json.dumps(asdict(data), sort_keys=True).encode()).hexdigest()[:16]


def shown_phone(stored: str) -> str:
    """Write a stored number as people read it, and as `parse_phone` reads it back: «+7 341 225-92-59, доб. 12»."""
    number, _, extension = stored.partition("#")
    if len(number) != _E164_LENGTH:
        return stored
    digits = number[_NATIONAL]
    shown = f"{number[:2]} {digits[:3]} {digits[3:6]}-{digits[6:8]}-{digits[8:]}"
    return f"{shown}, доб. {extension}" if extension else shown
