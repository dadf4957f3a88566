"""Doubtful readings that wait for the office (READ-09)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from kabinet.infra.models import StoredFile
from kabinet.readings.models import EFFECTIVE, DoubtfulReading, Submission
from kabinet.readings.values.household import DoubtState


@dataclass(frozen=True, slots=True)
class Doubted:
    """A doubt with the reading that it is about."""

    doubt: DoubtfulReading
    submission: Submission


def waiting_doubts_of(provider_id: UUID) -> QuerySet[DoubtfulReading]:
    """Return what nobody has looked at, the oldest first; a reading that a correction replaced waits no more."""
    holds = Submission.objects.filter(
        contract_id=OuterRef("contract_id"), id=OuterRef("submission_id"), state__in=EFFECTIVE
    )
    waiting = DoubtfulReading.objects.filter(Exists(holds), contract__provider_id=provider_id, state=DoubtState.NEW)
    return waiting.select_related("contract", "register__meter__point", "photo").order_by("made_at", "pk")


def with_submissions(doubts: Iterable[DoubtfulReading]) -> list[Doubted]:
    """Return doubts with their readings, by one statement."""
    rows = list(doubts)
    found = Submission.objects.filter(
        contract_id__in={row.contract_id for row in rows}, id__in=[row.submission_id for row in rows]
    )
    by_id = {submission.id: submission for submission in found}
    return [Doubted(row, by_id[row.submission_id]) for row in rows if row.submission_id in by_id]


def photo_of(provider_id: UUID, doubt_id: UUID) -> StoredFile | None:
    """Return the photo beside a doubtful reading of the provider, once it may be handed on."""
    found = DoubtfulReading.objects.filter(pk=doubt_id, contract__provider_id=provider_id).select_related("photo")
    doubt = found.first()
    photo = doubt.photo if doubt else None
    return photo if photo and photo.may_be_handed_on else None
