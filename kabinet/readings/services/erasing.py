"""A person goes: what he had typed and not sent goes too, what was sent stays with the contract (PROF-04)."""

from uuid import UUID

from kabinet.infra.db import step
from kabinet.readings.models import DoubtfulReading, Draft, VolumeDraft


@step
def forget_drafts(user_id: UUID, *, provider_id: UUID) -> int:
    """Delete the drafts that the person saved last and the words beside readings; return how many drafts."""
    words = DoubtfulReading.objects.filter(made_by=user_id, contract__provider_id=provider_id)
    words.exclude(comment="").update(comment="")
    deleted = [
        model.objects.filter(saved_by_id=user_id, contract__provider_id=provider_id).delete()[0]
        for model in (Draft, VolumeDraft)
    ]
    return sum(deleted)
