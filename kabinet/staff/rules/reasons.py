"""Which references may stand in the audit: it holds ids and codes, never words about people (TRUST 11)."""

import re
from datetime import timedelta
from typing import Final

from kabinet.staff.values import Reason, ReferenceProblem

# A card stays open for a talk with its owner, not for a working day.
VISIT_LASTS: Final = timedelta(minutes=60)
_NEEDS_NUMBER: Final = frozenset({Reason.TICKET, Reason.LETTER, Reason.ORDER})
_REFERENCE: Final = re.compile(r"(?=.*[0-9])[0-9A-Za-zА-Яа-яЁё№/._-]{1,40}")


def normal_reference(text: str) -> str:
    """Drop the spaces that people put around «№»."""
    return "".join(text.split())


def reference_problem(reason: Reason, reference: str) -> ReferenceProblem | None:
    """Say why the reference cannot stand; what has no digit is a name or a sentence."""
    if not reference:
        return ReferenceProblem.MISSING if reason in _NEEDS_NUMBER else None
    return None if _REFERENCE.fullmatch(reference) else ReferenceProblem.NOT_A_NUMBER
