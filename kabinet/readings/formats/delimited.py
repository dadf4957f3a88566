"""Tables with separators, as spreadsheets and billing systems save them: .csv in any of three encodings."""

import csv
from pathlib import Path
from typing import Final

from kabinet.readings.formats.faults import BadTable
from kabinet.readings.formats.workbooks import MOST_ROWS, Book, Sheet
from kabinet.readings.values.files import FileProblem

SHEET: Final = "CSV"
_SEPARATORS: Final = (";", "\t", ",")
_LOOKED_AT: Final = 20
_LONGEST_CELL: Final = 10_000


def open_table(path: Path) -> Book:
    """Read a table as a book of one sheet."""
    lines = _text_of(path.read_bytes()).splitlines()
    csv.field_size_limit(_LONGEST_CELL)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(lines, delimiter=_separator_of(lines)):
            rows.append(row)
            if len(rows) > MOST_ROWS:
                raise BadTable(FileProblem.TOO_MANY_ROWS, sheet=SHEET, cell=f"A{len(rows)}", most=MOST_ROWS)
    except csv.Error:
        raise BadTable(FileProblem.BAD_TABLE, sheet=SHEET, row=len(rows) + 1) from None
    return Book((Sheet(SHEET, rows),), notes=())


def _text_of(data: bytes) -> str:
    """Read the text by its mark of order, else as UTF-8, else as windows-1251."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "windows-1251")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadTable(FileProblem.BAD_ENCODING, sheet=SHEET)


def _separator_of(lines: list[str]) -> str:
    """Return the separator that the first lines have most of; a comma may also be a decimal one and comes last."""
    told = lines[0][4:5] if lines and lines[0].casefold().startswith("sep=") else ""
    head = lines[:_LOOKED_AT]
    found = max(_SEPARATORS, key=lambda sign: (max((line.count(sign) for line in head), default=0), sign != ","))
    return told or found
