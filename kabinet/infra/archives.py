"""What a zip archive says that it holds, read before anything is unpacked (TRUST 7).

The directory at the end is read by hand and within bounds: `zipfile` would build an object for each of a million
entries. What the directory says may be a lie; the limits of the parsing process are for that.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from io import SEEK_END
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

LOCAL_HEADER: Final = b"PK\x03\x04"
END: Final = struct.Struct("<4s4H2LH")
END_SIGN: Final = b"PK\x05\x06"
ENTRY: Final = struct.Struct("<4s6H3L5H2L")
ENTRY_SIGN: Final = b"PK\x01\x02"
LONGEST_COMMENT: Final = 0xFFFF
ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
UTF8_NAMES: Final = 0x800

MOST_ENTRIES: Final = 200
MOST_BYTES: Final = 50 * 1024 * 1024
HIGHEST_RATIO: Final = 100
# Below this much a high ratio harms nobody: a sheet of equal cells packs very well.
RATIO_COUNTS_FROM: Final = 1024 * 1024
LARGEST_DIRECTORY: Final = 256 * 1024
NESTED: Final = frozenset(
    {".zip", ".xlsx", ".xlsm", ".docx", ".jar", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".zst"}
)


class ArchiveProblem(StrEnum):
    """Why an archive is not opened."""

    DAMAGED = "damaged"
    TOO_MANY_ENTRIES = "too_many_entries"
    TOO_LARGE = "too_large"
    PACKED_TOO_TIGHT = "packed_too_tight"
    ENCRYPTED = "encrypted"
    NESTED = "nested"
    BAD_NAME = "bad_name"


class BadArchive(Exception):
    """Raised for an archive that is not opened; says why."""

    def __init__(self, problem: ArchiveProblem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of an archive, as the directory describes it."""

    name: str
    packed: int
    size: int
    is_encrypted: bool

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/")

    @property
    def has_bad_name(self) -> bool:
        parts = PurePosixPath(self.name).parts
        return not parts or self.name.startswith("/") or ".." in parts or any(sign in self.name for sign in "\\:\0")

    @property
    def is_archive(self) -> bool:
        return PurePosixPath(self.name).suffix.lower() in NESTED


def zip_guard(path: Path) -> list[Entry]:
    """Return the entries of an archive that is safe to open as far as its directory tells."""
    with path.open("rb") as stream:
        entries = entries_of(stream)
    for entry in entries:
        _check(entry)
    if len({entry.name for entry in entries}) < len(entries):
        raise BadArchive(ArchiveProblem.BAD_NAME)
    total = sum(entry.size for entry in entries)
    if total > MOST_BYTES:
        raise BadArchive(ArchiveProblem.TOO_LARGE)
    if total > RATIO_COUNTS_FROM and total > HIGHEST_RATIO * path.stat().st_size:
        raise BadArchive(ArchiveProblem.PACKED_TOO_TIGHT)
    return entries


def _check(entry: Entry) -> None:
    if entry.is_encrypted:
        raise BadArchive(ArchiveProblem.ENCRYPTED)
    if entry.has_bad_name:
        raise BadArchive(ArchiveProblem.BAD_NAME)
    if entry.is_archive:
        raise BadArchive(ArchiveProblem.NESTED)


def entries_of(stream: BinaryIO) -> list[Entry]:
    """Read the directory of an archive, no more of it than is allowed."""
    size = stream.seek(0, SEEK_END)
    stream.seek(max(0, size - END.size - LONGEST_COMMENT))
    tail = stream.read()
    place = tail.rfind(END_SIGN)
    if place < 0 or place + END.size > len(tail):
        raise BadArchive(ArchiveProblem.DAMAGED)
    _, disk, first_disk, here, total, length, start, _ = END.unpack_from(tail, place)
    if total > MOST_ENTRIES or length > LARGEST_DIRECTORY:
        raise BadArchive(ArchiveProblem.TOO_MANY_ENTRIES)
    end = size - len(tail) + place
    if disk or first_disk or here != total or start + length != end:
        raise BadArchive(ArchiveProblem.DAMAGED)
    stream.seek(start)
    return list(_entries(stream.read(length), count=total))


def _entries(directory: bytes, *, count: int) -> Iterator[Entry]:
    place = 0
    for _ in range(count):
        if place + ENTRY.size > len(directory):
            raise BadArchive(ArchiveProblem.DAMAGED)
        facts = ENTRY.unpack_from(directory, place)
        flags, packed, size, name_length, extra, comment = facts[3], facts[8], facts[9], facts[10], facts[11], facts[12]
        if facts[0] != ENTRY_SIGN:
            raise BadArchive(ArchiveProblem.DAMAGED)
        begin = place + ENTRY.size
        name = directory[begin : begin + name_length].decode(
            "utf-8" if flags & UTF8_NAMES else "cp437", errors="replace"
        )
        yield Entry(name, packed=packed, size=size, is_encrypted=bool(flags & ENCRYPTED))
        place = begin + name_length + extra + comment
    if place != len(directory):
        raise BadArchive(ArchiveProblem.DAMAGED)
