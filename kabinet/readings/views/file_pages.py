"""A file as its page shows it: finished strings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.urls import reverse
from django.utils.translation import gettext as _

from kabinet.readings.letters import file_words
from kabinet.readings.models import FileRow, ReadingsFile
from kabinet.readings.values.files import FileState, RowFate

# Every fate that a file can show, in the order of what has to be done about it.
FATES = (
    RowFate.REFUSED, RowFate.TO_CONFIRM, RowFate.HELD, RowFate.SENT, RowFate.UNCHANGED, RowFate.EMPTY,
    RowFate.WITHDRAWN, RowFate.RESTORED,
)  # fmt: skip
_COLOURS = {
    RowFate.SENT: "taken",
    RowFate.REFUSED: "refused",
    RowFate.TO_CONFIRM: "refused",
    RowFate.HELD: "refused",
}


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the file with its fate in words."""

    number: int
    sheet: str
    row: int
    cell: str
    point_code: str
    meter: str
    scale: str
    raw: str
    fate: str
    colour: str
    reasons: tuple[str, ...]
    asks: bool


@dataclass(frozen=True, slots=True)
class FateTab:
    """A fate with the number of its rows, for the filter."""

    code: str
    words: str
    count: int
    is_current: bool


def facts_of(file: ReadingsFile, page: Page[FileRow], *, fate: str) -> dict[str, Any]:
    counts: Mapping[str, int] = file.counts
    return {
        "file": file,
        "contract": file.contract,
        "page": page,
        "rows": [_shown(row) for row in page],
        "tabs": [
            FateTab(code, file_words.fate(code), counts[code], code == fate) for code in FATES if counts.get(code)
        ],
        "fate": fate,
        "total": sum(counts.values()),
        "sent": counts.get(RowFate.SENT, 0),
        "unchanged": counts.get(RowFate.UNCHANGED, 0),
        "not_sent": sum(counts.get(code, 0) for code in (RowFate.REFUSED, RowFate.TO_CONFIRM, RowFate.HELD)),
        "to_confirm": counts.get(RowFate.TO_CONFIRM, 0),
        "is_chosen": file.state == FileState.CHOSEN,
        "is_waiting": file.state == FileState.QUEUED,
        "is_done": file.state == FileState.DONE,
        "is_refused": file.state == FileState.REFUSED,
        "is_withdrawn": file.state == FileState.WITHDRAWN,
        "problem": file_words.file_problem(file.problem, file.problem_facts) if file.problem else "",
        "notes": [file_words.file_note(code, sheet) for code, sheet in file.notes],
    }


def question_of(file: ReadingsFile) -> dict[str, Any]:
    """Return what the page asks before the file is taken back."""
    return {
        "file": file,
        "sent": file.counts.get(RowFate.SENT, 0),
        "submit": _("Отозвать"),
        "back_url": reverse("readings:file", args=[file.contract_id, file.pk]),
        "danger": True,
    }


def _shown(row: FileRow) -> ShownRow:
    problems = file_words.row_problems(
        row.problems, digits=row.digits or 0, facts=row.facts, suggestions=row.suggestions
    )
    return ShownRow(
        number=row.number,
        sheet=row.sheet,
        row=row.row,
        cell=f"{row.column}{row.row}",
        point_code=row.point_code,
        meter=row.meter,
        scale=" ".join(part for part in (row.quantity, row.zone) if part),
        raw=row.raw,
        fate=file_words.fate(row.fate),
        colour=_COLOURS.get(RowFate(row.fate), ""),
        reasons=(*problems, *file_words.notes(row.notes)),
        asks=row.fate == RowFate.TO_CONFIRM,
    )
