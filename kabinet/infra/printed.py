"""Printed files: made once, kept under a name that their content gives, forgotten when nobody reads them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings


def printed(folder: str, name: str, make: Callable[[], bytes]) -> Path:
    """Return the file; what was made under this name before is not made again."""
    file = _folder(folder) / name
    if file.exists():
        file.touch()  # Whoever clears the folder sees that this one is still read.
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        _write(file, make())
    return file


def forget(folder: str, *, before: datetime) -> int:
    """Delete files, and drafts of them, that nobody has read since; return how many."""
    unread = [file for file in _folder(folder).glob("*") if file.stat().st_mtime < before.timestamp()]
    for file in unread:
        file.unlink(missing_ok=True)
    return len(unread)


def _folder(name: str) -> Path:
    return Path(settings.DATA_DIR) / "cache" / name


def _write(file: Path, content: bytes) -> None:
    """Write whole or not at all: two who print at once leave one good file."""
    with NamedTemporaryFile(dir=file.parent, delete=False) as draft:
        draft.write(content)
    Path(draft.name).replace(file)
