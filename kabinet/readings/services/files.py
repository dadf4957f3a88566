"""Files of readings: chosen, sent, confirmed; a job reads them (READ-12)."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from kabinet.contracts.models import Contract, Membership
from kabinet.contracts.services.access import require
from kabinet.contracts.values import Action
from kabinet.infra import audit, ids, jobs, kinds, storage
from kabinet.infra.db import step, use_case
from kabinet.kernel.actors import Actor
from kabinet.readings.models import ReadingsFile
from kabinet.readings.services import bulk
from kabinet.readings.values.files import FileState


class NotNow(Exception):
    """Raised when the file's state does not allow what is asked for: somebody was quicker."""


class AlreadyDone(NotNow):
    """Raised when what is asked for was done before: whoever asks again may have missed the answer."""


@use_case
def choose(
    contract: Contract, stream: BinaryIO, *, name: str, media_type: str, by: Actor, at: datetime
) -> ReadingsFile:
    """Keep a file for «Передать показания»; nothing of it is read yet. What waits already is not kept twice."""
    # Held until the end: of two presses at once the second one finds the file of the first.
    membership = require(by, contract, Action.SEND_READINGS, at=at)
    if same := _same_chosen(membership, stream, name=name):
        return same
    stored = storage.keep(stream, provider_id=contract.provider_id, original_name=name, media_type=media_type, at=at)
    file = ReadingsFile.objects.create(
        id=ids.new(), contract=contract, stored=stored, given_by_id=by.person, given_at=at, state_at=at
    )
    _record("readings.file_chosen", file, by=by)
    return file


@step
def _same_chosen(membership: Membership, stream: BinaryIO, *, name: str) -> ReadingsFile | None:
    """Return the person's file of these bytes and this name that is chosen and not sent yet."""
    digest = hashlib.sha256(stream.read()).hexdigest()
    stream.seek(0)
    waiting = ReadingsFile.objects.filter(
        contract_id=membership.contract_id, given_by_id=membership.user_id, state=FileState.CHOSEN
    )
    return waiting.filter(stored__sha256=digest, stored__original_name=kinds.cleaned(name)).first()


@use_case
def discard(file: ReadingsFile, *, by: Actor, at: datetime) -> None:
    """Put the chosen file into the basket."""
    held = held_for(file.pk, by=by, at=at)
    if held.state == FileState.DISCARDED:
        raise AlreadyDone
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
    if not bulk.waiting_lines(held):
        raise AlreadyDone
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
