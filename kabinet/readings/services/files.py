"""Files of readings: chosen, sent, confirmed; a job reads them (READ-12)."""

from collections.abc import Collection
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from kabinet.contracts.models import Contract
from kabinet.contracts.services.access import require
from kabinet.contracts.values import Action
from kabinet.infra import audit, ids, jobs, storage
from kabinet.infra.db import use_case
from kabinet.kernel.actors import Actor
from kabinet.readings.models import ReadingsFile
from kabinet.readings.values.files import FileState


class NotNow(Exception):
    """Raised when the file's state does not allow what is asked for: somebody was quicker."""


@use_case
def choose(
    contract: Contract, stream: BinaryIO, *, name: str, media_type: str, by: Actor, at: datetime
) -> ReadingsFile:
    """Keep a file for «Передать показания»; nothing of it is read yet."""
    require(by, contract, Action.SEND_READINGS, at=at)
    stored = storage.keep(stream, provider_id=contract.provider_id, original_name=name, media_type=media_type, at=at)
    file = ReadingsFile.objects.create(
        id=ids.new(), contract=contract, stored=stored, given_by_id=by.person, given_at=at, state_at=at
    )
    _record("readings.file_chosen", file, by=by)
    return file


@use_case
def discard(file: ReadingsFile, *, by: Actor, at: datetime) -> None:
    """Put the chosen file into the basket."""
    held = held_for(file.pk, by=by, at=at)
    if held.state != FileState.CHOSEN:
        raise NotNow
    _move(held, FileState.DISCARDED, at=at)
    _record("readings.file_discarded", held, by=by)


@use_case
def send(file: ReadingsFile, *, by: Actor, at: datetime) -> None:
    """Have a job read the file and send what it holds; asked twice, it is done once."""
    held = held_for(file.pk, by=by, at=at)
    if held.state not in {FileState.CHOSEN, FileState.QUEUED, FileState.DONE}:
        raise NotNow
    if held.state == FileState.CHOSEN:
        _move(held, FileState.QUEUED, at=at)
        _have_read(held, by=by, confirmed=())


@use_case
def confirm(file: ReadingsFile, numbers: Collection[int] | None, *, by: Actor, at: datetime) -> None:
    """Send the doubtful rows whose sender says that they are right; None means all of them."""
    held = held_for(file.pk, by=by, at=at)
    if held.state != FileState.DONE:
        raise NotNow
    _move(held, FileState.QUEUED, at=at)
    _have_read(held, by=by, confirmed=numbers)


def _have_read(file: ReadingsFile, *, by: Actor, confirmed: Collection[int] | None) -> None:
    """Put the job in the transaction of the press of the button."""
    jobs.enqueue(
        "readings.read_file",
        lock=f"readings_file_{file.pk}",
        file=str(file.pk),
        person=str(by.person),
        round=file.round,
        confirmed=None if confirmed is None else sorted(confirmed),
    )


def held_for(file_id: UUID, *, by: Actor, at: datetime) -> ReadingsFile:
    """Lock the file, once the door has been asked."""
    contract = ReadingsFile.objects.select_related("contract").get(pk=file_id).contract
    require(by, contract, Action.SEND_READINGS, at=at)
    return ReadingsFile.objects.select_for_update(of=("self",)).select_related("contract", "stored").get(pk=file_id)


def _move(file: ReadingsFile, state: FileState, *, at: datetime) -> None:
    file.state, file.state_at = state, at
    file.save(update_fields=["state", "state_at"])


def _record(act: str, file: ReadingsFile, *, by: Actor) -> None:
    audit.record(act, file, before=None, after={"state": file.state}, by=by, contract_id=file.contract_id)
