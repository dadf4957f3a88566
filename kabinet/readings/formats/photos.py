"""A photo of a dial made anew from its pixels: no place, no owner, no hidden part of the file is left in it.

Read in the child process alone (`infra.parsing`): a picture that unpacks into gigabytes ends that process at most.
"""

import base64
import warnings
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS: Final = 50_000_000
LONGEST_SIDE: Final = 1600
QUALITY: Final = 82


class BadPhoto(Exception):
    """Raised when there is no picture to keep; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def made_anew(path: Path) -> str:
    """Return the picture as a JPEG of moderate size in base64, upright, without anything but its pixels."""
    # Pillow warns of a bomb before it refuses twice as much; here the first is enough.
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(path, formats=("JPEG", "PNG")) as picture:
            # A JPEG is read at a fraction of its size at once.
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise BadPhoto("too_many_pixels") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise BadPhoto("no_picture") from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    out = BytesIO()
    clean.save(out, "JPEG", quality=QUALITY)
    return base64.b64encode(out.getvalue()).decode()
