"""Lines of a file that may be packed with gzip, read within limits: no file is trusted to be what it says."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

MEGABYTE: Final = 1024 * 1024
# Dense text packs 1:10, repetitive text 1:100; what is beyond stands for nothing but the wish to fill a memory.
SUSPICIOUS_RATIO: Final = 250
RATIO_COUNTS_FROM: Final = 8 * MEGABYTE


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


def lines_of(file: IO[bytes], *, packed: bool, limits: Limits) -> Iterator[bytes]:
    """Give the lines with their ends, unpacked, the mark of byte order dropped."""
    stream = gzip.GzipFile(fileobj=file) if packed else file
    for number, line in enumerate(_measured(stream, file=file, packed=packed, limits=limits), start=1):
        yield line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line


def _measured(stream: IO[bytes] | gzip.GzipFile, *, file: IO[bytes], packed: bool, limits: Limits) -> Iterator[bytes]:
    total = number = 0
    while line := _next_line(stream, limits=limits, number=number + 1):
        number += 1
        total += len(line)
        if total > limits.unpacked:
            raise TooLarge("unpacked_too_large", limits.unpacked)
        if packed and total > RATIO_COUNTS_FROM and total > SUSPICIOUS_RATIO * max(file.tell(), 1):
            raise TooLarge("packed_too_densely", SUSPICIOUS_RATIO)
        yield line


def _next_line(stream: IO[bytes] | gzip.GzipFile, *, limits: Limits, number: int) -> bytes:
    try:
        line = stream.readline(limits.line + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise Unreadable("bad_gzip", number) from None
    if len(line) > limits.line:
        raise Unreadable("line_too_long", number)
    return line
