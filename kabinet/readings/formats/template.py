"""«Шаблон интегральных показаний»: an .xlsx in which only the current readings can be typed (READ-12)."""

from collections import defaultdict
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from kabinet.readings.formats.columns import letters
from kabinet.readings.formats.workbooks import META_SHEET
from kabinet.readings.values.files import Column, Template

SCHEMA: Final = "integral-readings/1"
# Nothing that billing wrote may become a formula or an address, here or in a table that is saved from this one.
OPTIONS: Final = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_WIDTHS: Final = (16, 34, 18, 18, 22, 12, 12, 18, 18)
_PREVIOUS: Final = list(Column).index(Column.PREVIOUS)
_CURRENT: Final = list(Column).index(Column.CURRENT)
_ALLOWED: Final = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_columns": True,
    "format_rows": True,
    "autofilter": True,
}


def write(template: Template) -> bytes:
    """Return the workbook: identifying cells locked without a password, the current readings open and checked."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        sheet = book.add_worksheet(template.sheet)
        _write_rows(book, sheet, template)
        _check_input(sheet, template)
        sheet.protect("", _ALLOWED)
        _write_meta(book, template)
    return out.getvalue()


def _write_rows(book: Any, sheet: Any, template: Template) -> None:
    head = book.add_format({"bold": True, "text_wrap": True, "bottom": 2, "valign": "top", "bg_color": "#E8EEF4"})
    text = book.add_format({"num_format": "@", "quote_prefix": True})
    typed = book.add_format({"locked": False, "bg_color": "#FFF9DB", "border": 1, "border_color": "#C9BE86"})
    closed = book.add_format({"bg_color": "#EEEEEE"})
    dials = {dial: book.add_format({"num_format": _figures(*dial)}) for dial in {row.dial for row in template.rows}}
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, 0)
    for place, header in enumerate(template.headers):
        sheet.write_string(0, place, header, head)
    for number, row in enumerate(template.rows, start=1):
        for place, cell in enumerate(row.cells):
            sheet.write_string(number, place, cell, text)
        _write_number(sheet, number, _PREVIOUS, row.previous, dials[row.dial])
        _write_number(sheet, number, _CURRENT, row.current, typed if row.is_live else closed)
    sheet.autofilter(0, 0, max(len(template.rows), 1), len(template.headers) - 1)


def _figures(whole: int, fraction: int) -> str:
    """Return the format in which a number has the figures of the dial."""
    return "0" * whole + ("." + "0" * fraction if fraction else "")


def _write_number(sheet: Any, row: int, place: int, value: Decimal | None, look: Any) -> None:
    if value is None:
        sheet.write_blank(row, place, None, look)
    else:
        sheet.write_number(row, place, float(value), look)


def _check_input(sheet: Any, template: Template) -> None:
    """Let a dial take as many digits as it has; one rule for all dials of a length."""
    live: defaultdict[int, list[list[int]]] = defaultdict(list)
    for number, row in enumerate(template.rows, start=1):
        if row.is_live:
            _extend(live[row.integer_digits], number)
    for digits, spans in live.items():
        rule = {
            "validate": "decimal",
            "criteria": "between",
            "minimum": 0,
            "maximum": 10**digits - 0.0001,
            "ignore_blank": True,
            "input_message": template.hint,
            "error_message": template.refusal,
            "other_cells": [[first, _CURRENT, last, _CURRENT] for first, last in spans[1:]],
        }
        first, last = spans[0]
        sheet.data_validation(first, _CURRENT, last, _CURRENT, rule)


def _extend(spans: list[list[int]], number: int) -> None:
    if spans and spans[-1][1] == number - 1:
        spans[-1][1] = number
    else:
        spans.append([number, number])


def _write_meta(book: Any, template: Template) -> None:
    """Write whose template of which version this is, where nobody edits it by chance."""
    meta = book.add_worksheet(META_SHEET)
    meta.very_hidden()
    facts = {"schema": SCHEMA, "contract": str(template.contract_id), "month": str(template.month)}
    for number, (name, value) in enumerate(facts.items()):
        meta.write_row(number, 0, [name, value])
    last = len(template.rows) + 1
    book.define_name("kabinet_schema", f'="{SCHEMA}"')
    book.define_name("kabinet_current", f"='{template.sheet}'!${letters(_CURRENT)}$2:${letters(_CURRENT)}${last}")
