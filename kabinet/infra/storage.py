"""Files that people give us: bytes under names of our own, whole and on the disk before their row is written.

The row commits with its use case. Where that fails the bytes stay alone, and the night's job deletes them.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection

from kabinet.infra import failpoints, ids, kinds
from kabinet.infra.db import step
from kabinet.infra.kinds import MEDIA_TYPES, Kind
from kabinet.infra.models import StoredFile
from kabinet.infra.verdicts import ScanState

PIECE: Final = 256 * 1024
UNFINISHED: Final = ".part"
LOOKED_UP_AT_ONCE: Final = 500
ALONE: Final = 0x6B6164  # bytes are deleted, or a backup copies them: never both at once


class WrongKind(Exception):
    """Raised when the bytes are not what they are taken for; says what they are, if it is anything we take."""

    def __init__(self, found: Kind | None) -> None:
        super().__init__(found)
        self.found = found


class DurableFiles(FileSystemStorage):
    """Local files that are there whole or not at all, and still there after a power cut."""

    def _save(self, name: str, content: "File[bytes]") -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(target.name + UNFINISHED)
        try:
            with unfinished.open("xb") as out:
                for piece in content.chunks(PIECE):
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
        except OSError:
            # On a full disk what came so far would keep its room till the night.
            unfinished.unlink(missing_ok=True)
            raise
        failpoints.reach("inside", "file")
        unfinished.rename(target)
        for folder in (target.parent, *target.parent.parents):
            _sync(folder)
            if folder == Path(self.location):
                break
        return name


def _sync(folder: Path) -> None:
    """Make a new name in the folder as safe as the bytes behind it."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


class _Measured(File):  # type: ignore[type-arg]
    """A stream that is measured while somebody reads it to its end."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream)
        self.stream = stream
        self.digest = hashlib.sha256()
        self.length = 0

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        self.seek(0)
        while piece := self.read(chunk_size or PIECE):
            yield piece

    def read(self, size: int = -1, /) -> bytes:
        piece = self.stream.read(size)
        self.digest.update(piece)
        self.length += len(piece)
        return piece

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Begin to measure anew: a storage that tries again reads again from the beginning."""
        self.digest, self.length = hashlib.sha256(), 0
        return self.stream.seek(offset, whence)


@step
def keep(
    stream: BinaryIO,
    *,
    provider_id: UUID,
    original_name: str,
    media_type: str,
    at: datetime,
    scan: ScanState = ScanState.NONE,
) -> StoredFile:
    """Store the bytes, then write their row; refuse bytes that are not of the kind that they are taken for."""
    found = kinds.kind_of(stream)
    if found is None or MEDIA_TYPES.get(media_type) is not found:
        raise WrongKind(found)
    row = StoredFile(
        id=ids.new(),
        provider_id=provider_id,
        media_type=media_type,
        original_name=kinds.cleaned(original_name),
        scan=scan,
        made_at=at,
    )
    measured = _Measured(stream)
    default_storage.save(row.place, measured)
    failpoints.reach("between", "file and row")
    row.sha256, row.size = measured.digest.hexdigest(), measured.length
    row.save(force_insert=True)
    return row


def open_(stored: StoredFile) -> "File[Any]":
    """Open the bytes of a stored file for reading."""
    return default_storage.open(stored.place, "rb")


def is_whole(stored: StoredFile) -> bool:
    """Say whether the bytes are those that were stored (I26)."""
    if not default_storage.exists(stored.place):
        return False
    digest = hashlib.sha256()
    with open_(stored) as stream:
        for piece in stream.chunks(PIECE):
            digest.update(piece)
    return digest.hexdigest() == stored.sha256


def delete_orphans(*, before: datetime) -> int:
    """Delete bytes that are older and have no row: their use case never committed. Return how many.

    While a backup copies files nothing is deleted: its database still has the rows. The next night comes.
    """
    old = (place for place in _places("") if default_storage.get_modified_time(place) < before)
    deleted = 0
    with alone_with_bytes() as is_alone:
        for some in _in_groups(old, of=LOOKED_UP_AT_ONCE) if is_alone else ():
            known = {row.place for row in StoredFile.objects.filter(pk__in=filter(None, map(_id_in, some)))}
            for place in some:
                if place not in known:
                    default_storage.delete(place)
                    deleted += 1
    return deleted


@contextmanager
def alone_with_bytes() -> Iterator[bool]:
    """Hold the right to delete bytes, or to copy them all while nobody deletes; False where another holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ALONE])
        row = cursor.fetchone()
    is_alone = bool(row and row[0])
    try:
        yield is_alone
    finally:
        if is_alone and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ALONE])


def _places(folder: str) -> Iterator[str]:
    """Walk over the storage by the means that every storage has."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    yield from (prefix + name for name in files)
    for name in folders:
        yield from _places(prefix + name)


def _id_in(place: str) -> UUID | None:
    """Return the id that a place ends with; an unfinished file has none."""
    try:
        return UUID(place.rpartition("/")[2])
    except ValueError:
        return None


def _in_groups(places: Iterator[str], *, of: int) -> Iterator[list[str]]:
    group: list[str] = []
    for place in places:
        group.append(place)
        if len(group) == of:
            yield group
            group = []
    if group:
        yield group
