"""What follows from billing's answers to readings and volumes."""

from kabinet.infra.events import on
from kabinet.infra.models import Event
from kabinet.kernel.periods import Month
from kabinet.readings.models import SewageVolume, Submission, SubmissionState
from kabinet.readings.services import reminders


@on("readings.answered")
def note_refused_reading(event: Event) -> None:
    """Have the contract's people told of a refusal by the next round of letters."""
    _note(event, Submission)


@on("readings.volume_answered")
def note_refused_volume(event: Event) -> None:
    """Do the same for a volume."""
    _note(event, SewageVolume)


def _note(event: Event, sent: type[Submission] | type[SewageVolume]) -> None:
    row = sent.objects.select_related("contract").get(
        contract_id=event.contract_id,  # type: ignore[misc]  # an answer always has its contract
        id=event.payload["submission"],
    )
    # What a correction has superseded meanwhile needs no letter.
    if row.state == SubmissionState.REFUSED:
        reminders.note_refusal(row.contract, month=Month.of(row.month), at=event.at)
