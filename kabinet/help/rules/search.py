"""Looking for words in questions and answers, and showing where they are."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from kabinet.help.values import Line, Piece

_WORD: Final = re.compile(r"\w+")
# An address ends before the sign that ends the sentence around it.
_ADDRESS: Final = re.compile(r"https?://[^\s<>«»\"]+[^\s<>«»\".,;:!?)]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PARAGRAPH: Final = re.compile(r"\n\s*\n")


def normal(text: str) -> str:
    """Write a text as it is compared: any case, ё as е."""
    return text.casefold().replace("ё", "е")


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text as they are compared."""
    return frozenset(_WORD.findall(normal(text)))


def hits_among(words: Collection[str], *, typed: str, found: Collection[str]) -> frozenset[str]:
    """Return the words to be marked: those that the language knows as forms, and those that begin as was typed."""
    beginnings = tuple(words_of(typed))
    return frozenset(word for word in words if word in found or (beginnings and word.startswith(beginnings)))


def paragraphs_of(text: str, *, hits: Collection[str] = ()) -> tuple[tuple[Line, ...], ...]:
    """Cut a plain text into paragraphs of lines, with addresses to follow and hits to see."""
    parts = (part.strip() for part in _PARAGRAPH.split(text.replace("\r\n", "\n")))
    return tuple(tuple(line_of(line, hits=hits) for line in part.split("\n")) for part in parts if part)


def line_of(text: str, *, hits: Collection[str] = ()) -> Line:
    """Cut a line into pieces."""
    pieces: list[Piece] = []
    end = 0
    for address in _ADDRESS.finditer(text):
        pieces += _marked(text[end : address.start()], hits)
        pieces.append(Piece(address[0], url=_url(address[0])))
        end = address.end()
    return (*pieces, *_marked(text[end:], hits))


def _url(address: str) -> str:
    return address if "://" in address else f"mailto:{address}"


def _marked(text: str, hits: Collection[str]) -> Iterator[Piece]:
    end = 0
    for word in _WORD.finditer(text):
        if normal(word[0]) in hits:
            if word.start() > end:
                yield Piece(text[end : word.start()])
            yield Piece(word[0], is_hit=True)
            end = word.end()
    if end < len(text):
        yield Piece(text[end:])
