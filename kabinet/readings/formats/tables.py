"""Rows of readings out of a table that people really have: columns moved, renamed and added, rows above.

`read` runs in the child process on a stranger's file.
"""

import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, Final

from kabinet.readings.formats.columns import NEEDED, columns_of, letters
from kabinet.readings.formats.delimited import open_table
from kabinet.readings.formats.faults import BadTable
from kabinet.readings.formats.workbooks import Book, Sheet, open_book
from kabinet.readings.values.files import CellFlag, Column, FileLine, FileNote, FileProblem, Given

_ZIP: Final = b"PK\x03\x04"
_HEADER_WITHIN: Final = 100
_LONGEST: Final = 80
_EXACT: Final = 10**15
_MOMENTS: Final = (date, time, timedelta)
_TOTALS: Final = ("итог", "всего", "total")


@dataclass(frozen=True, slots=True)
class _Header:
    """The last row of headings, counted in the sheet's cells, and where each known column stands."""

    row: int
    columns: dict[Column, int]


def preload() -> None:
    """Load the readers of workbooks, which are heavy, once for all files."""
    for name in ("lxml.etree", "python_calamine"):
        importlib.import_module(name)


def read(path: Path) -> dict[str, Any]:
    """Return the rows of every sheet that has headings; raise `BadTable` where there is none."""
    book = opened(path)
    found = [(sheet, header) for sheet in book.sheets if (header := _header_of(sheet))]
    if not found:
        raise _why_no_header(book)
    rows = [line for sheet, header in found for line in _lines(sheet, header)]
    if not rows:
        sheet, header = found[0]
        raise BadTable(FileProblem.NO_ROWS, sheet=sheet.name, row=_number(sheet, header.row))
    named = {sheet.name for sheet, _ in found}
    others = [(FileNote.OTHER_SHEET, sheet.name) for sheet in book.sheets if sheet.cells and sheet.name not in named]
    return {"rows": rows, "notes": [*book.notes, *others], "contract": book.contract_id}


def opened(path: Path) -> Book:
    """Open the file as what its first bytes say."""
    with path.open("rb") as stream:
        is_book = stream.read(len(_ZIP)) == _ZIP
    return open_book(path) if is_book else open_table(path)


def given_of(answer: dict[str, Any]) -> Given:
    """Return the child's answer as values."""
    return Given(
        lines=tuple(FileLine(*row) for row in answer["rows"]),
        notes=tuple((code, name) for code, name in answer["notes"]),
        contract_id=answer["contract"],
    )


def _header_of(sheet: Sheet) -> _Header | None:
    """Find the row of headings that names most columns, the needed ones among them."""
    best: _Header | None = None
    for number, cells in enumerate(sheet.cells[:_HEADER_WITHIN]):
        named = columns_of(cells)
        columns = dict(named)
        if columns.keys() >= set(NEEDED) and (best is None or len(columns) > len(best.columns)):
            if _has_more_below(sheet, number, columns[Column.CURRENT]):
                best = _header_of_two_rows(sheet, number)
                continue
            _refuse_twins(sheet, number, named)
            best = _Header(number, columns)
    return best


def _has_more_below(sheet: Sheet, number: int, place: int) -> bool:
    """Say whether words stand under the heading of readings, where a reading should: «нач», «текущие», «кВт·ч»."""
    below = sheet.cells[number + 1] if number + 1 < len(sheet.cells) else ()
    # A row of readings has figures in it, the number of a meter at least.
    has_figures = any(sign.isdigit() for cell in below for sign in str(cell))
    return bool(_word(below, place)) and not has_figures


def _header_of_two_rows(sheet: Sheet, number: int) -> _Header:
    """Read two rows of headings as one: the upper one's cells may stand over several of the lower one's."""
    above, below = sheet.cells[number], sheet.cells[number + 1]
    over = ""
    cells = []
    for place in range(max(len(above), len(below))):
        own, under = (_word(row, place) for row in (above, below))
        over = own or (over if under else "")
        cells.append(f"{over} {under}".strip())
    named = columns_of(cells)
    if missing := [column for column in NEEDED if column not in dict(named)]:
        raise BadTable(FileProblem.COLUMN_MISSING, sheet=sheet.name, row=_number(sheet, number + 1), column=missing[0])
    _refuse_twins(sheet, number + 1, named)
    return _Header(number + 1, dict(named))


def _word(cells: Sequence[Any], place: int) -> str:
    return cells[place].strip() if place < len(cells) and isinstance(cells[place], str) else ""


def _refuse_twins(sheet: Sheet, number: int, named: list[tuple[Column, int]]) -> None:
    """Refuse two columns of readings or of meters: nobody knows which of them is meant."""
    seen: dict[Column, int] = {}
    for column, place in named:
        if column in NEEDED and column in seen:
            raise BadTable(
                FileProblem.COLUMN_TWICE,
                sheet=sheet.name,
                row=_number(sheet, number),
                column=column,
                first=_letters(sheet, seen[column]),
                second=_letters(sheet, place),
            )
        seen.setdefault(column, place)


def _why_no_header(book: Book) -> BadTable:
    """Name the sheet that comes nearest, and what it lacks."""
    for sheet in book.sheets:
        for number, cells in enumerate(sheet.cells[:_HEADER_WITHIN]):
            columns = dict(columns_of(cells))
            if len(columns) > 1 and (missing := [column for column in NEEDED if column not in columns]):
                row = _number(sheet, number)
                return BadTable(FileProblem.COLUMN_MISSING, sheet=sheet.name, row=row, column=missing[0])
    return BadTable(FileProblem.NO_HEADER, sheet=", ".join(sheet.name for sheet in book.sheets[:5]))


def _lines(sheet: Sheet, header: _Header) -> Iterator[FileLine]:
    """Give the rows under the headings that name a meter or hold a reading."""
    places = [
        header.columns.get(column, -1)
        for column in (Column.POINT_CODE, Column.METER, Column.QUANTITY, Column.ZONE, Column.CURRENT)
    ]
    current = places[-1]
    letter = _letters(sheet, current)
    offset = sheet.first[0] + 1
    for number, cells in enumerate(sheet.cells[header.row + 1 :], start=header.row + 1):
        point, meter, quantity, zone, raw = (_text(cells, place) for place in places)
        flag = sheet.flag_at(number, current) if sheet.flags else CellFlag.PLAIN
        if not flag and 0 <= current < len(cells) and isinstance(cells[current], _MOMENTS):
            flag = CellFlag.DATE
        if (raw or any(sign.isdigit() for sign in meter)) and not _is_total(meter or point):
            yield FileLine(sheet.name, number + offset, letter, point, meter, quantity, zone, raw, flag)


def _is_total(name: str) -> bool:
    """Say whether a row adds up the others; a reading without a meter's number is somebody's slip instead."""
    return name.casefold().startswith(_TOTALS)


def _text(cells: Sequence[Any], place: int) -> str:
    """Return a cell as its reader sees it; a number without the idle zeros that a spreadsheet keeps for itself."""
    if not 0 <= place < len(cells):
        return ""
    value = cells[place]
    if isinstance(value, str):
        return value.strip()[:_LONGEST]
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXACT else format(value, ".15g")
    return str(value)[:_LONGEST]


def _number(sheet: Sheet, row: int) -> int:
    return row + sheet.first[0] + 1


def _letters(sheet: Sheet, place: int) -> str:
    return letters(place + sheet.first[1])
