"""A job reads a file in the child process and sends what it holds, thousands of registers in a few statements.

What may go is decided by the same rules as on the page, under the same locks: the membership, the registers in their
order, the open period.
"""

import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from kabinet.contracts.services.access import EmailUnconfirmed, NotAllowed, NotSeen, require
from kabinet.contracts.values import Action
from kabinet.infra import archives, audit, jobs, parsing, storage
from kabinet.infra.db import step, use_case
from kabinet.infra.models import StoredFile
from kabinet.infra.staging import array_of, fetch
from kabinet.kernel.actors import Actor
from kabinet.kernel.periods import Month
from kabinet.providers.selectors import OpenProvider
from kabinet.readings.formats.tables import given_of
from kabinet.readings.models import ReadingsFile
from kabinet.readings.rules import files as rules
from kabinet.readings.rules.matching import Register
from kabinet.readings.selectors.registers import Judge, cards_of, day_of, stands_of
from kabinet.readings.selectors.windows import why_closed_for, window_for
from kabinet.readings.services import bulk
from kabinet.readings.services.periods import hold_open_period
from kabinet.readings.values import Mistake
from kabinet.readings.values.files import (
    Decided,
    FileLine,
    FileNote,
    FileProblem,
    FileState,
    Given,
    RowFate,
    Stand,
)

SECONDS: Final = 4
MEGABYTES: Final = 290
_ZIP: Final = b"PK\x03\x04"


class Unreadable(Exception):
    """Raised when a file is refused whole; says why, with the place where that is known."""

    def __init__(self, problem: FileProblem, facts: dict[str, Any]) -> None:
        super().__init__(problem)
        self.problem = problem
        self.facts = facts


class ProviderClosed(Exception):
    """Raised when the portal of the file's provider serves nobody: its job waits for the operator."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One run of the job: whose file, which rows are confirmed (None: all), for which round."""

    provider: OpenProvider
    by: Actor
    at: datetime
    today: date
    round: int
    confirmed: Collection[int] | None = ()


def run(file_id: UUID, *, reading: Reading) -> None:
    """Read the file and apply it; a second run of the same round changes nothing."""
    file = ReadingsFile.objects.select_related("stored").filter(pk=file_id).first()
    # Its giver may have closed the account meanwhile.
    if file is None or file.state != FileState.QUEUED or file.round != reading.round:
        return
    try:
        if reading.round:
            apply_again(file_id, reading=reading)
        else:
            apply(file_id, read(file.stored), reading=reading)
    except Unreadable as bad:
        refuse(file_id, bad.problem, bad.facts, reading=reading)
    except (NotSeen, NotAllowed, EmailUnconfirmed):
        refuse(file_id, FileProblem.NO_ACCESS, {}, reading=reading)


def read(stored: StoredFile) -> Given:
    """Read the file within bounds; raise `Unreadable` with the place that its owner has to mend."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        with storage.open_(stored) as stream, path.open("wb") as copy:
            for piece in stream.chunks():
                copy.write(piece)
        return read_path(path)


def read_path(path: Path) -> Given:
    _guard(path)
    try:
        answer = parsing.parse("kabinet.readings.formats.tables:read", path, seconds=SECONDS, megabytes=MEGABYTES)
    except parsing.BadFile as bad:
        raise Unreadable(FileProblem(bad.code), bad.facts) from None
    except (parsing.TooLarge, parsing.Crashed):
        raise Unreadable(*_far_cell(path, otherwise=FileProblem.TOO_LARGE)) from None
    except parsing.TookTooLong:
        raise Unreadable(*_far_cell(path, otherwise=FileProblem.TOO_LONG)) from None
    return given_of(answer)


def _guard(path: Path) -> None:
    """Look at the archive's own list of contents before anything of it is unpacked."""
    with path.open("rb") as stream:
        if stream.read(len(_ZIP)) != _ZIP:
            return
    try:
        archives.zip_guard(path)
    except archives.BadArchive as bad:
        raise Unreadable(FileProblem(bad.problem.value), {}) from None


def _far_cell(path: Path, *, otherwise: FileProblem) -> tuple[FileProblem, dict[str, Any]]:
    """Name the sheet that is too large and its last cell: there its owner finds what to delete."""
    try:
        edges = parsing.parse("kabinet.readings.formats.edges:edges", path, seconds=2, megabytes=MEGABYTES)
    except parsing.ParsingFailed:
        edges = []
    if not edges:
        return otherwise, {}
    return FileProblem.FAR_CELL, {"sheet": edges[0]["sheet"], "cell": f"{edges[0]['column']}{edges[0]['row']}"}


@use_case
def refuse(file_id: UUID, problem: FileProblem, facts: dict[str, Any], *, reading: Reading) -> None:
    """Refuse the file whole; nothing more of it is sent."""
    file = ReadingsFile.objects.select_for_update().get(pk=file_id)
    if file.state != FileState.QUEUED or file.round != reading.round:
        return
    file.state, file.state_at = FileState.REFUSED, reading.at
    file.problem, file.problem_facts = problem, facts
    file.save(update_fields=["state", "state_at", "problem", "problem_facts"])
    _record("readings.file_refused", file, after={"problem": problem}, reading=reading)


@use_case
def apply(file_id: UUID, given: Given, *, reading: Reading) -> list[Decided]:
    """Send the rows that may go and write the fate of every row down (I8)."""
    file = _held(file_id, reading=reading)
    if file is None:
        return []
    decided = _send(file, list(enumerate(given.lines)), reading=reading)
    file.notes = [*given.notes, *([(FileNote.OTHER_CONTRACT, "")] if _is_anothers(given, file) else [])]
    _finish(file, decided, reading=reading)
    return decided


@use_case
def apply_again(file_id: UUID, *, reading: Reading) -> list[Decided]:
    """Decide anew over the rows that waited for a confirmation; those that went are not touched."""
    file = _held(file_id, reading=reading)
    if file is None:
        return []
    decided = _send(file, bulk.waiting_lines(file), reading=reading)
    _finish(file, decided, reading=reading)
    return decided


def _held(file_id: UUID, *, reading: Reading) -> ReadingsFile | None:
    """Ask the door, then lock the file; None when another run of the job has done it (I29)."""
    contract = ReadingsFile.objects.select_related("contract").get(pk=file_id).contract
    require(reading.by, contract, Action.SEND_READINGS, at=reading.at)
    file = ReadingsFile.objects.select_for_update(of=("self",)).select_related("contract").get(pk=file_id)
    return file if file.state == FileState.QUEUED and file.round == reading.round else None


@step
def _send(file: ReadingsFile, lines: Sequence[tuple[int, FileLine]], *, reading: Reading) -> list[Decided]:
    contract = file.contract
    points = require(reading.by, contract, Action.SEND_READINGS, at=reading.at).points
    window = window_for(contract, reading.provider, today=reading.today)
    day = day_of(window.month, today=reading.today)
    register = Register(cards_of(contract.pk, day=day, points=points))
    rows = rules.found(lines, register)
    stands = _hold_and_look(contract.pk, rows, register=register, month=window.month)
    closed = why_closed_for(contract, reading.provider, window, today=reading.today)
    if not hold_open_period(contract.provider_id, window.month):
        closed = closed or Mistake.PERIOD_CLOSED
    judge = Judge(contract.pk, stands, provider=reading.provider, month=window.month, today=reading.today)
    judge.look_at([(row.card, row.line.raw) for row in rows if row.card and row.line.raw])
    decided = rules.decide(
        rows,
        register=register,
        stands=stands,
        judge=judge,
        closed=closed,
        today=reading.today,
        confirmed=reading.confirmed,
    )
    file.month = window.month.first
    key = f"file:{file.pk}:{file.round}"
    sending = bulk.Sending(file, month=window.month, by=reading.by, at=reading.at, today=reading.today, key=key)
    bulk.store(sending, decided, stands=stands)
    return decided


def _hold_and_look(contract_id: UUID, rows: Sequence[Decided], *, register: Register, month: Month) -> dict[str, Stand]:
    """Hold the registers of every meter that the file names, then look: nobody else may send them meanwhile."""
    meters = dict.fromkeys(row.card.meter_id for row in rows if row.card)
    wanted = [card.register_id for meter in meters for card in register.of_meter(meter)]
    fetch(
        """
        SELECT FROM contracts_register WHERE contract_id = %(contract)s AND id = ANY(%(wanted)s::uuid[])
        ORDER BY id FOR UPDATE
        """,
        {"contract": contract_id, "wanted": array_of(wanted)},
    )
    return stands_of(contract_id, wanted, month=month)


@step
def _finish(file: ReadingsFile, decided: Sequence[Decided], *, reading: Reading) -> None:
    file.state, file.state_at = FileState.DONE, reading.at
    file.round += 1
    file.counts = bulk.counts_of(file)
    file.save(update_fields=["state", "state_at", "round", "month", "notes", "counts"])
    sent = sum(row.fate is RowFate.SENT for row in decided)
    _record("readings.file_sent", file, after={"month": str(file.month), "sent": sent}, reading=reading)
    jobs.enqueue("readings.mark_file", file=str(file.pk), round=file.round)


def _is_anothers(given: Given, file: ReadingsFile) -> bool:
    """Say whether the template was made for another contract; its rows are looked for all the same."""
    return bool(given.contract_id) and given.contract_id != str(file.contract_id)


def _record(act: str, file: ReadingsFile, *, after: dict[str, Any], reading: Reading) -> None:
    audit.record(act, file, before=None, after=after, by=reading.by, contract_id=file.contract_id)
