"""A payment slip → PDF, by typst. Its template lies beside; words come as JSON through `sys.inputs`."""

from functools import cache
from importlib import metadata
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst

ROOT: Final = Path(__file__).resolve().parent
TEMPLATE: Final = ROOT / "slip.typ"
_one_at_a_time = Lock()


def to_pdf(facts: str) -> bytes:
    """Print a slip."""
    with _one_at_a_time:
        pdf = _compiler().compile(format="pdf", sys_inputs={"slip": facts})
    return bytes(pdf)


@cache
def version() -> str:
    """Name what the printing depends on besides the facts."""
    return metadata.version("typst") + TEMPLATE.read_text(encoding="utf-8")


@cache
def _compiler() -> Any:
    # One for the process: it keeps the fonts, whose loading is dearer than a page.
    return typst.Compiler(str(TEMPLATE), root=str(ROOT), ignore_system_fonts=True)
