"""The manual as a file: printed once, kept under a name that its content gives (HELP-03)."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

from kabinet.help.formats import pdf
from kabinet.help.values import Manual


def print_manual(manual: Manual, *, slug: str, words: Mapping[str, str], colour: str) -> Path:
    """Return the file of the PDF; where the same manual was printed before, that one."""
    facts = pdf.facts_of(manual, words=words, colour=colour)
    folder = Path(settings.DATA_DIR) / "cache" / "manuals"
    file = folder / f"{slug}-{manual.language}-{_key(manual, facts)}.pdf"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write(file, pdf.to_pdf(facts))
    return file


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
