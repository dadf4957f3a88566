"""Lines of a file that may be packed with gzip, read within limits: no file is trusted to be what it says."""

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

MEGABYTE: Final = 1024 * 1024
# Dense text packs 1:10, repetitive text 1:100; what is beyond stands for nothing but the wish to fill a memory.
SUSPICIOUS_RATIO: Final = 250
RATIO_COUNTS_FROM: Final = 8 * MEGABYTE
BLOCK: Final = MEGABYTE // 2


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is borne, in bytes."""

    body: int = 64 * MEGABYTE
    unpacked: int = 512 * MEGABYTE
    line: int = 64 * 1024


class TooLarge(Exception):
    """Raised when the file is larger than is borne; `code` says which limit."""

    def __init__(self, code: str, limit: int) -> None:
        super().__init__(code)
        self.code = code
        self.limit = limit


class Unreadable(Exception):
    """Raised when the file cannot be read on from a line."""

    def __init__(self, code: str, line: int) -> None:
        super().__init__(code)
        self.code = code
        self.line = line


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines with their ends, and which line of the file is the first of them."""

    first: int
    body: bytes

    @property
    def lines(self) -> Iterator[bytes]:
        return iter(io.BytesIO(self.body))


def lines_of(file: IO[bytes], *, packed: bool, limits: Limits) -> Iterator[bytes]:
    """Give the lines with their ends, unpacked, the mark of byte order dropped."""
    for block in blocks_of(file, packed=packed, limits=limits):
        yield from block.lines


def blocks_of(file: IO[bytes], *, packed: bool, limits: Limits) -> Iterator[Block]:
    """Give the same lines, some thousand at a time."""
    number, rest = 1, b""
    try:
        for piece in _measured(file, packed=packed, limits=limits):
            lines, end, rest = (rest + piece).rpartition(b"\n")
            for block in _within(lines + end, number, limits=limits):
                yield block
                number += block.body.count(b"\n")
            if len(rest) > limits.line:
                raise Unreadable("line_too_long", number)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise Unreadable("bad_gzip", number) from None
    if rest:
        yield Block(number, rest)


def _within(lines: bytes, first: int, *, limits: Limits) -> Iterator[Block]:
    """Give the lines up to the first that is longer than is borne."""
    good = _borne(lines, limits.line)
    if good:
        yield Block(first, lines[:good])
    if good < len(lines):
        raise Unreadable("line_too_long", first + lines.count(b"\n", 0, good))


def _borne(lines: bytes, most: int) -> int:
    """Return where the first line begins that is too long; the ends of lines are hopped over, a window at a time."""
    start = 0
    while len(lines) - start > most:
        end = lines.rfind(b"\n", start, start + most)
        if end < 0:
            return start
        start = end + 1
    return len(lines)


def _measured(file: IO[bytes], *, packed: bool, limits: Limits) -> Iterator[bytes]:
    """Give the bytes, the mark of byte order dropped, as long as there are not too many."""
    total = 0
    for piece in _unpacked(file) if packed else iter(lambda: file.read(BLOCK), b""):
        fresh = piece.removeprefix(b"\xef\xbb\xbf") if total == 0 else piece
        total += len(piece)
        if total > limits.unpacked:
            raise TooLarge("unpacked_too_large", limits.unpacked)
        if packed and total > RATIO_COUNTS_FROM and total > SUSPICIOUS_RATIO * max(file.tell(), 1):
            raise TooLarge("packed_too_densely", SUSPICIOUS_RATIO)
        yield fresh


def _unpacked(file: IO[bytes]) -> Iterator[bytes]:
    """Unpack a block at a time; what came before a fault is given before the fault."""
    stream = gzip.GzipFile(fileobj=file)
    gathered: list[bytes] = []
    ended = False
    while not ended:
        try:
            piece = stream.read1(BLOCK)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            yield b"".join(gathered)
            raise
        gathered.append(piece)
        ended = not piece
        if ended or sum(map(len, gathered)) >= BLOCK:
            yield b"".join(gathered)
            gathered = []
