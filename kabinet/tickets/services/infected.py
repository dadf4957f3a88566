"""A virus was found in a file that came with a ticket or an order: its bytes are gone, who gave it is told."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from kabinet.infra import mail
from kabinet.infra.db import step
from kabinet.infra.models import StoredFile
from kabinet.tickets import letters
from kabinet.tickets.models import OrderDraft, Ticket, TicketFile, TicketMessage
from kabinet.tickets.services.office import count_unread
from kabinet.tickets.values import Speaker


@step
def tell(stored_id: UUID, *, at: datetime) -> None:
    """Tell whoever gave the file; the office reads it in the conversation. A file of something else is not ours."""
    given = TicketFile.objects.filter(stored_id=stored_id).select_related("stored", "message").first()
    if given is not None and given.message.speaker == Speaker.STAFF:
        _tell_office(given.message.ticket_id, given.stored, at=at)
        return
    if given is not None:
        _tell_in_ticket(given.message.ticket_id, given.stored, at=at)
        return
    drafts = OrderDraft.objects.filter(Q(passport_id=stored_id) | Q(scheme_id=stored_id))
    draft = drafts.select_related("provider", "user").first()
    if draft is not None and draft.contact_email:
        stored = StoredFile.objects.get(pk=stored_id)
        mail.post(letters.infected_in_draft(draft, stored, provider=draft.provider))


@step
def _tell_in_ticket(ticket_id: UUID, stored: StoredFile, *, at: datetime) -> None:
    tickets = Ticket.objects.select_related("provider").select_for_update(of=("self",))
    ticket = tickets.get(pk=ticket_id)
    TicketMessage.objects.create(ticket=ticket, speaker=Speaker.SYSTEM, text=_words(ticket, stored), at=at)
    count_unread(ticket)
    ticket.last_message_at, ticket.is_unread_by_author = at, True
    ticket.save(update_fields=["last_message_at", "is_unread_by_author"])
    if ticket.contact_email:
        mail.post(letters.infected(ticket, stored, provider=ticket.provider))


@step
def _tell_office(ticket_id: UUID, stored: StoredFile, *, at: datetime) -> None:
    """Note it where specialists read it; the author sees by the file itself that it is gone."""
    words = _("В файле «%(name)s», приложенном к ответу, найден вирус. Файл удалён; приложите другой.")
    text = words % {"name": stored.original_name}
    TicketMessage.objects.create(ticket_id=ticket_id, speaker=Speaker.STAFF, text=text, at=at, is_internal=True)


def _words(ticket: Ticket, stored: StoredFile) -> str:
    """Say it in the language of the ticket."""
    with translation.override(ticket.language):
        words = _(
            "В файле «%(name)s» найден вирус. Файл удалён, специалист его не увидит; обращение осталось. "
            "Проверьте компьютер и приложите другой файл."
        )
        return words % {"name": stored.original_name}
