"""The manual → PDF, by typst. Its template and pictures lie beside; words come as JSON through `sys.inputs`."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib import metadata
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst

from kabinet.help.values import Manual, ShownBlock

# Typst reads files below its root only: the template, and the pictures under static/.
ROOT: Final = Path(__file__).resolve().parent.parent
TEMPLATE: Final = ROOT / "formats" / "manual.typ"
DIAL: Final = {"whole": list("00233"), "fraction": list("417")}
_one_at_a_time = Lock()


def facts_of(manual: Manual, *, words: Mapping[str, str], colour: str) -> str:
    """Return what the template is told; the same manual gives the same text."""
    facts = {
        "provider": manual.provider,
        "portal": manual.portal,
        "language": manual.language,
        "title": words["title"],
        "contents": words["contents"],
        "figure": words["figure"],
        "colour": colour,
        "dial": DIAL | {"alt": words["dial"], "needed": words["needed"], "idle": words["idle"]},
        "chapters": [
            {"id": chapter.id, "title": chapter.title, "blocks": [_block(one) for one in chapter.blocks]}
            for chapter in manual.chapters
        ],
    }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True)


def to_pdf(facts: str) -> bytes:
    """Print the manual."""
    with _one_at_a_time:
        pdf = _compiler().compile(format="pdf", sys_inputs={"manual": facts})
    return bytes(pdf)


def version() -> str:
    """Name what the printing depends on besides the facts."""
    return metadata.version("typst") + TEMPLATE.read_text(encoding="utf-8")


@cache
def _compiler() -> Any:
    # One for the process: it keeps the fonts, whose loading is dearer than a page.
    return typst.Compiler(str(TEMPLATE), root=str(ROOT), ignore_system_fonts=True)


def _block(shown: ShownBlock) -> dict[str, Any]:
    block = shown.block
    figure = {"path": f"/{shown.figure.path}", "caption": shown.figure.caption} if shown.figure else None
    return {
        "kind": block.kind.value,
        "spans": [asdict(span) for span in block.spans],
        "rows": [[[asdict(span) for span in cell] for cell in row] for row in block.rows],
        "figure": figure,
    }
