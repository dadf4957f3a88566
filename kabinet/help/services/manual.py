"""The manual as a file: printed once, kept under a name that its content gives (HELP-03)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from django.conf import settings

from kabinet.help.formats import pdf
from kabinet.help.values import Manual

UNREAD_ARE_KEPT: Final = timedelta(days=30)


def print_manual(manual: Manual, *, slug: str, words: Mapping[str, str], colour: str) -> Path:
    """Return the file of the PDF; where the same manual was printed before, that one."""
    facts = pdf.facts_of(manual, words=words, colour=colour)
    file = _folder() / f"{slug}-{manual.language}-{_key(manual, facts)}.pdf"
    if file.exists():
        file.touch()  # Whoever clears the folder sees that this one is still read.
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        _write(file, pdf.to_pdf(facts))
    return file


def forget_manuals(*, at: datetime) -> int:
    """Delete printed manuals, and drafts of them, that nobody has read for a month; return how many."""
    before = (at - UNREAD_ARE_KEPT).timestamp()
    unread = [file for file in _folder().glob("*") if file.stat().st_mtime < before]
    for file in unread:
        file.unlink(missing_ok=True)
    return len(unread)


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "cache" / "manuals"


def _key(manual: Manual, facts: str) -> str:
    """Return a name that changes with the words, the template, the pictures and the printer."""
    known = hashlib.sha256((facts + pdf.version()).encode())
    for chapter in manual.chapters:
        for block in chapter.blocks:
            if block.figure:
                known.update((pdf.ROOT / block.figure.path).read_bytes())
    return known.hexdigest()[:32]


def _write(file: Path, content: bytes) -> None:
    """Write whole or not at all: two who print at once leave one good file."""
    with NamedTemporaryFile(dir=file.parent, delete=False) as draft:
        draft.write(content)
    Path(draft.name).replace(file)
