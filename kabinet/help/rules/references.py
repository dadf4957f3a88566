"""A reference as the office types it: paragraphs, lists, headings, tables (HELP-04)."""

import re
from collections.abc import Iterator
from typing import Final

from kabinet.help.rules.search import line_of
from kabinet.help.values import BlockKind, Passage

HEADING: Final = "## "
POINT: Final = "- "
BAR: Final = "|"
_GAP: Final = re.compile(r"\n\s*\n")
_NUMBER: Final = re.compile(r"[\d\s.,]+(?:₽|руб\.?)?")


def passages_of(text: str) -> tuple[Passage, ...]:
    """Cut a text into what stands under one another; a block that is nothing else is a paragraph."""
    blocks = (block.strip() for block in _GAP.split(text.replace("\r\n", "\n")))
    return tuple(passage for block in blocks if block for passage in _passages(block.split("\n")))


def is_number(cell: str) -> bool:
    """Say whether a cell holds a sum or a count, which stands to the right."""
    return bool(_NUMBER.fullmatch(cell.strip())) and any(sign.isdigit() for sign in cell)


def _passages(lines: list[str]) -> Iterator[Passage]:
    if lines[0].startswith(HEADING):
        yield Passage(BlockKind.HEADING, lines=(line_of(lines[0].removeprefix(HEADING)),))
        lines = lines[1:]
    if not lines:
        return
    rows = [_cells(line) for line in lines]
    if len(rows[0]) > 1 and {len(row) for row in rows} == {len(rows[0])}:
        yield Passage(BlockKind.TABLE, rows=tuple(rows))
    elif all(line.startswith(POINT) for line in lines):
        yield Passage(BlockKind.POINTS, lines=tuple(line_of(line.removeprefix(POINT)) for line in lines))
    else:
        yield Passage(BlockKind.PARAGRAPH, lines=tuple(line_of(line) for line in lines))


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.strip().strip(BAR).split(BAR))
