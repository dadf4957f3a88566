"""Which agreements a person has still to accept (REG-09)."""

import re
from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from kabinet.accounts.values import REQUIRED_AGREEMENTS, AgreementKind, Paragraph

# A number and a few words on a line of its own, with no stop at the end: «2. Что даёт кабинет».
_HEADING: Final = re.compile(r"(?:\d+\.|\d+(?:\.\d+)+)[ \u00a0]\S.{0,100}(?<![.,:;!?])")


def required_of(current: Mapping[AgreementKind, UUID]) -> frozenset[UUID]:
    """Return the agreements without which nobody takes part."""
    return frozenset(current[kind] for kind in REQUIRED_AGREEMENTS if kind in current)


def missing_of(current: Mapping[AgreementKind, UUID], *, accepted: Collection[UUID]) -> frozenset[UUID]:
    """Return the required agreements that were not accepted in their newest version."""
    return required_of(current) - frozenset(accepted)


def is_open_for_sign_up(current: Mapping[AgreementKind, UUID]) -> bool:
    """Say whether there is a text for every consent that the law wants before personal data are taken."""
    return all(kind in current for kind in REQUIRED_AGREEMENTS)


def paragraphs_of(text: str) -> tuple[Paragraph, ...]:
    """Part a text by its empty lines, and tell headings of sections from what stands under them."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")))
    return tuple(Paragraph(part, is_heading=_HEADING.fullmatch(part) is not None) for part in parts if part)
