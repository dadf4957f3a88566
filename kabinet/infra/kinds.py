"""What a file is, told by its bytes; its name and the sender's word for it decide nothing (TRUST 7)."""

from enum import StrEnum
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from kabinet.infra import archives

HEAD: Final = 64 * 1024
CONTROL: Final = frozenset(range(0x20)) - frozenset(b"\t\n\r\f")
UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
LONGEST_NAME: Final = 120
UNNAMED: Final = "file"


class Kind(StrEnum):
    """The kinds of file that we take."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    XLSX = "xlsx"
    ZIP = "zip"
    XML = "xml"
    TEXT = "text"


MAGIC: Final = {b"%PDF-": Kind.PDF, b"\x89PNG\r\n\x1a\n": Kind.PNG, b"\xff\xd8\xff": Kind.JPEG}
MEDIA_TYPES: Final = {
    "application/pdf": Kind.PDF,
    "image/png": Kind.PNG,
    "image/jpeg": Kind.JPEG,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": Kind.XLSX,
    "application/zip": Kind.ZIP,
    "application/xml": Kind.XML,
    # A table with commas is text like any other; whoever reads it finds out.
    "text/plain": Kind.TEXT,
    "text/csv": Kind.TEXT,
}


def kind_of(stream: BinaryIO) -> Kind | None:
    """Say what the bytes are; None when they are nothing that we take. The stream is left at its beginning."""
    stream.seek(0)
    head = stream.read(HEAD)
    stream.seek(0)
    for magic, kind in MAGIC.items():
        if head.startswith(magic):
            return kind
    found = _kind_of_archive(stream) if head.startswith(archives.LOCAL_HEADER) else _kind_of_text(head)
    stream.seek(0)
    return found


def _kind_of_archive(stream: BinaryIO) -> Kind | None:
    try:
        names = {entry.name for entry in archives.entries_of(stream)}
    except archives.BadArchive:
        return None
    return Kind.XLSX if {"[Content_Types].xml", "xl/workbook.xml"} <= names else Kind.ZIP


def _kind_of_text(head: bytes) -> Kind | None:
    """Tell XML by its declaration, and text by what text does not hold."""
    if head.startswith(UTF16):
        text = head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
        return _text_kind(text.encode())
    return _text_kind(head.removeprefix(b"\xef\xbb\xbf"))


def _text_kind(head: bytes) -> Kind | None:
    if not head.strip() or CONTROL.intersection(head):
        return None
    return Kind.XML if head.lstrip().startswith(b"<?xml") else Kind.TEXT


def media_type_of(kind: Kind) -> str:
    """Return the first media type of a kind."""
    return next(media_type for media_type, of in MEDIA_TYPES.items() if of is kind)


def cleaned(name: str) -> str:
    """Return a name that can be shown and downloaded: no folders, no control or direction signs, not too long."""
    last = PurePosixPath(name.replace("\\", "/")).name
    # «str.isprintable» refuses control signs, direction overrides, lone surrogates and private signs alike.
    shown = "".join(sign if sign.isprintable() else " " for sign in last)
    shown = " ".join("".join(" " if sign in '<>:"|?*' else sign for sign in shown).split()).strip(". ")
    stem, dot, ending = shown.rpartition(".")
    if not dot or len(ending) > 10:  # noqa: PLR2004 - longer is no ending
        return shown[:LONGEST_NAME].rstrip() or UNNAMED
    return f"{stem[: LONGEST_NAME - len(ending) - 1].rstrip()}.{ending}"
