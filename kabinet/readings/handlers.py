"""What follows from billing's answers to readings and volumes, and from viruses in photos."""

from uuid import UUID

from kabinet.infra.events import on
from kabinet.infra.models import Event
from kabinet.readings.services import photos, reminders


@on("readings.answered")
def note_refused_reading(event: Event) -> None:
    """Have the contract's people told of a refusal by the next round of letters."""
    reminders.note_answer(event, of=reminders.READINGS)


@on("readings.volume_answered")
def note_refused_volume(event: Event) -> None:
    """Do the same for a volume."""
    reminders.note_answer(event, of=reminders.VOLUMES)


@on("infra.file_infected")
def tell_of_infected_photo(event: Event) -> None:
    """Tell the sender, if it was a photo of a meter."""
    photos.tell_of_infected(UUID(event.payload["file"]))
