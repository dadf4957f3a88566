"""Tables with separators, as spreadsheets and billing systems save them: .csv in any of three encodings."""

import csv
import re
from pathlib import Path
from typing import Final

from kabinet.readings.formats.faults import BadTable
from kabinet.readings.formats.workbooks import MOST_ROWS, Book, Sheet
from kabinet.readings.values.files import FileProblem

SHEET: Final = "CSV"
_SEPARATORS: Final = (";", "\t", "|", ",")
_LOOKED_AT: Final = 20
_TEXT_LOOKED_AT: Final = 4000
# One of these stands in the headings of every table of readings; in a wrong encoding none of them does.
_WORDS: Final = re.compile("показани|прибор|сч[её]тчик|reading|meter", re.IGNORECASE)
_OF_ONE_BYTE: Final = ("windows-1251", "cp866", "koi8-r")
_NO_TABLES: Final = (
    b"%pdf",
    b"<html",
    b"<!doctype",
    b"<table",
    b"<?xml",
    b"rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
)
_LONGEST_CELL: Final = 10_000


def open_table(path: Path) -> Book:
    """Read a table as a book of one sheet."""
    data = path.read_bytes()
    _refuse_others(data)
    lines = _text_of(data).splitlines(keepends=True)
    csv.field_size_limit(_LONGEST_CELL)
    rows: list[list[str]] = []
    try:
        separator = _separator_of(lines)
        for row in csv.reader(lines, delimiter=separator):
            rows.append(row)
            if _has_swallowed(row, separator, width=len(rows[0])):
                raise BadTable(FileProblem.BAD_TABLE, sheet=SHEET, row=len(rows))
            if len(rows) > MOST_ROWS:
                raise BadTable(FileProblem.TOO_MANY_ROWS, sheet=SHEET, cell=f"A{len(rows)}", most=MOST_ROWS)
    except csv.Error:
        raise BadTable(FileProblem.BAD_TABLE, sheet=SHEET, row=len(rows) + 1) from None
    return Book((Sheet(SHEET, rows),), notes=())


def _refuse_others(data: bytes) -> None:
    """Name what people save under the name of a table, such as a page that a program calls .xls."""
    if data.lstrip()[:9].lower().startswith(_NO_TABLES):
        raise BadTable(FileProblem.NOT_A_TABLE)


def _has_swallowed(row: list[str], separator: str, *, width: int) -> bool:
    """Say whether a quote that is not closed has made one cell of several rows."""
    inner = [line for cell in row if "\n" in cell or "\r" in cell for line in cell.splitlines()]
    return any(line.count(separator) >= max(1, width - 1) for line in inner)


def _text_of(data: bytes) -> str:
    """Read the text by its mark of order, by the zeros of its signs, else by what makes words of its beginning."""
    for encoding in _encodings_of(data):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadTable(FileProblem.BAD_ENCODING, sheet=SHEET)


def _encodings_of(data: bytes) -> list[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ["utf-16"]
    head = data[:_TEXT_LOOKED_AT]
    for encoding, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        # The higher halves of Latin and Cyrillic signs.
        if high and sum(byte in {0, 4} for byte in high) > len(high) * 9 // 10:
            return [encoding]
    if not head.isascii() and _makes_words(head, "utf-8-sig"):
        return ["utf-8-sig"]
    return ["utf-8-sig", *sorted(_OF_ONE_BYTE, key=lambda encoding: not _makes_words(head, encoding))]


def _makes_words(head: bytes, encoding: str) -> bool:
    return bool(_WORDS.search(head.decode(encoding, errors="ignore")))


def _separator_of(lines: list[str]) -> str:
    """Return the separator that the first lines have most of; a comma may also be a decimal one and comes last."""
    told = lines[0][4:5] if lines and lines[0].casefold().startswith("sep=") else ""
    head = lines[:_LOOKED_AT]
    found = max(_SEPARATORS, key=lambda sign: (max((line.count(sign) for line in head), default=0), sign != ","))
    return told or found
