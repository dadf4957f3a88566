"""Whatever file comes, the answer comes within five seconds and names the place (READ-12, TRUST 7)."""

import io
import resource
import struct
import time
import zipfile
from datetime import date

import pytest

from kabinet.readings.services.reading_files import Unreadable, read_path
from kabinet.readings.values.files import CellFlag, FileNote, FileProblem
from tests.readings.books import HEADERS, book, edited, row, sheet_xml

pytestmark = pytest.mark.spec("READ-12")
SECONDS = 5
MOST_GROWTH_KB = 60_000
GOOD = book([row("300111", 1240)])
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def zipped(**entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def encrypted(data):
    """Set the bit of encryption in the archive's directory."""
    at = data.rfind(b"PK\x01\x02")
    flags = struct.unpack_from("<H", data, at + 8)[0] | 1
    return data[: at + 8] + struct.pack("<H", flags) + data[at + 10 :]


def many_empty_rows():
    rows = "".join(f'<row r="{number}"/>' for number in range(1, 1_000_001))
    return edited(GOOD, xl__worksheets__sheet1_dot_xml=sheet_xml(rows))


def many_styled_rows():
    """A million rows whose cells are formatted and empty, as a whole coloured column leaves them."""
    rows = "".join(f'<row r="{number}"><c r="I{number}" s="1"/></row>' for number in range(1, 400_001))
    return edited(GOOD, xl__worksheets__sheet1_dot_xml=sheet_xml(rows))


def wide():
    return book([row("300111", 1240)], prepare=lambda _, sheet: sheet.write_row(0, 20, ["ш"] * (16_384 - 20)))


def wide_and_long():
    def prepare(_, sheet):
        sheet.write_number(19_000, 16_383, 1)

    return book([row("300111", 1240)], prepare=prepare)


def bomb():
    rows = "<row><c><v>1</v></c></row>" * 3_000_000
    return edited(GOOD, xl__worksheets__sheet1_dot_xml=sheet_xml(rows))


def many_sheets():
    return edited(GOOD, **{f"xl__worksheets__extra{number}_dot_xml": b"<x/>" for number in range(300)})


REFUSED = {
    "not a zip": (b"PK\x03\x04 and then nothing of the kind", FileProblem.DAMAGED),
    "cut short": (GOOD[:-400], FileProblem.DAMAGED),
    "a zip of something else": (zipped(letter="привет"), FileProblem.DAMAGED),
    "bomb": (bomb(), FileProblem.TOO_LARGE),
    "too many entries": (many_sheets(), FileProblem.TOO_MANY_ENTRIES),
    "nested": (edited(GOOD, xl__embeddings__inner_dot_xlsx=GOOD), FileProblem.NESTED),
    "encrypted entry": (encrypted(GOOD), FileProblem.ENCRYPTED),
    "leads elsewhere": (edited(GOOD, **{"..__..__etc__passwd": b"x"}), FileProblem.BAD_NAME),
    "far cell": (edited(GOOD, xl__worksheets__sheet1_dot_xml=sheet_xml(FAR)), FileProblem.FAR_CELL),
    "wide and long": (wide_and_long(), FileProblem.FAR_CELL),
    "broken xml": (edited(GOOD, xl__worksheets__sheet1_dot_xml=b"<worksheet><sheetData><row"), FileProblem.DAMAGED),
    "million empty rows": (many_empty_rows(), FileProblem.NO_HEADER),
    "empty book": (book([], headers=()), FileProblem.NO_HEADER),
    "headings alone": (book([]), FileProblem.NO_ROWS),
    "no column of readings": (book([row("300111", 1240)], headers=HEADERS[:-1]), FileProblem.COLUMN_MISSING),
    "two columns of readings": (
        book([[*row("300111", 1240), 7]], headers=(*HEADERS, "Текущее показание")),
        FileProblem.COLUMN_TWICE,
    ),
    "another kind of table": (book([["Иванов", "12"]], headers=("Фамилия", "Оценка")), FileProblem.NO_HEADER),
    "csv of nothing": (b"\n\n", FileProblem.NO_HEADER),
    "csv that is not utf-16": (b"\xff\xfe\x00", FileProblem.BAD_ENCODING),
    "csv with a cell of a megabyte": (b"a;" + b"b" * 1_000_000, FileProblem.BAD_TABLE),
    "csv of 30,000 rows": (b"x;y\n" * 30_000, FileProblem.TOO_MANY_ROWS),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_file_is_refused_in_time(tmp_path, name):
    data, problem = REFUSED[name]
    path = tmp_path / "file"
    path.write_bytes(data)
    grown, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()

    with pytest.raises(Unreadable) as refusal:
        read_path(path)

    assert refusal.value.problem is problem
    assert time.monotonic() - started < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - grown < MOST_GROWTH_KB


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("far cell", {"sheet": "Показания", "cell": "XFD1048576"}),
        ("headings alone", {"sheet": "Показания", "row": 1}),
        ("no column of readings", {"sheet": "Показания", "row": 1, "column": "current"}),
        (
            "two columns of readings",
            {"sheet": "Показания", "row": 1, "column": "current", "first": "I", "second": "J"},
        ),
        ("another kind of table", {"sheet": "Показания"}),
        ("csv of 30,000 rows", {"sheet": "CSV", "cell": "A20001", "most": 20_000}),
    ],
)
def test_refusal_names_the_place(tmp_path, name, facts):
    (tmp_path / "file").write_bytes(REFUSED[name][0])

    with pytest.raises(Unreadable) as refusal:
        read_path(tmp_path / "file")

    assert refusal.value.facts == facts


def given(tmp_path, data):
    (tmp_path / "file").write_bytes(data)
    return read_path(tmp_path / "file")


def cell_of(tmp_path, prepare=None, value=""):
    """Return the row of a book whose current reading is written by `prepare`."""
    return given(tmp_path, book([row("300111", value)], prepare=prepare)).lines[0]


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        (1240, "1240"),
        (1240.5, "1240.5"),
        ("01240", "01240"),
        ("1 234,5", "1 234,5"),
        ("1\u00a0234,5", "1\u00a0234,5"),
        ("=1+1", "=1+1"),
        (1e308, "1e+308"),
        ("NaN", "NaN"),
        (0.1 + 0.2, "0.3"),
        (True, "True"),
    ],
)
def test_number_is_read_as_it_is_seen(tmp_path, value, raw):
    def prepare(_, sheet):
        sheet.write_string(1, 8, value) if isinstance(value, str) else sheet.write(1, 8, value)

    assert cell_of(tmp_path, prepare).raw == raw


def write_day(workbook, sheet):
    sheet.write_datetime("I2", date(2026, 5, 12), workbook.add_format({"num_format": "dd.mm.yyyy"}))


@pytest.mark.parametrize(
    ("prepare", "flag"),
    [
        (lambda b, s: s.write_formula("I2", "=H2+240", None, 1240), CellFlag.FORMULA),
        (lambda b, s: s.write_formula("I2", "=1/0", None, "#DIV/0!"), CellFlag.ERROR),
        (write_day, CellFlag.DATE),
        (lambda b, s: s.merge_range("H2:I2", "1240"), CellFlag.MERGED),
        (lambda b, s: s.merge_range("I1:I2", HEADERS[8]), CellFlag.MERGED),
    ],
)  # fmt: skip
def test_odd_cell_is_named(tmp_path, prepare, flag):
    line = cell_of(tmp_path, prepare)

    assert (line.flag, line.sheet, line.row, line.column) == (flag, "Показания", 2, "I")


def test_columns_may_be_moved_renamed_and_added(tmp_path):
    headers = ("№ п/п", "Тек. показания, кВтч", "Заводской  № ПУ", "Вид энергии", "Примечание", "Код точки поставки")
    data = book(
        [["1", 1240, "300111", "актив приём", "", "0000101"]], headers=headers, above=[["ООО «Мир»"], [], ["Октябрь"]]
    )

    line = given(tmp_path, data).lines[0]

    assert (line.meter, line.raw, line.quantity, line.point_code, line.row) == (
        "300111", "1240", "актив приём", "0000101", 5,
    )  # fmt: skip


def test_headings_may_be_typed_with_letters_that_look_alike(tmp_path):
    headers = ("Hомep ПУ", "Tекущие пoказания")

    assert given(tmp_path, book([["300111", 1240]], headers=headers)).lines[0].raw == "1240"


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["windows-1251", "utf-8", "utf-8-sig", "utf-16"])
def test_csv_is_read_in_every_encoding(tmp_path, separator, encoding):
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in cells) for cells in (HEADERS, row("0300111", "1 240,5")))

    line = given(tmp_path, text.encode(encoding)).lines[0]

    assert (line.meter, line.raw, line.row, line.column) == ("0300111", "1 240,5", 2, "I")


def test_two_sheets_are_read_and_hidden_ones_are_told_of(tmp_path):
    def prepare(workbook, _):
        second = workbook.add_worksheet("Цех")
        second.write_row(0, 0, HEADERS)
        second.write_row(1, 0, row("300222", 7))
        workbook.add_worksheet("Заметки").write(0, 0, "позвонить")
        workbook.add_worksheet("Черновик").hide()

    found = given(tmp_path, book([row("300111", 1240)], prepare=prepare))

    assert [(line.sheet, line.meter) for line in found.lines] == [("Показания", "300111"), ("Цех", "300222")]
    assert set(found.notes) == {(FileNote.OTHER_SHEET, "Заметки"), (FileNote.HIDDEN_SHEET, "Черновик")}


def test_macros_and_links_are_told_of_and_never_run(tmp_path):
    data = edited(GOOD, xl__vbaProject_dot_bin=b"\xd0\xcf\x11\xe0", xl__externalLinks__externalLink1_dot_xml=b"<x/>")

    found = given(tmp_path, data)

    assert {code for code, _ in found.notes} == {FileNote.MACROS, FileNote.EXTERNAL_LINKS}
    assert found.lines[0].raw == "1240"


def test_sixteen_thousand_columns_hinder_nothing(tmp_path):
    started = time.monotonic()

    assert given(tmp_path, wide()).lines[0].raw == "1240"
    assert time.monotonic() - started < SECONDS


def test_coloured_empty_rows_hinder_nothing(tmp_path):
    started = time.monotonic()

    with pytest.raises(Unreadable) as refusal:
        given(tmp_path, many_styled_rows())

    assert refusal.value.problem is FileProblem.NO_HEADER
    assert time.monotonic() - started < SECONDS


def test_totals_below_the_table_are_no_rows(tmp_path):
    found = given(tmp_path, book([row("300111", 1240), ["", "", "", "Итого", "", "", "", "", 1240]]))

    assert [line.meter for line in found.lines] == ["300111"]
