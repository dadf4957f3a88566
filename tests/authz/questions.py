"""What people asked of the office and ordered there, with files and notes."""

from io import BytesIO
from typing import Final

from django.core import signing

from kabinet.contracts.models import Membership, Meter
from kabinet.contracts.values import Role
from kabinet.infra import storage
from kabinet.providers.models import Provider
from kabinet.tickets.models import OrderDraft, PaidService, ServiceOrder, Ticket, TicketFile, TicketMessage
from tests import world
from tests.authz.town import OFFICE_MARK, Person

_tickets: Final[dict[str, int]] = {}


def furnish_ticket(person: Person) -> None:
    """A ticket of the person's own with a file, and the office's note upon it with another."""
    slug = person.provider.slug
    _tickets[slug] = _tickets.get(slug, 0) + 1
    ticket = Ticket.objects.create(
        provider=person.provider, year=2025, ordinal=_tickets[slug], door="cabinet", subject=person.mark,
        contact_email=person.user.email or "", author=person.user, created_at=world.NOW, last_message_at=world.NOW,
    )  # fmt: skip
    said = {"ticket": ticket, "at": world.NOW}
    asked = TicketMessage.objects.create(speaker="customer", speaker_id=person.user.pk, text=person.mark, **said)
    noted = TicketMessage.objects.create(speaker="staff", is_internal=True, text=OFFICE_MARK, **said)
    person.things |= {
        "ticket": str(ticket.pk),
        "ticket_file": str(_file(asked, person.mark).pk),
        "internal ticket_file": str(_file(noted, OFFICE_MARK).pk),
        "ticket_receipt": receipt_of(str(ticket.pk)),
    }


def furnish_order(person: Person) -> None:
    """A service that the person has ordered, and another that waits on the check screen, of a meter of his own."""
    held = Membership.objects.filter(user=person.user, ended_at=None).exclude(role=Role.ACCOUNTANT)
    meter = Meter.objects.filter(contract__memberships__in=held, contract__valid_to=None).first()
    if meter is None:
        return
    service = service_of(person.provider, "")
    ticket = Ticket.objects.get(pk=person.things["ticket"])
    ServiceOrder.objects.create(ticket=ticket, service=service, meter=meter, promised_on=world.TODAY)
    OrderDraft.objects.create(
        user=person.user, provider=person.provider, service=service, meter=meter, contact_name=person.mark,
        contact_email=person.user.email or "x@example.com", kept_at=world.NOW,
    )  # fmt: skip


def service_of(of: Provider, mark: str) -> PaidService:
    row, _ = PaidService.objects.get_or_create(
        provider=of, resource="cold_water", code="seal", defaults={"name": mark or "опломбировка", "working_days": 5}
    )
    return row


def receipt_of(ticket_id: str) -> str:
    """Sign what leads to the page «обращение принято»."""
    return signing.dumps(ticket_id, salt="tickets.accepted")


def _file(message: TicketMessage, mark: str) -> TicketFile:
    stored = storage.keep(
        BytesIO(mark.encode()), provider_id=message.ticket.provider_id, original_name=f"{mark}.txt",
        media_type="text/plain", at=world.NOW,
    )  # fmt: skip
    return TicketFile.objects.create(message=message, stored=stored)
