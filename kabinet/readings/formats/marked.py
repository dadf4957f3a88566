"""The customer's own file again, its cells coloured by their fates, with comments (READ-12).

`cells` runs in the child process; `write` gets what it answered.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from kabinet.readings.formats.tables import opened
from kabinet.readings.formats.template import OPTIONS
from kabinet.readings.values.files import Mark, RowFate

_MOST_COLUMNS: Final = 60
_LONGEST: Final = 1000
_LARGEST: Final = 1e300
_LONGEST_NAME: Final = 31
_NOT_IN_NAMES: Final = frozenset("[]:*?/\\")
_COLOURS: Final[Mapping[RowFate, str]] = {
    RowFate.SENT: "#D3F0DA",
    RowFate.UNCHANGED: "#E9ECEF",
    RowFate.TO_CONFIRM: "#FFE8A3",
    RowFate.HELD: "#FFD8A8",
    RowFate.REFUSED: "#FFC9C9",
}


def cells(path: Path) -> list[dict[str, Any]]:
    """Return what every visible sheet shows, as JSON can hold it."""
    return [
        {
            "name": sheet.name,
            "first": sheet.first,
            "rows": [[_plain(cell) for cell in row[:_MOST_COLUMNS]] for row in sheet.cells],
        }
        for sheet in opened(path).sheets
    ]


def write(sheets: Iterable[Mapping[str, Any]], marks: Iterable[Mark]) -> bytes:
    """Return a workbook of the same cells, the rows of `marks` coloured."""
    of_sheet: defaultdict[str, dict[int, Mark]] = defaultdict(dict)
    for mark in marks:
        of_sheet[mark.sheet][mark.row] = mark
    out = BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS | {"constant_memory": False}) as book:
        looks = {fate: book.add_format({"bg_color": colour}) for fate, colour in _COLOURS.items()}
        for number, facts in enumerate(sheets, start=1):
            sheet = book.add_worksheet(_name_of(facts["name"], number))
            _write_sheet(sheet, facts, of_sheet[facts["name"]], looks)
    return out.getvalue()


def _name_of(name: str, number: int) -> str:
    """Keep a sheet's name where a spreadsheet would; other programs give names that it refuses to open."""
    is_plain = 0 < len(name) <= _LONGEST_NAME and not _NOT_IN_NAMES.intersection(name) and name.strip("'") == name
    return name if is_plain else f"{number}"


def _write_sheet(sheet: Any, facts: Mapping[str, Any], marks: Mapping[int, Mark], looks: Mapping[RowFate, Any]) -> None:
    top, left = facts["first"]
    sheet.set_column(0, _MOST_COLUMNS, 16)
    for number, row in enumerate(facts["rows"], start=top):
        mark = marks.get(number + 1)
        look = looks.get(mark.fate) if mark else None
        for place, cell in enumerate(row, start=left):
            _write_cell(sheet, number, place, cell, look)
        if mark and mark.comment:
            sheet.write_comment(f"{mark.column}{mark.row}", mark.comment[:_LONGEST], {"x_scale": 2})


def _write_cell(sheet: Any, row: int, place: int, cell: Any, look: Any) -> None:
    """Write what the customer wrote: a text stays a text, whatever sign it begins with."""
    match cell:
        case bool():
            sheet.write_boolean(row, place, cell, look)
        case int() | float():
            sheet.write_number(row, place, cell, look)
        case str() if cell:
            sheet.write_string(row, place, cell, look)
        case _ if look:
            sheet.write_blank(row, place, None, look)


def _plain(cell: Any) -> Any:
    if isinstance(cell, float):
        return cell if abs(cell) < _LARGEST else str(cell)
    if isinstance(cell, bool | int):
        return cell
    return str(cell)[:_LONGEST]
