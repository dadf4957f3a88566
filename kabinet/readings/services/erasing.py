"""A person goes: what he had typed and not sent goes too, what was sent stays with the contract (PROF-04)."""

from uuid import UUID

from kabinet.infra.db import step
from kabinet.infra.models import StoredFile
from kabinet.readings.models import DoubtfulReading, Draft, FileRow, ReadingsFile, VolumeDraft


@step
def forget_drafts(user_id: UUID, *, provider_id: UUID) -> int:
    """Delete the drafts that the person saved last, words and photos beside readings; return how many drafts."""
    _forget_beside(user_id, provider_id=provider_id)
    deleted = [
        model.objects.filter(saved_by_id=user_id, contract__provider_id=provider_id).delete()[0]
        for model in (Draft, VolumeDraft)
    ]
    return sum(deleted)


@step
def _forget_beside(user_id: UUID, *, provider_id: UUID) -> None:
    doubts = DoubtfulReading.objects.filter(made_by=user_id, contract__provider_id=provider_id)
    photos = list(doubts.exclude(photo=None).values_list("photo_id", flat=True))
    doubts.exclude(comment="", photo=None).update(comment="", photo=None)
    StoredFile.objects.filter(pk__in=photos).delete()


@step
def forget_files(user_id: UUID, *, provider_id: UUID) -> int:
    """Delete the files of readings that the person gave: their names and insides may name him. Return how many.

    The readings that were sent by them stay, with their audit.
    """
    given = ReadingsFile.objects.filter(given_by_id=user_id, contract__provider_id=provider_id)
    files = list(given.select_for_update(of=("self",)))
    for file in files:
        FileRow.objects.filter(contract_id=file.contract_id, file_id=file.pk).delete()
        file.delete()
        StoredFile.objects.filter(pk__in=filter(None, (file.stored_id, file.marked_id))).delete()
    return len(files)
