"""Who is erased leaves of his tickets their numbers, days and states (I32)."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection

from kabinet.infra import mail
from kabinet.infra.db import step
from kabinet.infra.models import StoredFile
from kabinet.tickets.models import OrderDraft, Ticket


@step
def forget_author(user_id: UUID, *, at: datetime, provider_id: UUID | None = None) -> int:
    """Take the person, all words and files from the person's tickets, at one provider or at all; return how many."""
    tickets, drafts = Ticket.objects.filter(author_id=user_id), OrderDraft.objects.filter(user_id=user_id)
    if provider_id:
        tickets, drafts = tickets.filter(provider_id=provider_id), drafts.filter(provider_id=provider_id)
    for draft in drafts:
        scans = [stored_id for stored_id in (draft.passport_id, draft.scheme_id) if stored_id]
        draft.delete()
        StoredFile.objects.filter(pk__in=scans).delete()
    return _forget(list(tickets.select_for_update().values_list("pk", "contact_email")), at=at)


@step
def forget_address(email: str, *, at: datetime) -> int:
    """Do the same with what was asked from this address without signing in; return how many tickets."""
    asked = Ticket.objects.filter(author_id=None, erased_at=None, contact_email__iexact=email)
    return _forget(list(asked.select_for_update().values_list("pk", "contact_email")), at=at)


@step
def _forget(tickets: Collection[tuple[UUID, str]], *, at: datetime) -> int:
    ids = [ticket_id for ticket_id, _ in tickets]
    for email in {email for _, email in tickets if email}:
        mail.forget(email)
    Ticket.objects.filter(pk__in=ids).update(
        author=None, contact_name="", contact_email="", contact_phone="", erased_at=at
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT tickets_forget_words(%s::uuid[])", [ids])
        files = [stored_id for (stored_id,) in cursor.fetchall()]
    StoredFile.objects.filter(pk__in=files).delete()
    return len(ids)
