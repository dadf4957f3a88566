"""The customer's own file comes back with coloured cells and comments (READ-12)."""

import tempfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.utils import translation

from kabinet.infra import parsing, storage
from kabinet.infra.db import use_case
from kabinet.infra.models import StoredFile
from kabinet.readings.formats import marked
from kabinet.readings.letters import file_words
from kabinet.readings.models import FileRow, ReadingsFile
from kabinet.readings.services.reading_files import MEGABYTES, SECONDS
from kabinet.readings.values.files import FileState, Mark, RowFate

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WITH_REASONS: Final = frozenset({RowFate.TO_CONFIRM, RowFate.HELD, RowFate.REFUSED})


def mark(file_id: UUID, *, round_: int, at: datetime) -> None:
    """Make the coloured copy of the file as it stands after this round; a later round makes its own."""
    file = ReadingsFile.objects.select_related("stored", "given_by").filter(pk=file_id).first()
    if file is None or file.state != FileState.DONE or file.round != round_:
        return
    with translation.override(file.given_by.language if file.given_by else "ru"):
        data = marked.write(_cells(file.stored), _marks(file))
    _keep(file_id, data, round_=round_, at=at)


def _cells(stored: StoredFile) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        with storage.open_(stored) as stream, path.open("wb") as copy:
            for piece in stream.chunks():
                copy.write(piece)
        cells: list[dict[str, Any]] = parsing.parse(
            "kabinet.readings.formats.marked:cells", path, seconds=SECONDS, megabytes=MEGABYTES
        )
        return cells


def _marks(file: ReadingsFile) -> list[Mark]:
    rows = FileRow.objects.filter(contract_id=file.contract_id, file_id=file.pk).order_by("number")
    return [
        Mark(row.sheet, row.row, row.column, RowFate(row.fate), comment=_comment(row))
        for row in rows.iterator(chunk_size=2000)
    ]


def _comment(row: FileRow) -> str:
    if row.fate not in _WITH_REASONS:
        return ""
    said = file_words.row_problems(row.problems, digits=row.digits or 0, facts=row.facts, suggestions=row.suggestions)
    return "\n".join([file_words.fate(row.fate), *said])


@use_case
def _keep(file_id: UUID, data: bytes, *, round_: int, at: datetime) -> None:
    file = ReadingsFile.objects.select_for_update(of=("self",)).select_related("stored").get(pk=file_id)
    if file.round != round_:
        return
    name = f"{Path(file.name).stem}.xlsx"
    file.marked = storage.keep(
        BytesIO(data), provider_id=file.stored.provider_id, original_name=name, media_type=XLSX, at=at
    )
    file.save(update_fields=["marked"])
