"""A payment slip → PDF, by typst. Its template lies beside; words come as JSON through `sys.inputs`."""

import io
from functools import cache
from importlib import metadata
from pathlib import Path
from threading import Lock
from typing import Any, Final

import segno
import typst

ROOT: Final = Path(__file__).resolve().parent
TEMPLATE: Final = ROOT / "slip.typ"
MASK: Final = 3
_one_at_a_time = Lock()


def to_pdf(facts: str) -> bytes:
    """Print a slip."""
    with _one_at_a_time:
        pdf = _compiler().compile(format="pdf", sys_inputs={"slip": facts})
    return bytes(pdf)


def version() -> str:
    """Name what the printing depends on besides the facts."""
    return metadata.version("typst") + TEMPLATE.read_text(encoding="utf-8")


def to_svg(payload: bytes) -> str:
    """Draw a code of level M, with the quiet zone around it that cameras need.

    Readers take any of the eight masks; looking for the fairest one costs more than the page itself.
    """
    picture = io.BytesIO()
    code = segno.make_qr(payload, error="m", mode="byte", boost_error=False, mask=MASK)
    code.save(picture, kind="svg", border=4, light="#fff", xmldecl=False, svgns=True, omitsize=True)
    return picture.getvalue().decode()


@cache
def _compiler() -> Any:
    # One for the process: it keeps the fonts, whose loading is dearer than a page.
    return typst.Compiler(str(TEMPLATE), root=str(ROOT), ignore_system_fonts=True)
