"""Sheets of texts and numbers as .xlsx; a text is a text, whatever sign it begins with (TRUST 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Final

import xlsxwriter

_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_WIDEST: Final = 60
_NARROWEST: Final = 10

Cell = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its name; without a header its first column has the names."""

    name: str
    rows: Sequence[Sequence[Cell]]
    header: Sequence[str] = ()


def write(sheets: Sequence[Sheet]) -> bytes:
    """Return the bytes of the workbook."""
    body = BytesIO()
    with xlsxwriter.Workbook(body, _OPTIONS) as book:
        bold = book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            begin = 1 if sheet.header else 0
            for column, name in enumerate(sheet.header):
                page.write_string(0, column, name, bold)
            for place, row in enumerate(sheet.rows, start=begin):
                _write_row(page, place, row, wrapped)
            _set_widths(page, sheet)
            if sheet.header:
                page.freeze_panes(1, 0)
    return body.getvalue()


def _write_row(page: xlsxwriter.worksheet.Worksheet, place: int, row: Sequence[Cell], look: object) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            page.write_string(place, column, cell, look)
        elif cell is not None:
            page.write_number(place, column, cell, look)


def _set_widths(page: xlsxwriter.worksheet.Worksheet, sheet: Sheet) -> None:
    for column, cells in enumerate(zip(*[row for row in (sheet.header, *sheet.rows) if row], strict=False)):
        longest = max(len(str(cell or "")) for cell in cells)
        page.set_column(column, column, min(max(longest + 2, _NARROWEST), _WIDEST))
