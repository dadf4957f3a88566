"""What a person sees and changes of himself (PROF-01)."""

import hashlib
import json
from dataclasses import asdict

from kabinet.accounts.values import Introduction, PersonalData


def changed_fields(before: PersonalData, after: PersonalData) -> list[str]:
    """Return the names of what is to be written, in the order of the page."""
    former, wanted = asdict(before), asdict(after)
    return [name for name in former if former[name] != wanted[name]]


def mark_of(data: PersonalData) -> str:
    """Return the mark of what a page showed: another one means that it was changed in another tab meanwhile."""
    return hashlib.sha256(json.dumps(asdict(data), sort_keys=True).encode()).hexdigest()[:16]


def still_unknown(data: PersonalData, *, phone: str) -> Introduction | None:
    """Say what is to be asked before anything opens where people sign up by an address alone (REG-01).

    An organisation may be wanting: who belongs to none has said so.
    """
    if not (data.last_name and data.first_name and data.address):
        return Introduction.PERSON
    return None if phone else Introduction.PHONE
