"""What the database itself holds of tickets."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from kabinet.infra.db import use_case
from kabinet.tickets import services
from kabinet.tickets.models import Ticket, TicketCounter, TicketMessage, TicketSection, TicketTopic
from kabinet.tickets.values import Contact
from tests import world
from tests.tickets.asking import HERE, TOPIC, ask, specialist


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tickets_ticketmessage SET text = ''",
        "DELETE FROM tickets_ticketmessage",
        "UPDATE tickets_ticketfile SET message_id = message_id",
        "DELETE FROM tickets_ticketfile",
        "DELETE FROM tickets_ticket",
        "UPDATE tickets_ticket SET subject = ''",
        "UPDATE tickets_ticket SET created_at = now()",
    ],
)
def test_history_only_grows(w, statement):
    ask(w)

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_database_refuses_a_ticket_that_nobody_can_answer(w):
    with pytest.raises(IntegrityError, match="ticket_has_a_contact"):
        ask(w, contact=Contact(name="Нина"))


def test_erased_person_leaves_no_name_address_or_phone(w, anna, boris):
    mine, his = ask(w, by=world.actor(anna, w)), ask(w, by=world.actor(boris, w))

    erased = use_case(services.forget_author)(anna.pk, at=world.NOW, provider_id=w.pk)

    ticket = Ticket.objects.get(pk=mine.ticket_id)
    assert (erased, ticket.author, ticket.contact) == (1, None, Contact())
    assert Ticket.objects.get(pk=his.ticket_id).contact_email == "nina@example.com"
    assert HERE not in str(Ticket.objects.values())


@pytest.mark.parametrize(
    ("constraint", "build"),
    [
        ("ticket_topic_once", lambda w: TicketTopic.objects.create(provider=w, code="contract", name="Ещё один")),
        ("ticket_section_once", lambda w: TicketSection.objects.create(
            topic=TicketTopic.objects.get(), code="access", name="Ещё один",
        )),
        ("ticket_counter_once", lambda w: TicketCounter.objects.create(provider=w, year=2026, last=1)),
        ("ticket_number_once", lambda w: Ticket.objects.create(
            provider=w, year=2026, ordinal=1, door="office", subject="Другой", created_at=world.NOW,
            contact_phone="+73412259259", last_message_at=world.NOW,
        )),
        ("only_staff_makes_internal_notes", lambda w: TicketMessage.objects.create(
            ticket=Ticket.objects.get(), speaker="customer", text="Заметка", at=world.NOW, is_internal=True,
        )),
    ],
)  # fmt: skip
def test_database_holds_the_rest(w, constraint, build):
    services.publish_topic(TOPIC, provider=w, by=specialist(w))
    ask(w)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        build(w)
