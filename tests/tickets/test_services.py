"""Asking, answering and closing on a real database."""

from io import BytesIO

import pytest

from kabinet.accounts.models import Enrollment
from kabinet.contracts.services.access import NotSeen
from kabinet.contracts.values import Viewer
from kabinet.infra.idempotency import KeyReused
from kabinet.infra.limits import LimitReached
from kabinet.infra.models import AuditRow, Event, OutgoingLetter, StoredFile
from kabinet.tickets import selectors, services
from kabinet.tickets.models import Ticket, TicketFile, TicketMessage, TicketSection
from kabinet.tickets.services.asking import GivenFile
from kabinet.tickets.values import Contact, Status, TopicText
from tests import world
from tests.tickets.asking import TOPIC, ask, specialist

PDF = b"%PDF-1.7\n" + b"0" * 100


def ticket_of(accepted):
    return Ticket.objects.get(pk=accepted.ticket_id)


def answer(accepted, of, text="Исправили.", *, key="k", by=None):
    return services.answer(accepted.ticket_id, text, key=key, provider=of, by=by or specialist(of), at=world.NOW)


def viewer(user, of):
    enrollment = Enrollment.objects.get(user=user, provider=of)
    return Viewer(user.pk, enrollment.pk, of.pk, email_confirmed=True, display_name="")


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path}}
    }


@pytest.mark.spec("REQ-03", "SITE-03")
def test_question_of_nobody_becomes_a_ticket_with_a_letter(w):
    accepted = ask(w, contract_number="ХВС-7")

    ticket = ticket_of(accepted)
    assert (accepted.number, ticket.door, ticket.status) == ("ОС-2026-000001", "feedback", "new")
    assert (ticket.author_id, ticket.contact_email, ticket.contract_number) == (None, "nina@example.com", "ХВС-7")
    assert [message.text for message in ticket.messages.all()] == ["Не принимается."]
    assert AuditRow.objects.filter(act="tickets.opened", target_id=str(ticket.pk)).count() == 1
    assert Event.objects.get(kind="tickets.opened").payload == {"ticket": str(ticket.pk)}
    letter = OutgoingLetter.objects.get()
    assert (letter.to, accepted.number in letter.subject) == ("nina@example.com", True)


@pytest.mark.spec("REQ-03")
def test_letter_of_receipt_repeats_nothing_that_was_typed(w):
    contact = Contact(name="КУПИТЕ", email="stranger@example.com")

    ask(w, subject="КУПИТЕ", text="КУПИТЕ", contact=contact, contract_number="КУПИТЕ")

    letter = OutgoingLetter.objects.get()
    assert "КУПИТЕ" not in letter.subject + letter.text


def test_audit_and_events_hold_no_words_of_people(w):
    accepted = ask(w, subject="МАРКЕР", text="МАРКЕР", contact=Contact("МАРКЕР", "marker@example.com"))
    answer(accepted, w, "МАРКЕР")
    services.close(accepted.ticket_id, resolution="МАРКЕР", provider=w, by=specialist(w))

    rows = [*AuditRow.objects.values("before", "after"), *Event.objects.values("payload")]
    assert len(rows) == 5
    assert "МАРКЕР" not in str(rows)
    assert "marker@" not in str(rows)


@pytest.mark.spec("REQ-03")
def test_question_of_a_customer_knows_him_and_his_contract(w, anna, contract):
    world.link(anna, contract)

    accepted = ask(w, by=world.actor(anna, w), contract_id=contract.pk)

    ticket = ticket_of(accepted)
    assert (ticket.door, ticket.author, ticket.contract) == ("cabinet", anna, contract)
    assert Event.objects.get(kind="tickets.opened").contract_id == contract.pk


def test_strangers_contract_cannot_be_named(w, v, anna, contract):
    for foreign in (contract, world.contract(v)):
        with pytest.raises(NotSeen):
            ask(w, by=world.actor(anna, w), contract_id=foreign.pk)

    with pytest.raises(NotSeen):
        ask(w, contract_id=contract.pk)
    assert not Ticket.objects.exists()


def test_refused_question_takes_no_number(w, anna, contract):
    with pytest.raises(NotSeen):
        ask(w, by=world.actor(anna, w), contract_id=contract.pk)

    assert ask(w).number == "ОС-2026-000001"


@pytest.mark.spec("REQ-03")
def test_same_key_and_words_are_one_ticket(w):
    first = ask(w, key="k")

    assert ask(w, key="k") == first
    assert (Ticket.objects.count(), TicketMessage.objects.count(), OutgoingLetter.objects.count()) == (1, 1, 1)


def test_same_key_with_other_words_is_refused_with_the_number(w):
    first = ask(w, key="k")

    with pytest.raises(KeyReused) as reused:
        ask(w, key="k", text="Другое.")

    assert reused.value.accepted["number"] == first.number


@pytest.mark.spec("SITE-01")
def test_numbers_run_by_provider_and_year(w, v):
    numbers = [ask(w).number, ask(w).number, ask(v).number, ask(w, today=world.TODAY.replace(year=2027)).number]

    assert numbers == ["ОС-2026-000001", "ОС-2026-000002", "ОС-2026-000001", "ОС-2027-000001"]


def test_one_address_may_not_write_without_end(w):
    for _ in range(10):
        ask(w)

    with pytest.raises(LimitReached):
        ask(w)
    assert ask(w, address="198.51.100.1").number == "ОС-2026-000011"


def test_mailbox_is_not_filled_and_the_question_is_taken(w):
    for number in range(7):
        ask(w, address=f"198.51.100.{number}")

    assert (Ticket.objects.count(), OutgoingLetter.objects.count()) == (7, 5)


def test_customers_are_counted_by_themselves(w, anna):
    for _ in range(20):
        ask(w, by=world.actor(anna, w), contact=Contact(phone="+73412259259"))

    with pytest.raises(LimitReached):
        ask(w, by=world.actor(anna, w))


@pytest.mark.spec("TICK-03")
def test_subject_finds_its_topic_and_section(w, v):
    services.publish_topic(TOPIC, provider=w, by=specialist(w))
    services.publish_topic(TOPIC, provider=v, by=specialist(v))

    ticket = ticket_of(ask(w, subject="права доступа"))

    assert (ticket.topic.name, ticket.section.name) == ("Договор", "Права доступа")
    assert ticket.topic.provider == w
    assert ticket_of(ask(w, subject="Своими словами")).topic is None


def test_section_left_out_is_closed_and_keeps_its_tickets(w):
    services.publish_topic(TOPIC, provider=w, by=specialist(w))
    ticket = ticket_of(ask(w, subject="Права доступа"))

    services.publish_topic(TopicText("contract", "О договоре", (("lost", "Не находит"),)), provider=w, by=specialist(w))

    assert [topic.name for topic in selectors.topics_of(w.pk)] == ["О договоре", "Не находит"]
    assert TicketSection.objects.get(pk=ticket.section_id).name == "Права доступа"


def test_topics_are_the_offices(w, v, anna):
    for by in (specialist(v), world.actor(anna, w)):
        with pytest.raises(services.NotPermitted):
            services.publish_topic(TOPIC, provider=w, by=by)


@pytest.mark.spec("REQ-03")
def test_files_come_with_the_message(w, anna):
    ask(w, by=world.actor(anna, w), files=[GivenFile("Акт №1.pdf", BytesIO(PDF))])

    stored = TicketFile.objects.get().stored
    assert (stored.original_name, stored.media_type, stored.size) == ("Акт №1.pdf", "application/pdf", len(PDF))
    assert stored.provider_id == w.pk


def test_file_of_no_known_kind_takes_the_question_back(w, anna):
    with pytest.raises(services.FilesRefused) as refused:
        ask(w, by=world.actor(anna, w), files=[GivenFile("вирус.pdf", BytesIO(b"MZ\x00\x01"))])

    assert refused.value.name == "вирус.pdf"
    assert (Ticket.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.spec("TICK-02", "STAFF-01")
def test_answer_reaches_its_author(w, anna):
    accepted = ask(w, by=world.actor(anna, w))

    answer(accepted, w, "Показание принято.")

    ticket = ticket_of(accepted)
    assert (ticket.status, ticket.is_unread_by_author) == (Status.ANSWERED, True)
    assert Enrollment.objects.get(user=anna).unread_tickets == 1
    letter = OutgoingLetter.objects.get(subject__contains="ответ")
    assert "Показание принято." in letter.text
    assert Event.objects.get(kind="tickets.answered").payload["ticket"] == str(ticket.pk)


def test_two_answers_unread_are_one_ticket_unread(w, anna):
    accepted = ask(w, by=world.actor(anna, w))

    answer(accepted, w, "Раз.", key="1")
    answer(accepted, w, "Два.", key="2")

    assert Enrollment.objects.get(user=anna).unread_tickets == 1


def test_same_answer_twice_is_one(w):
    accepted = ask(w)
    by = specialist(w)

    assert answer(accepted, w, by=by) == answer(accepted, w, by=by)
    assert OutgoingLetter.objects.filter(subject__contains="ответ").count() == 1


def test_author_without_an_address_gets_no_letter(w):
    accepted = ask(w, contact=Contact(phone="+73412259259"))

    answer(accepted, w)

    assert not OutgoingLetter.objects.exists()


def test_closed_ticket_is_not_answered(w):
    accepted = ask(w)
    services.close(accepted.ticket_id, resolution="Решено", provider=w, by=specialist(w))

    with pytest.raises(services.NotPossible):
        answer(accepted, w)
    assert (ticket_of(accepted).status, ticket_of(accepted).resolution) == ("closed", "Решено")


def test_new_ticket_is_taken_once(w):
    accepted = ask(w)

    assert services.take(accepted.ticket_id, provider=w, by=specialist(w)).status == Status.IN_WORK
    with pytest.raises(services.NotPossible):
        services.take(accepted.ticket_id, provider=w, by=specialist(w))


@pytest.mark.spec("STAFF-01", "STAFF-02")
def test_office_of_another_provider_and_customers_do_nothing(w, v, anna):
    accepted = ask(w, by=world.actor(anna, w))

    with pytest.raises(services.NotPermitted):
        answer(accepted, w, by=specialist(v))
    with pytest.raises(services.NotPermitted):
        answer(accepted, w, by=world.actor(anna, w))
    with pytest.raises(services.TicketUnknown):
        answer(accepted, v, by=specialist(v))
    assert ticket_of(accepted).messages.count() == 1


def test_notes_of_the_office_are_never_the_authors(w, anna):
    accepted = ask(w, by=world.actor(anna, w))
    services.add_note(accepted.ticket_id, "Внутреннее", provider=w, by=specialist(w), at=world.NOW)

    ticket = ticket_of(accepted)
    assert [message.text for message in selectors.messages_of(viewer(anna, w), ticket)] == ["Не принимается."]
    assert [message.text for message in selectors.messages_of_office(ticket)] == ["Не принимается.", "Внутреннее"]
    assert (ticket.status, ticket.is_unread_by_author) == ("new", False)
    assert not OutgoingLetter.objects.filter(text__contains="Внутреннее").exists()


def test_tickets_are_their_authors_alone(w, anna, boris):
    accepted = ask(w, by=world.actor(anna, w), files=[GivenFile("a.pdf", BytesIO(PDF))])
    file = TicketFile.objects.get()

    assert [ticket.pk for ticket in selectors.tickets_of(viewer(anna, w))] == [accepted.ticket_id]
    assert selectors.file_of(viewer(anna, w), file.pk) == file.stored
    assert not selectors.tickets_of(viewer(boris, w)).exists()
    assert not selectors.messages_of(viewer(boris, w), ticket_of(accepted)).exists()
    assert selectors.file_of(viewer(boris, w), file.pk) is None


def test_queue_begins_with_new_ones_that_wait_longest(w, v):
    first, second, third = ask(w), ask(w, at=world.NOW.replace(hour=9)), ask(w, at=world.NOW.replace(hour=10))
    ask(v)
    answer(first, w)
    services.take(third.ticket_id, provider=w, by=specialist(w))

    queue = [ticket.pk for ticket in selectors.queue_of(w.pk)]

    assert queue == [second.ticket_id, third.ticket_id, first.ticket_id]
