"""What follows when a virus is found in a file of a ticket or of an order."""

from uuid import UUID

from kabinet.infra.events import on
from kabinet.infra.models import Event
from kabinet.tickets.services import infected


@on("infra.file_infected")
def tell_of_infected_file(event: Event) -> None:
    """Say so in the conversation and by letter."""
    infected.tell(UUID(event.payload["file"]), at=event.at)
