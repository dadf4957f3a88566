"""Hostile files harm nobody but the process that reads them (TRUST 7)."""

import os
import signal
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import xlsxwriter

from kabinet.infra import archives
from kabinet.infra.archives import ArchiveProblem, BadArchive
from kabinet.infra.parsing import BadFile, Crashed, TookTooLong, TooLarge, parse, spent

MEGABYTE = 1024 * 1024
BOMB = "<row><c><v>1</v></c></row>" * 3_000_000
FAR_CELL = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
WORKSHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "file"
    path.write_text("слова файла", encoding="utf-8")
    return path


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "sheet.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["№011774", "00240"])
    return path


def read(name, path, *, seconds=5, megabytes=512):
    return parse(f"tests.infra.readers:{name}", path, seconds=seconds, megabytes=megabytes)


def with_sheet(path, rows):
    """Return a copy of the workbook whose first sheet is this XML."""
    changed = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, rows if name == "xl/worksheets/sheet1.xml" else old.read(name))
    return changed


def sheet_xml(cells):
    return f"{WORKSHEET}<sheetData>{cells}</sheetData></worksheet>"


def test_cells_of_a_sheet_come_back(sheet):
    archives.zip_guard(sheet)

    assert read("cells", sheet) == [["№011774", "00240"]]


def test_one_far_cell_ends_the_child_and_not_us(sheet):
    far = with_sheet(sheet, sheet_xml(FAR_CELL))
    assert far.stat().st_size < 10_000
    archives.zip_guard(far)

    with pytest.raises((TooLarge, TookTooLong)):
        read("cells", far)


def test_bomb_is_refused_before_it_is_opened(sheet):
    bomb = with_sheet(sheet, sheet_xml(BOMB))
    assert bomb.stat().st_size < MEGABYTE

    with pytest.raises(BadArchive) as caught:
        archives.zip_guard(bomb)

    assert caught.value.problem in {ArchiveProblem.TOO_LARGE, ArchiveProblem.PACKED_TOO_TIGHT}


def test_bomb_that_lies_about_its_size_ends_the_child_and_not_us(sheet):
    xml = sheet_xml(BOMB)
    bomb = with_sheet(sheet, xml)
    lying = bomb.with_name("lying.xlsx")
    true, said = (size.to_bytes(4, "little") for size in (len(xml), 1000))
    lying.write_bytes(bomb.read_bytes().replace(true, said))
    archives.zip_guard(lying)

    with pytest.raises((TooLarge, TookTooLong, Crashed)):
        read("cells", lying, megabytes=200)


def test_words_of_libraries_are_not_the_answer(file):
    assert read("text", file) == "слова файла"


def test_reader_says_what_is_wrong_with_the_file(file):
    with pytest.raises(BadFile) as caught:
        read("refuse", file)

    assert (caught.value.code, caught.value.facts) == ("sheet_missing", {"sheet": "Лист1"})


def test_fault_of_the_reader_tells_its_place_and_no_word_of_the_file(file):
    with pytest.raises(Crashed) as caught:
        read("crash", file)

    assert caught.value.how.startswith("ValueError readers.py:")
    assert "слова" not in caught.value.how


@pytest.mark.parametrize("task", ["leave", "exit_", "answer_what_json_cannot_hold", "missing"])
def test_any_other_end_is_a_crash(file, task):
    with pytest.raises(Crashed):
        read(task, file)


def test_missing_module_is_a_crash(file):
    with pytest.raises(Crashed, match="ModuleNotFoundError"):
        parse("tests.infra.nowhere:cells", file, seconds=5, megabytes=512)


@pytest.mark.parametrize("task", ["sleep", "spin"])
def test_reading_has_its_time(file, task, monkeypatch):
    monkeypatch.setattr("kabinet.infra.parsing.START_SECONDS", 2)
    begun = time.monotonic()

    with pytest.raises(TookTooLong):
        read(task, file, seconds=1)

    assert time.monotonic() - begun < 6


def test_whatever_the_reader_started_ends_with_it(file, monkeypatch):
    monkeypatch.setattr("kabinet.infra.parsing.START_SECONDS", 2)

    with pytest.raises(TookTooLong):
        read("sleep_in_a_grandchild", file, seconds=1)

    pid = int(str(file.with_suffix(".pid").readlink()))
    deadline = time.monotonic() + 2
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_running(pid)


def is_running(pid):
    """Say whether the process is more than a name that waits to be collected."""
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"


def test_reading_has_its_memory(file):
    with pytest.raises(TooLarge):
        read("swallow_memory", file)


def test_answer_has_its_size(file):
    with pytest.raises(TooLarge):
        read("answer_much", file)


def test_reader_writes_no_file(file):
    with pytest.raises((Crashed, TooLarge)):
        read("write_a_file", file)

    assert file.with_suffix(".written").stat().st_size == 0


def test_reader_opens_few_files(file):
    with pytest.raises(Crashed, match="OSError"):
        read("open_many", file)


def test_reader_sees_no_secret_and_no_framework(file, monkeypatch):
    monkeypatch.setenv("KABINET_SECRET_KEY", "x")

    seen = read("surroundings", file)

    assert seen == {"environment": ["LANG"], "django": []}


def test_each_file_has_a_process_of_its_own(file):
    seen = {read("leave_a_trace", file), read("leave_a_trace", file)}

    assert seen == {0}


def test_keeper_forks_the_next_child_without_starting_python_again(file):
    assert read("parent", file) == read("parent", file)


def test_child_that_ends_badly_takes_nobody_along(file):
    keeper = read("parent", file)
    with pytest.raises(Crashed):
        read("leave", file)

    assert read("parent", file) == keeper


def test_keeper_that_has_ended_is_replaced(file):
    first = read("parent", file)
    os.kill(first, signal.SIGKILL)

    assert read("parent", file) != first


def test_child_has_no_way_to_the_keepers_door(file):
    assert read("open_sockets", file) == []


def test_files_are_read_at_once(file):
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: read("text", file), range(12)))

    assert answers == ["слова файла"] * 12


def test_what_a_child_took_is_counted(file):
    before = spent.seconds

    read("work", file, seconds=20)

    assert 0.2 < spent.seconds - before < 5
    assert spent.most_kilobytes > 5_000
