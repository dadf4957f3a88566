"""Tickets of the provider, one by one, and their files."""

from uuid import UUID

from kabinet.infra.models import StoredFile
from kabinet.tickets import selectors as tickets
from kabinet.tickets.models import Ticket, TicketFile


def ticket_of(provider_id: UUID, ticket_id: UUID) -> Ticket | None:
    return tickets.queue_of(provider_id).filter(pk=ticket_id).first()


def file_of(provider_id: UUID, file_id: UUID) -> StoredFile | None:
    """Return a file of any of the provider's tickets, by the id of its link, once it may be handed on."""
    found = TicketFile.objects.filter(message__ticket__provider_id=provider_id, pk=file_id)
    file = found.select_related("stored").first()
    return file.stored if file and file.stored.may_be_handed_on else None
