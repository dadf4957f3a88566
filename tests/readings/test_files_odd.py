"""Files as programs and people make them that are not Excel of today: taken where they can be understood (READ-12)."""

import io
import re
import zipfile

import pytest

from kabinet.readings.formats import marked
from kabinet.readings.services.reading_files import Unreadable, read_path
from kabinet.readings.values.files import CellFlag, FileProblem, Mark, RowFate
from tests.readings.books import book, edited, row

pytestmark = pytest.mark.spec("READ-12")
GOOD = book([row("300111", 1240)])
PARTS = ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml")


def given(tmp_path, data):
    (tmp_path / "file").write_bytes(data)
    return read_path(tmp_path / "file")


def parts_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


def strict():
    """Return the book in the names of strict OOXML."""
    changes = (
        (
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    )
    parts = parts_of(GOOD)
    for name in parts:
        for old, new in changes:
            parts[name] = parts[name].replace(old, new)
    return packed(parts)


def prefixed(data=GOOD):
    """Return the book as some libraries write it: with a prefix before every name."""
    parts = parts_of(data)
    for name in PARTS:
        text = re.sub(r"<(/?)([a-zA-Z])", r"<\1x:\2", parts[name].decode())
        parts[name] = text.replace(
            'xmlns="http://schemas.openxmlformats.org/spreadsheetml',
            'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml',
        ).encode()
    return packed(parts)


def inline():
    """Return the book as web services write it: its texts in the cells, no table of them."""
    parts = parts_of(GOOD)
    texts = re.findall(r"<si><t[^>]*>(.*?)</t></si>", parts.pop("xl/sharedStrings.xml").decode())
    parts["xl/worksheets/sheet1.xml"] = re.sub(
        r'<c r="([A-Z]+\d+)" t="s"><v>(\d+)</v></c>',
        lambda found: f'<c r="{found[1]}" t="inlineStr"><is><t>{texts[int(found[2])]}</t></is></c>',
        parts["xl/worksheets/sheet1.xml"].decode(),
    ).encode()
    links = "xl/_rels/workbook.xml.rels"
    parts[links] = re.sub(rb"<Relationship [^>]*sharedStrings[^>]*/>", b"", parts[links])
    return packed(parts)


def without_names_of_cells():
    sheet = parts_of(GOOD)["xl/worksheets/sheet1.xml"]
    return edited(GOOD, xl__worksheets__sheet1_dot_xml=re.sub(rb' r="[A-Z]*\d+"', b"", sheet))


def of_1904():
    part = parts_of(GOOD)["xl/workbook.xml"]
    return edited(GOOD, xl__workbook_dot_xml=part.replace(b"<workbookPr ", b'<workbookPr date1904="1" '))


def open_document():
    """Return the table as LibreOffice saves it."""
    names = "urn:oasis:names:tc:opendocument:xmlns"
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = (("Номер ПУ", "Текущие показания"), ("300111", "1240"))
    table = "".join(
        f"<table:table-row>{''.join(cell.format(one) for one in cells)}</table:table-row>" for cells in rows
    )
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{names}:office:1.0" '
        f'xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Лист1">{table}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{names}:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    return packed({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


TABLE = "Номер ПУ;Текущие показания\r\n300111;1240\r\n"
QUOTED = '"Номер ПУ";"Прим; тут";"Текущие показания"\n"300111";"он ""да""";1240\n'
TAKEN = {
    "strict OOXML": strict(),
    "names with a prefix": prefixed(),
    "texts in the cells": inline(),
    "cells without names": without_names_of_cells(),
    "dates from 1904": of_1904(),
    "OpenDocument": open_document(),
    "headings in the seventh row": book([row("300111", 1240)], above=[["ООО"], [], ["Форма 1"], [], ["Октябрь"], []]),
    "blanks around the number of a meter": book([row("\N{NO-BREAK SPACE}300111 \N{NO-BREAK SPACE}", 1240)]),
    "csv with quotes and separators in a cell": QUOTED.encode("windows-1251"),
    "csv with a mark of order": TABLE.encode("utf-8-sig"),
    "csv in UTF-16 without a mark": TABLE.encode("utf-16-le"),
    "csv in big-endian UTF-16 without a mark": TABLE.encode("utf-16-be"),
    "csv of DOS": TABLE.encode("cp866"),
    "csv in KOI8": TABLE.encode("koi8-r"),
    "csv that names its separator": f"sep=;\n{TABLE}".encode(),
    "csv with bars": TABLE.replace(";", "|").encode(),
    "csv of an old Macintosh": TABLE.replace("\r\n", "\r").encode(),
    "csv with a heading of two lines": TABLE.replace("Текущие показания", '"Текущие\nпоказания"').encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_odd_file_is_understood(tmp_path, name):
    (line,) = given(tmp_path, TAKEN[name]).lines

    assert (line.meter.strip(), line.raw, line.flag) == ("300111", "1240", "")


@pytest.mark.parametrize(
    ("above", "below"),
    [
        (("№ п/п", "Прибор учёта", "Показания", ""), ("", "номер", "предыдущие", "текущие")),
        (("№ п/п", "Прибор учёта", "Показания", ""), ("", "заводской номер", "нач.", "кон.")),
        (("№", "Номер ПУ", "Предыдущие показания", "Текущие показания"), ("", "", "кВт·ч", "кВт·ч")),
    ],
)
def test_two_rows_of_headings_are_read_as_one(tmp_path, above, below):
    data = book([below, ("1", "300111", 1000, 1240)], headers=above)

    (line,) = given(tmp_path, data).lines

    assert (line.meter, line.raw, line.row, line.column) == ("300111", "1240", 3, "D")


def test_two_rows_of_headings_without_current_readings_are_refused(tmp_path):
    headers, below = ("№", "Номер ПУ", "Показания", ""), ("", "", "нач.", "прежние")

    with pytest.raises(Unreadable) as refusal:
        given(tmp_path, book([below, ("1", "300111", 1000, 900)], headers=headers))

    assert refusal.value.problem is FileProblem.COLUMN_MISSING
    assert refusal.value.facts == {"sheet": "Показания", "row": 3, "column": "current"} | {"row": 2}


def test_first_row_with_words_for_a_reading_is_a_row_and_no_heading(tmp_path):
    found = given(tmp_path, book([row("300111", "нет"), row("300222", 7)]))

    assert [(line.meter, line.raw) for line in found.lines] == [("300111", "нет"), ("300222", "7")]


def test_formula_is_seen_behind_a_prefix(tmp_path):
    data = book([row("300111", "")], prepare=lambda _, sheet: sheet.write_formula("I2", "=H2+240", None, 1240))

    assert given(tmp_path, prefixed(data)).lines[0].flag == CellFlag.FORMULA


@pytest.mark.parametrize(
    ("data", "problem", "facts"),
    [
        ("<html><table><tr><td>Номер ПУ</td></tr></table></html>".encode(), FileProblem.NOT_A_TABLE, {}),
        (b'<?xml version="1.0"?><Workbook/>', FileProblem.NOT_A_TABLE, {}),
        (b"\x1f\x8b\x08\x00abc", FileProblem.NOT_A_TABLE, {}),
        (
            packed({name: body for name, body in parts_of(GOOD).items() if "shared" not in name}),
            FileProblem.DAMAGED,
            {},
        ),
        (
            'Номер ПУ;Текущие показания\n"300111;1240\n300222;5\n'.encode(),
            FileProblem.BAD_TABLE,
            {"sheet": "CSV", "row": 2},
        ),
    ],
)
def test_file_that_would_be_misread_is_refused_with_its_place(tmp_path, data, problem, facts):
    with pytest.raises(Unreadable) as refusal:
        given(tmp_path, data)

    assert (refusal.value.problem, refusal.value.facts) == (problem, facts)


def test_open_document_comes_back_coloured(tmp_path):
    (tmp_path / "file").write_bytes(open_document())
    cells = marked.cells(tmp_path / "file")

    data = marked.write(cells, [Mark("Лист1", 2, "B", RowFate.SENT)])

    assert given(tmp_path, data).lines[0].raw == "1240"
