"""A person is erased from tickets; what was asked and answered stays with the provider (TRUST 12, I32)."""

from datetime import datetime
from uuid import UUID

from kabinet.infra.db import step
from kabinet.tickets.models import Ticket


@step
def forget_author(user_id: UUID, *, at: datetime, provider_id: UUID | None = None) -> int:
    """Take name, address and phone from the person's tickets, at one provider or at all; return how many."""
    tickets = Ticket.objects.filter(author_id=user_id)
    if provider_id:
        tickets = tickets.filter(provider_id=provider_id)
    return tickets.update(author=None, contact_name="", contact_email="", contact_phone="", erased_at=at)
