"""Bytes → QR code of level M, in a tenth of what segno takes: correcting bytes by one long division a block.

Readers take any of the eight masks; looking for the fairest one costs more than the page itself, so it is fixed.
What does not depend on the bytes (finders, timing, format) is drawn by segno once for each version.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest
from operator import itemgetter
from typing import Final

import segno
from segno import consts

MASK: Final = 3
QUIET: Final = 4
_LARGEST: Final = 40
_BYTES: Final = 0b0100
_ALIGNED_SINCE: Final = 2
_NAMED_SINCE: Final = 7  # Versions from this one have their number on them.
_SHORT_COUNT: Final = 9  # Versions up to this one count the bytes by eight bits, the others by sixteen.
_PADDING: Final = bytes((0b11101100, 0b00010001))
# Level M of ISO/IEC 18004, table 9, by version: correcting bytes of a block, and blocks.
_CORRECTING: Final = (
    10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
    26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
)  # fmt: skip
_BLOCKS: Final = (
    1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16,
    17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
)  # fmt: skip
_PRIMITIVE: Final = 0x11D
_DATA: Final = {consts.TYPE_DATA_DARK, consts.TYPE_DATA_LIGHT}
_RUNS: Final = re.compile("0+|1+")


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is the same in all codes of a version; `pick` takes the modules, row by row, from bits + "01"."""

    side: int
    bits: int
    mask: int
    correcting: int
    blocks: int
    pick: Callable[[str], Sequence[str]]


def rows_of(payload: bytes) -> list[str]:
    """Return the modules of the code, "1" where it is dark."""
    version = _version_of(payload)
    frame = _frame(version)
    words = _corrected(_data(payload, version), frame)
    value = int.from_bytes(words, "big") << frame.bits % 8
    modules = "".join(frame.pick(f"{value ^ frame.mask:0{frame.bits}b}01"))
    return [modules[start : start + frame.side] for start in range(0, len(modules), frame.side)]


def to_svg(payload: bytes) -> str:
    """Draw the code, with the quiet zone around it that cameras need."""
    rows = rows_of(payload)
    moves = _moves()
    lines = [
        f"M{QUIET} {y}.5" + "".join(map(moves.__getitem__, _RUNS.findall(row))) for y, row in enumerate(rows, QUIET)
    ]
    side = len(rows) + 2 * QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path stroke="#000" d="{"".join(lines)}"/></svg>'
    )


def _version_of(payload: bytes) -> int:
    """Return the smallest version that holds the bytes, their mode and count."""
    fitting = (one for one in range(1, _LARGEST + 1) if len(payload) + _count_bits(one) // 8 < _room(one))
    try:
        return next(fitting)
    except StopIteration:
        raise ValueError("too much for a QR code") from None


def _room(version: int) -> int:
    """Return how many bytes stand in a version besides the correcting ones."""
    modules = (16 * version + 128) * version + 64
    if version >= _ALIGNED_SINCE:
        aligned = version // 7 + 2
        modules -= (25 * aligned - 10) * aligned - 55
    if version >= _NAMED_SINCE:
        modules -= 36
    return modules // 8 - _CORRECTING[version - 1] * _BLOCKS[version - 1]


def _count_bits(version: int) -> int:
    return 8 if version <= _SHORT_COUNT else 16


def _data(payload: bytes, version: int) -> bytes:
    """Write mode, count and bytes, then what ends them and fills the room."""
    count = _count_bits(version)
    value = (_BYTES << count | len(payload)) << 8 * len(payload) | int.from_bytes(payload, "big")
    written = (value << 4).to_bytes(len(payload) + count // 8 + 1, "big")
    room = _room(version) - len(written)
    return written + (_PADDING * room)[:room]


def _corrected(data: bytes, frame: _Frame) -> bytes:
    """Return the bytes of all blocks in turn, then the correcting ones of all blocks in turn."""
    blocks = list(_split(data, frame.blocks))
    correcting = [_remainder(block, frame.correcting) for block in blocks]
    told = chain.from_iterable(zip_longest(*blocks))
    return bytes([byte for byte in told if byte is not None]) + bytes(
        chain.from_iterable(zip(*correcting, strict=True))
    )


def _split(data: bytes, blocks: int) -> Iterator[bytes]:
    """Cut into blocks; the last ones are a byte longer where it does not come out even."""
    short, longer = divmod(len(data), blocks)
    start = 0
    for place in range(blocks):
        end = start + short + (place >= blocks - longer)
        yield data[start:end]
        start = end


def _remainder(block: bytes, count: int) -> bytes:
    """Divide by the generator of so many correcting bytes (Reed–Solomon); what stays is one long number."""
    multiples, top, rest = _multiples(count), 8 * (count - 1), 0
    low = (1 << top) - 1
    for byte in block:
        rest = (rest & low) << 8 ^ multiples[rest >> top ^ byte]
    return rest.to_bytes(count, "big")


@cache
def _multiples(count: int) -> tuple[int, ...]:
    """Return each byte's product with the generator, its leading coefficient left out."""
    generator, root = [1], 1
    for _ in range(count):
        generator = [a ^ _times(b, root) for a, b in zip([*generator, 0], [0, *generator], strict=True)]
        root = _times(root, 2)
    return tuple(
        int.from_bytes(bytes(_times(byte, coefficient) for coefficient in generator[1:]), "big") for byte in range(256)
    )


def _times(a: int, b: int) -> int:
    product = 0
    while b:
        product ^= a * (b & 1)
        a = a << 1 ^ _PRIMITIVE * (a >> 7)
        b >>= 1
    return product


@cache
def _frame(version: int) -> _Frame:
    drawn = segno.make_qr(b"", error="m", mode="byte", boost_error=False, mask=MASK, version=version)
    kinds = [list(row) for row in drawn.matrix_iter(border=0, verbose=True)]
    order = list(_zigzag(kinds))
    bits = len(order)
    places = {place: number for number, place in enumerate(order)}
    side = range(len(kinds))
    # A light module of what is fixed is told by the bit after the last, a dark one by the bit after that.
    picked = [places.get((y, x), bits + (kinds[y][x] >> 8 > 0)) for y in side for x in side]
    mask = int("".join(str(int((y + x) % 3 == 0)) for y, x in order), 2)
    return _Frame(len(kinds), bits, mask, _CORRECTING[version - 1], _BLOCKS[version - 1], itemgetter(*picked))


def _zigzag(kinds: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Tell the places of data in their order: up and down in pairs of columns from the right, past the timing one."""
    side = len(kinds)
    # Segno names this one as format, a step too far.
    misnamed = (8, side - 9)
    for pair, right in enumerate([*range(side - 1, 6, -2), *range(5, 0, -2)]):
        for y in range(side) if pair % 2 else range(side - 1, -1, -1):
            yield from ((y, x) for x in (right, right - 1) if kinds[y][x] in _DATA or (y, x) == misnamed)


@cache
def _moves() -> dict[str, str]:
    """Return how a pen draws each run of modules."""
    longest = range(1, 4 * _LARGEST + 18)
    return {"1" * n: f"h{n}" for n in longest} | {"0" * n: f"m{n} 0" for n in longest}
