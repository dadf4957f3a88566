"""Where a workbook ends that is too large to be read: the cell to which people can go and delete what is there.

`edges` runs in the child process, where `tables.read` has just failed for want of memory or time.
"""

import re
from pathlib import Path
from typing import Any, BinaryIO, Final
from zipfile import BadZipFile, ZipFile

from kabinet.readings.formats.columns import letters
from kabinet.readings.formats.workbooks import sheet_files

_PIECE: Final = 1024 * 1024
_MOST_PIECES: Final = 64
_LONGEST_TAG: Final = 200
_CELL: Final = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_ROW: Final = re.compile(rb'<row [^>]{0,80}?r="([0-9]{1,7})"')


def edges(path: Path) -> list[dict[str, Any]]:
    """Return each sheet's name with its last row and the letters of its last column, the largest first."""
    found = []
    try:
        with ZipFile(path) as archive:
            for sheet, name in list(sheet_files(archive))[:20]:
                with archive.open(name) as stream:
                    row, column = _edge_of(stream)  # type: ignore[arg-type]  # it reads, which is all that is asked
                found.append({"sheet": sheet, "row": row, "column": letters(max(column - 1, 0)), "width": column})
    except (BadZipFile, KeyError, OSError, SyntaxError):  # the last one is lxml's of bad XML
        return found
    return sorted(found, key=lambda edge: -edge["row"] * max(edge["width"], 1))


def _edge_of(stream: BinaryIO) -> tuple[int, int]:
    last_row = last_column = 0
    rest = b""
    for _ in range(_MOST_PIECES):
        piece = stream.read(_PIECE)
        if not piece:
            break
        text = rest + piece
        last_row = max([last_row, *(int(number) for number in _ROW.findall(text))])
        for column, row in _CELL.findall(text):
            last_row, last_column = max(last_row, int(row)), max(last_column, _number_of(column))
        rest = text[-_LONGEST_TAG:]
    return last_row, last_column


def _number_of(column: bytes) -> int:
    number = 0
    for sign in column:
        number = number * 26 + sign - 64
    return number
