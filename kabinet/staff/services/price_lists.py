"""The office loads prices from a file: read in the child process, tried, then taken (STAFF-01)."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import UUID

from kabinet.accounts.services.specialists import require_duty
from kabinet.accounts.values import StaffAction
from kabinet.infra import archives, parsing, storage
from kabinet.infra.db import use_case
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider
from kabinet.readings.values.files import FileProblem
from kabinet.staff.formats.price_list import lines_of
from kabinet.staff.rules.price_lists import rows_of
from kabinet.tariffs.models import PriceList
from kabinet.tariffs.services import loading
from kabinet.tariffs.services.loading import GivenList
from kabinet.tariffs.values.files import WrongCell
from kabinet.tariffs.values.loading import PriceRow

SECONDS: Final = 4
MEGABYTES: Final = 290
_ZIP: Final = b"PK\x03\x04"


class Unreadable(Exception):
    """Raised when a file is no table of prices; says why."""

    def __init__(self, problem: FileProblem, facts: dict[str, Any]) -> None:
        super().__init__(problem)
        self.problem = problem
        self.facts = facts


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file as it came: its bytes, its name, and what the bytes are."""

    stream: BinaryIO
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of a file: rows, and the first wrong cell of each row that is none."""

    rows: Sequence[PriceRow]
    wrong: Sequence[WrongCell]


def read(file: GivenFile) -> Read:
    """Read a table within bounds; nothing is kept."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(file.stream.read())
        file.stream.seek(0)
        _guard(path)
        rows, wrong = rows_of(lines_of(_parsed(path)))
    return Read(rows, wrong)


@use_case
def keep(
    file: GivenFile, rows: Sequence[PriceRow], *, provider: Provider, by: Actor, at: datetime, today: date
) -> PriceList:
    """Keep a table whose every row was read, with what it would do."""
    require_duty(by, provider_id=provider.pk, action=StaffAction.SET_TARIFFS)
    stored = storage.keep(
        file.stream, provider_id=provider.pk, original_name=file.name, media_type=file.media_type, at=at
    )
    return loading.keep(GivenList(file.name, rows, stored), provider=provider, by=by, at=at, today=today)


@use_case
def take(list_id: UUID, *, shown: str, provider: Provider, by: Actor, at: datetime, today: date) -> PriceList:
    """Let the prices of a kept table hold."""
    require_duty(by, provider_id=provider.pk, action=StaffAction.SET_TARIFFS)
    return loading.take(list_id, shown=shown, provider=provider, by=by, at=at, today=today)


def _parsed(path: Path) -> Any:
    try:
        return parsing.parse("kabinet.staff.formats.price_list:read", path, seconds=SECONDS, megabytes=MEGABYTES)
    except parsing.BadFile as bad:
        raise Unreadable(FileProblem(bad.code), bad.facts) from None
    except (parsing.TooLarge, parsing.Crashed):
        raise Unreadable(FileProblem.TOO_LARGE, {}) from None
    except parsing.TookTooLong:
        raise Unreadable(FileProblem.TOO_LONG, {}) from None


def _guard(path: Path) -> None:
    """Look at an archive's own list of contents before anything of it is unpacked."""
    with path.open("rb") as stream:
        if stream.read(len(_ZIP)) != _ZIP:
            return
    try:
        archives.zip_guard(path)
    except archives.BadArchive as bad:
        raise Unreadable(FileProblem(bad.problem.value), {}) from None
