"""Workbooks as sheets of cells; what calamine does not tell of a cell is looked up in the sheet's XML."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from kabinet.readings.formats.columns import letters
from kabinet.readings.formats.faults import BadTable
from kabinet.readings.values.files import CellFlag, FileNote, FileProblem

Cells = Sequence[Sequence[Any]]

MOST_ROWS: Final = 20_000
MOST_CELLS: Final = 3_000_000
META_SHEET: Final = "_kabinet"
# Some programs write a prefix before every name, and the attributes in an order of their own.
_ODD_CELL: Final = re.compile(rb"<(?:\w{1,9}:)?c ([^>]*)>(?=(<(?:\w{1,9}:)?f[ >/])?)")
_CELL_NAME: Final = re.compile(rb'\br="([A-Z]{1,3}[0-9]{1,7})"')


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a sheet from its first that is filled; `first` is the row and column of that one, from zero."""

    name: str
    cells: Cells
    first: tuple[int, int] = (0, 0)
    flags: dict[str, CellFlag] | None = None

    def flag_at(self, row: int, place: int) -> CellFlag:
        """Return what is odd about the cell at a place of `cells`."""
        if not self.flags:
            return CellFlag.PLAIN
        name = f"{letters(place + self.first[1])}{row + self.first[0] + 1}"
        return self.flags.get(name, CellFlag.PLAIN)


@dataclass(frozen=True, slots=True)
class Book:
    """The sheets that people see, what was noticed, and whose template it says it is."""

    sheets: tuple[Sheet, ...]
    notes: tuple[tuple[str, str], ...]
    contract_id: str = ""


def open_book(path: Path) -> Book:
    """Read every visible sheet."""
    # The reader is heavy to load and belongs to the child alone.
    from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum, load_workbook

    try:
        book = load_workbook(str(path))
        shown = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet
        ]
        hidden = [sheet.name for sheet in book.sheets_metadata if sheet.visible is not SheetVisibleEnum.Visible]
        marks = _Marks(path)
        sheets = tuple(_sheet(book.get_sheet_by_name(name), marks) for name in shown)
        contract = _contract_of(book) if META_SHEET in hidden else ""
    except (CalamineError, KeyError, ValueError) as error:
        raise BadTable(FileProblem.DAMAGED) from error
    return Book(sheets, (*_notes(marks), *((FileNote.HIDDEN_SHEET, n) for n in hidden if n != META_SHEET)), contract)


def _sheet(sheet: Any, marks: "_Marks") -> Sheet:
    if sheet.start is None:
        return Sheet(sheet.name, ())
    if sheet.height > MOST_ROWS or sheet.height * sheet.width > MOST_CELLS:
        end = f"{letters(sheet.end[1])}{sheet.end[0] + 1}"
        raise BadTable(FileProblem.TOO_MANY_ROWS, sheet=sheet.name, cell=end, most=MOST_ROWS)
    flags = marks.of(sheet.name)
    for first, last in sheet.merged_cell_ranges or ():
        flags |= dict.fromkeys(_covered(first, last), CellFlag.MERGED)
    return Sheet(sheet.name, sheet.to_python(), first=sheet.start, flags=flags)


def _covered(first: tuple[int, int], last: tuple[int, int]) -> Iterator[str]:
    """Name the cells that a merged one hides, those of a narrow column: wide ones are titles."""
    rows = range(first[0], min(last[0], first[0] + MOST_ROWS) + 1)
    for row in rows:
        for column in range(first[1], min(last[1], first[1] + 50) + 1):
            if (row, column) != first:
                yield f"{letters(column)}{row + 1}"


def _contract_of(book: Any) -> str:
    """Return the contract that the template was made for."""
    facts = {str(row[0]): str(row[1]) for row in book.get_sheet_by_name(META_SHEET).to_python(nrows=9) if len(row) > 1}
    return facts.get("contract", "")[:40]


def _notes(marks: "_Marks") -> Iterator[tuple[str, str]]:
    if any(name.endswith("vbaProject.bin") for name in marks.names):
        yield FileNote.MACROS, ""
    if any(name.startswith("xl/externalLinks/") for name in marks.names):
        yield FileNote.EXTERNAL_LINKS, ""


class _Marks:
    """Formulas and errors of each sheet, by the names of cells."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with ZipFile(path) as archive:
            self.names = archive.namelist()
            sheets = [name for name in self.names if name.startswith("xl/worksheets/") and name.endswith(".xml")]
            odd = {name: found for name in sheets if (found := _odd_cells(archive.read(name)))}
            self._by_sheet = {sheet: odd[name] for sheet, name in sheet_files(archive) if name in odd} if odd else {}

    def of(self, sheet: str) -> dict[str, CellFlag]:
        return dict(self._by_sheet.get(sheet, {}))


def _odd_cells(xml: bytes) -> dict[str, CellFlag]:
    if b"<f" not in xml and b":f" not in xml and b't="e"' not in xml:
        return {}
    return {
        name[1].decode(): CellFlag.ERROR if b't="e"' in found[1] else CellFlag.FORMULA
        for found in _ODD_CELL.finditer(xml)
        if (found[2] or b't="e"' in found[1]) and (name := _CELL_NAME.search(found[1]))
    }


def sheet_files(archive: ZipFile) -> Iterator[tuple[str, str]]:
    """Yield each sheet's name with its file, as the workbook's own list has them."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    links = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), parser)
    targets = {link.get("Id"): str(link.get("Target", "")) for link in links}
    for sheet in etree.fromstring(archive.read("xl/workbook.xml"), parser).iter("{*}sheet"):
        number = next((value for name, value in sheet.attrib.items() if str(name).endswith("}id")), None)
        target = targets.get(number, "")
        yield str(sheet.get("name")), target.lstrip("/") if target.startswith("/") else f"xl/{target}"
