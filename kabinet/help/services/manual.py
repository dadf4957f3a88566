"""The manual as a file: printed once, kept under a name that its content gives (HELP-03)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from kabinet.help.formats import pdf
from kabinet.help.values import Manual
from kabinet.infra import printed

FOLDER: Final = "manuals"
UNREAD_ARE_KEPT: Final = timedelta(days=30)


def print_manual(manual: Manual, *, slug: str, words: Mapping[str, str], colour: str) -> Path:
    """Return the file of the PDF; where the same manual was printed before, that one."""
    facts = pdf.facts_of(manual, words=words, colour=colour)
    name = f"{slug}-{manual.language}-{_key(manual, facts)}.pdf"
    return printed.printed(FOLDER, name, lambda: pdf.to_pdf(facts))


def forget_manuals(*, at: datetime) -> int:
    """Delete printed manuals that nobody has read for a month; return how many."""
    return printed.forget(FOLDER, before=at - UNREAD_ARE_KEPT)


def _key(manual: Manual, facts: str) -> str:
    """Return a name that changes with the words, the template, the pictures and the printer."""
    known = hashlib.sha256((facts + pdf.version()).encode())
    for chapter in manual.chapters:
        for block in chapter.blocks:
            if block.figure:
                known.update((pdf.ROOT / block.figure.path).read_bytes())
    return known.hexdigest()[:32]
