"""What a person sees and changes of himself (PROF-01)."""

import hashlib
import json
from dataclasses import asdict

from kabinet.accounts.values import PersonalData


def changed_fields(before: PersonalData, after: PersonalData) -> list[str]:
    """Return the names of what is to be written, in the order of the page."""
    former, wanted = asdict(before), asdict(after)
    return [name for name in former if former[name] != wanted[name]]


def mark_of(data: PersonalData) -> str:
    """Return the mark of what a page showed: another one means that it was changed in another tab meanwhile."""
    return hashlib.sha256(json.dumps(asdict(data), sort_keys=True).encode()).hexdigest()[:16]
