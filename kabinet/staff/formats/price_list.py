"""A table of prices: rows out of an .xlsx or .csv, and the template with what holds now.

`read` runs in the child process on a stranger's file.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from kabinet.readings.formats.columns import folded, letters
from kabinet.readings.formats.faults import BadTable
from kabinet.readings.formats.tables import opened
from kabinet.readings.formats.workbooks import Sheet
from kabinet.readings.values.files import FileProblem
from kabinet.tariffs.values.files import (
    HOUSES,
    NEEDED,
    RESOURCES,
    SETTLEMENTS,
    UNITS,
    WHATS,
    ZONE_NAMES,
    Cell,
    PriceColumn,
    PriceLine,
)

_BY_NAME: Final = {folded(column.value): column for column in PriceColumn}
_HEADER_WITHIN: Final = 20
_LONGEST: Final = 80
# Nothing that is typed may become a formula or an address in a file that we make.
_OPTIONS: Final = {"strings_to_formulas": False, "strings_to_urls": False}
_WIDTHS: Final = (24, 18, 10, 18, 18, 12, 10, 10, 12, 9, 9, 12, 13, 13)
_LISTS: Final[Mapping[PriceColumn, Sequence[str]]] = {
    PriceColumn.WHAT: tuple(WHATS),
    PriceColumn.RESOURCE: tuple(RESOURCES),
    PriceColumn.UNIT: tuple(UNITS),
    PriceColumn.HOUSE: tuple(HOUSES),
    PriceColumn.SETTLEMENT: tuple(SETTLEMENTS),
    PriceColumn.ZONES: ("1", "2", "3"),
    PriceColumn.ZONE: tuple(ZONE_NAMES),
}
_LAST_ROW: Final = 5000


def read(path: Path) -> list[list[Any]]:
    """Return each row that says something: its number, then column, letter and text of its cells."""
    book = opened(path)
    for sheet in book.sheets:
        if found := _header_of(sheet):
            return [list(row) for row in _rows(sheet, *found)]
    raise _why_no_header([cells for sheet in book.sheets for cells in sheet.cells[:_HEADER_WITHIN]])


def lines_of(answer: Iterable[Sequence[Any]]) -> list[PriceLine]:
    """Return the child's answer as values."""
    return [
        PriceLine(number, {PriceColumn(column): Cell(letter, text) for column, letter, text in cells})
        for number, cells in answer
    ]


def write(rows: Sequence[Mapping[PriceColumn, str]], *, hint: str) -> bytes:
    """Return the template as a workbook: headings, what holds now, lists of words in the cells below."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        sheet = book.add_worksheet("Тарифы")
        head = book.add_format({"bold": True, "text_wrap": True, "bottom": 2, "valign": "top", "bg_color": "#E8EEF4"})
        text = book.add_format({"num_format": "@"})
        for place, (column, width) in enumerate(zip(PriceColumn, _WIDTHS, strict=True)):
            sheet.set_column(place, place, width, text)
            sheet.write_string(0, place, column.value, head)
            if words := _LISTS.get(column):
                sheet.data_validation(1, place, _LAST_ROW, place, {"validate": "list", "source": list(words)})
        sheet.write_comment(0, 0, hint, {"x_scale": 3, "y_scale": 3})
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            for place, column in enumerate(PriceColumn):
                sheet.write_string(number, place, row.get(column, ""), text)
    return out.getvalue()


def _header_of(sheet: Sheet) -> tuple[int, dict[PriceColumn, int]] | None:
    for number, cells in enumerate(sheet.cells[:_HEADER_WITHIN]):
        named = _named(cells)
        if named.keys() >= set(NEEDED):
            return number, named
    return None


def _named(cells: Sequence[Any]) -> dict[PriceColumn, int]:
    found: dict[PriceColumn, int] = {}
    for place, cell in enumerate(cells):
        column = _BY_NAME.get(folded(cell)) if isinstance(cell, str) else None
        if column:
            found.setdefault(column, place)
    return found


def _why_no_header(heads: Iterable[Sequence[Any]]) -> BadTable:
    """Name the first column that the likeliest row of headings lacks."""
    best = max((_named(cells) for cells in heads), key=len, default={})
    if not best:
        return BadTable(FileProblem.NO_HEADER)
    missing = next(column for column in NEEDED if column not in best)
    return BadTable(FileProblem.COLUMN_MISSING, column=missing.value)


def _rows(
    sheet: Sheet, header: int, columns: dict[PriceColumn, int]
) -> Iterable[tuple[int, list[tuple[str, str, str]]]]:
    top, left = sheet.first
    for number, cells in enumerate(sheet.cells[header + 1 :], start=header + 1):
        found = [
            (column.value, letters(place + left), _text(cells[place]) if place < len(cells) else "")
            for column, place in columns.items()
        ]
        if any(text for _, _, text in found):
            yield number + top + 1, found


def _text(value: Any) -> str:
    """Return a cell as people read it; a whole number without the idle zero that a spreadsheet keeps."""
    match value:
        case str():
            return value.strip()[:_LONGEST]
        case float():
            return str(int(value)) if value.is_integer() else format(value, ".15g")
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case None:
            return ""
        case _:
            return str(value)[:_LONGEST]
