"""Files of the manual ↔ chapters: a small plain-text form, so that screen and paper have one source.

    # Title                     the chapter's title; its id is the file's name without the number before it
    needs: section.archive      what the policy must open (several with spaces); left out, it is for everybody
    ## Heading
    Text of a paragraph with **strong** words, [a chapter](sign-up) and open words: {provider}.
    1. step                     steps begin with a number, points with a hyphen
    - point
    ! Note
    | head | head |             the first row is the head
    ![](sign-up)                a picture of BOOKS
    [dial]                      the drawing of the dial
    ? window.rolls              before a block: only where the policy opens that

Blocks are apart by an empty line.
"""

import re
from collections.abc import Iterator
from typing import Final

from kabinet.help.values import BOOKS, Block, BlockKind, Chapter, Span, Spans

_SPAN: Final = re.compile(r"\*\*(?P<strong>[^*]+)\*\*|\[(?P<words>[^\]]+)\]\((?P<chapter>[a-z-]+)\)")
_STEP: Final = re.compile(r"\d+\.\s+")
_PICTURE: Final = re.compile(r"!\[\]\(([a-z-]+)\)")
_NUMBER: Final = re.compile(r"^\d+-")
_PICTURES: Final = frozenset(picture.name for pictures in BOOKS.values() for picture in pictures)


class BadChapter(Exception):
    """Raised when a file of the manual cannot be read; says which and what."""


def read_chapter(name: str, text: str) -> Chapter:
    """Read one file; `name` is the file's without its ending."""
    title, *parts = [part for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
    first, *rest = title.split("\n")
    if not first.startswith("# "):
        raise BadChapter(f"{name}: the first line is not «# title»")
    needs = frozenset(word for line in rest for word in line.removeprefix("needs:").split())
    try:
        blocks = tuple(_block(part) for part in parts)
    except ValueError as fault:
        raise BadChapter(f"{name}: {fault}") from fault
    return Chapter(id=_NUMBER.sub("", name), title=first[2:].strip(), blocks=blocks, needs=needs)


def _block(part: str) -> Block:
    lines = [line.strip() for line in part.split("\n")]
    needs = frozenset[str]()
    if lines[0].startswith("? "):
        needs = frozenset(lines.pop(0)[2:].split())
    if not lines:
        raise ValueError(f"a condition without a block: {part!r}")
    first, text = lines[0], " ".join(lines)
    if first.startswith("## "):
        return Block(BlockKind.HEADING, _spans(text[3:]), needs=needs)
    if first.startswith("! "):
        return Block(BlockKind.NOTE, _spans(text[2:]), needs=needs)
    if first == "[dial]":
        return Block(BlockKind.DIAL, needs=needs)
    if picture := _PICTURE.fullmatch(text):
        return Block(BlockKind.PICTURE, picture=_known(picture[1]), needs=needs)
    return _rows(lines, needs) or Block(BlockKind.PARAGRAPH, _spans(text), needs=needs)


def _rows(lines: list[str], needs: frozenset[str]) -> Block | None:
    if lines[0].startswith("|"):
        cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        if len({len(row) for row in cells}) > 1:
            raise ValueError(f"rows of a table differ: {lines[0]!r}")
        return Block(BlockKind.TABLE, rows=tuple(tuple(_spans(cell) for cell in row) for row in cells), needs=needs)
    if _STEP.match(lines[0]):
        return Block(BlockKind.STEPS, rows=_steps(lines), needs=needs)
    if lines[0].startswith("- "):
        return Block(BlockKind.POINTS, rows=tuple((_spans(one[2:]),) for one in _items(lines)), needs=needs)
    return None


def _steps(lines: list[str]) -> tuple[tuple[Spans, ...], ...]:
    return tuple((_spans(_STEP.sub("", one, count=1)),) for one in _items(lines))


def _items(lines: list[str]) -> list[str]:
    """Join the lines that go on an item with its first one."""
    items: list[str] = []
    for line in lines:
        if _STEP.match(line) or line.startswith("- "):
            items.append(line)
        else:
            items[-1] = f"{items[-1]} {line}"
    return items


def _known(name: str) -> str:
    if name not in _PICTURES:
        raise ValueError(f"no picture is called {name!r}")
    return name


def _spans(text: str) -> Spans:
    return tuple(_cut(text))


def _cut(text: str) -> Iterator[Span]:
    end = 0
    for found in _SPAN.finditer(text):
        if found.start() > end:
            yield Span(text[end : found.start()])
        strong, words, chapter = found.group("strong", "words", "chapter")
        yield Span(strong, is_strong=True) if strong else Span(words, chapter=chapter)
        end = found.end()
    if end < len(text):
        yield Span(text[end:])
