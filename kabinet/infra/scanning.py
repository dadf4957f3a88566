"""Files that people give are searched for viruses where a daemon is configured (KABINET_CLAMD).

Until its verdict a file waits, and nobody but its giver may have it. One with a virus loses its bytes; who had to do
with it learns so by an event. Files that we read in a child and never hand on are not searched (readings, price lists).
"""

from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage

from kabinet.infra import audit, events, ids, jobs, storage
from kabinet.infra.clamd import Clamd, NotNow, Scanner
from kabinet.infra.db import step, use_case
from kabinet.infra.models import StoredFile
from kabinet.infra.verdicts import ScanState
from kabinet.kernel.actors import Actor, ActorKind, Channel


def scanner() -> Scanner | None:
    """Return the configured daemon, if there is one."""
    return Clamd(settings.CLAMD) if settings.CLAMD else None


@step
def keep(stream: BinaryIO, *, provider_id: UUID, original_name: str, media_type: str, at: datetime) -> StoredFile:
    """Store what a person gave; its search is left to a job."""
    state = ScanState.WAITING if scanner() else ScanState.NONE
    stored = storage.keep(
        stream, provider_id=provider_id, original_name=original_name, media_type=media_type, at=at, scan=state
    )
    if state is ScanState.WAITING:
        jobs.enqueue("infra.scan_file", stored=str(stored.pk))
    return stored


def scan(stored_id: UUID, *, at: datetime) -> None:
    """Ask for the verdict and act upon it; a job that comes again does what was left to do.

    Nothing is held while the daemon is asked. Where none is configured any more, nobody searches any more.
    """
    stored = StoredFile.objects.filter(pk=stored_id).first()
    if stored is None:
        return
    if stored.scan == ScanState.WAITING:
        with storage.open_(stored) as stream:
            asked = scanner()
            infection = asked.infection_in(stream) if asked else None  # type: ignore[arg-type]  # a file of Django's
        _settle(stored, infection, is_asked=asked is not None, at=at)
    if stored.scan == ScanState.INFECTED:
        default_storage.delete(stored.place)


def scan_late(*, before: datetime, at: datetime) -> int:
    """Ask anew for files whose own job has given up, as long as the daemon answers; return how many have a verdict."""
    settled = 0
    for stored_id in waiting(before=before):
        try:
            scan(stored_id, at=at)
        except NotNow:
            break
        settled += 1
    return settled


def waiting(*, before: datetime) -> list[UUID]:
    """Return the files given before a moment of technical time that wait for their verdict, the oldest first."""
    found = StoredFile.objects.filter(scan=ScanState.WAITING).order_by("pk").values_list("pk", flat=True)
    return [pk for pk in found if ids.made_at(pk) < before]


@use_case
def _settle(stored: StoredFile, infection: str | None, *, is_asked: bool, at: datetime) -> None:
    found = ScanState.INFECTED if infection else ScanState.CLEAN if is_asked else ScanState.NONE
    stored.scan = found
    waiting = StoredFile.objects.filter(pk=stored.pk, scan=ScanState.WAITING)
    if not waiting.update(scan=found) or not infection:
        return
    by = Actor(ActorKind.JOB, provider_id=stored.provider_id, channel=Channel.SYSTEM)
    audit.record("infra.file_infected", stored, before=ScanState.WAITING, after=infection, by=by)
    events.emit(
        "infra.file_infected", provider_id=stored.provider_id, contract_id=None, payload={"file": str(stored.pk)}, at=at
    )
