"""Pictures of pages, small enough for a manual: cut to what they show, with a palette of 256 colours."""

import os
import struct
import zlib
from collections import Counter
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Locator, Page

from tests.journeys.conftest import ROOT

ARE_WANTED: Final = os.environ.get("KABINET_MANUAL_PICTURES") == "1"
FOLDER: Final = ROOT / "kabinet" / "help" / "static" / "help" / "manual"
README_PICTURE: Final = ROOT / "docs" / "images" / "readings.png"
LARGEST_BYTES: Final = 60_000
SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
BYTES_OF_COLOUR: Final = 3


def take(page: Page, name: str, *shown: Locator, tallest: int = 760, book: str = "w") -> None:
    """Take a picture of some parts of the page, from the first to the last of them."""
    page.evaluate("window.scrollTo(0, 0)")
    boxes = [box for part in shown if (box := part.bounding_box())]
    left, top = min(box["x"] for box in boxes), min(box["y"] for box in boxes)
    right, bottom = max(box["x"] + box["width"] for box in boxes), max(box["y"] + box["height"] for box in boxes)
    clip: Any = {"x": left - 12, "y": top - 12, "width": right - left + 24, "height": min(bottom - top + 24, tallest)}
    write(
        FOLDER / book / f"{name}.png", page.screenshot(full_page=True, clip=clip, animations="disabled", caret="hide")
    )


def whole(page: Page, name: str, *, tallest: int = 760, book: str = "w") -> None:
    """Take the page from its head to the end of its content."""
    take(page, name, page.locator("main > *:first-child"), page.locator("main"), tallest=tallest, book=book)


def set_up(page: Page) -> None:
    """Make room for the menu and the content beside it, no more."""
    page.set_viewport_size({"width": 1160, "height": 900})


def write(file: Path, png: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(with_palette(png))
    assert file.stat().st_size <= LARGEST_BYTES, f"{file.name} is larger than {LARGEST_BYTES} bytes"


def with_palette(png: bytes) -> bytes:
    """Rewrite a picture of true colours with a palette: the commonest colours, the rest by their nearest."""
    width, height, pixels = decode(png)
    colours = [pixels[place : place + 3] for place in range(0, len(pixels), 3)]
    palette = [colour for colour, _ in Counter(colours).most_common(256)]
    place_of = {colour: place for place, colour in enumerate(palette)}
    for colour in set(colours) - set(palette):
        place_of[colour] = min(range(len(palette)), key=lambda place: distance(palette[place], colour))
    indexes = bytes(place_of[colour] for colour in colours)
    lines = b"".join(b"\0" + indexes[start : start + width] for start in range(0, len(indexes), width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", b"".join(palette)), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return SIGNATURE + b"".join(chunk(kind, body) for kind, body in parts)


def distance(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def decode(png: bytes) -> tuple[int, int, bytes]:
    """Return width, height and the pixels of a picture as browsers write it: eight bits of red, green and blue."""
    chunks, place = [], len(SIGNATURE)
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        chunks.append((kind, png[place + 8 : place + 8 + length]))
        place += length + 12
    width, height, depth, colour = struct.unpack(">IIBB", chunks[0][1][:10])
    assert (depth, colour) == (8, 2), "a picture of eight bits of red, green and blue"
    raw = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    return width, height, unfilter(raw, stride=width * BYTES_OF_COLOUR)


def unfilter(raw: bytes, *, stride: int) -> bytes:
    """Undo the five filters of PNG lines."""
    above, lines = bytearray(stride), []
    for start in range(0, len(raw), stride + 1):
        filter_, line = raw[start], bytearray(raw[start + 1 : start + 1 + stride])
        for place in range(stride):
            left = line[place - BYTES_OF_COLOUR] if place >= BYTES_OF_COLOUR else 0
            corner = above[place - BYTES_OF_COLOUR] if place >= BYTES_OF_COLOUR else 0
            line[place] = (line[place] + predicted(filter_, left, above[place], corner)) & 255
        lines.append(bytes(line))
        above = line
    return b"".join(lines)


def predicted(filter_: int, left: int, up: int, corner: int) -> int:
    if filter_ == 4:
        guess = left + up - corner
        return min((left, up, corner), key=lambda near: abs(guess - near))
    return (0, left, up, (left + up) // 2)[filter_]
