"""Letters about tickets. The receipt repeats nothing that was typed: the address may be a stranger's."""

from datetime import date

from kabinet.accounts.letters import portal_address
from kabinet.infra.mail import Letter
from kabinet.infra.models import StoredFile
from kabinet.providers.models import Provider
from kabinet.tickets.models import OrderDraft, PaidService, Ticket, TicketMessage


def received(ticket: Ticket, *, provider: Provider) -> Letter:
    return _letter("received", ticket, provider)


def ordered(ticket: Ticket, service: PaidService, *, promised_on: date, provider: Provider) -> Letter:
    """Tell that an order came in, and until when it is promised (REQ-02)."""
    return _letter("ordered", ticket, provider, service=service.name, promised_on=promised_on)


def answered(ticket: Ticket, message: TicketMessage, *, provider: Provider, has_files: bool = False) -> Letter:
    return _letter("answered", ticket, provider, text=message.text, has_files=has_files)


def asked(ticket: Ticket, message: TicketMessage, *, provider: Provider) -> Letter:
    return _letter("asked", ticket, provider, text=message.text)


def infected(ticket: Ticket, stored: StoredFile, *, provider: Provider) -> Letter:
    """Tell that a virus was found in a file of the ticket."""
    return _letter("infected", ticket, provider, name=stored.original_name)


def infected_in_draft(draft: OrderDraft, stored: StoredFile, *, provider: Provider) -> Letter:
    """Tell the same of an order that is not sent yet."""
    facts = {"provider": provider, "portal": portal_address(provider), "number": "", "name": stored.original_name}
    return Letter("tickets/infected", to=draft.contact_email, language=draft.user.language, facts=facts)


def _letter(template: str, ticket: Ticket, provider: Provider, **facts: object) -> Letter:
    return Letter(
        template=f"tickets/{template}",
        to=ticket.contact_email,
        language=ticket.language,
        facts={"provider": provider, "portal": portal_address(provider), "number": ticket.number, **facts},
    )
