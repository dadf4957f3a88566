"""PNG files: how large a picture is."""

import struct
from typing import Final

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
HEAD_BYTES: Final = 24


def png_size(head: bytes) -> tuple[int, int] | None:
    """Return width and height from the first bytes of a file; None where they are not a PNG's."""
    if len(head) < HEAD_BYTES or not head.startswith(_SIGNATURE) or head[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", head[16:HEAD_BYTES])
    return width, height
