"""«Обращения» of a person who is signed in (TICK-01…03)."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kabinet.accounts.models import Enrollment
from kabinet.infra import ids
from kabinet.providers.models import PolicyVersion
from kabinet.tickets import services
from kabinet.tickets.models import Ticket, TicketMessage, TicketSection
from kabinet.tickets.services import NotPossible, TicketUnknown
from kabinet.tickets.values import Status
from tests import world
from tests.tickets.asking import TOPIC, specialist

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


@pytest.fixture(autouse=True)
def topics(w):
    version = PolicyVersion.objects.get(provider=w)
    version.body["sections"].append("tickets")
    version.save()
    services.publish_topic(TOPIC, provider=w, by=specialist(w))


@pytest.fixture
def section():
    return TicketSection.objects.get(code="lost")


@pytest.fixture
def own(w, anna):
    return world.signed_in(Client(), anna, w)


def write(own, section, *, contract=None, **changed):
    about = f"{section.pk}/{contract.pk}/" if contract else f"{section.pk}/"
    return own.post(f"/w/tickets/new/{about}", {"key": str(ids.new()), "text": "Где мой договор?"} | changed)


@pytest.fixture
def ticket(own, section):
    write(own, section)
    return Ticket.objects.get()


def answer(ticket, w, text="Нашли."):
    services.answer(ticket.pk, text, key=str(ids.new()), provider=w, by=specialist(w), at=world.NOW)


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


@pytest.mark.spec("TICK-01")
def test_empty_list_leads_to_the_first_ticket(own):
    page = own.get("/w/tickets/").content.decode()

    assert "Обращений пока нет" in page
    assert "Создать обращение" in page


@pytest.mark.spec("TICK-03")
def test_new_ticket_is_made_in_two_steps(own, section, anna, contract):
    world.link(anna, contract)
    first = own.get("/w/tickets/new/").content.decode()
    for words in ("Новое обращение", "Договор", "Права доступа", "Не находит", "Дальше"):
        assert words in first

    led = own.get("/w/tickets/new/", {"section": section.pk, "contract": contract.pk, "next": "1"})
    second = text_of(own.get(led.url))
    for words in ("Информация по обращению", "Не находит", contract.number, "Добавить файл", "Отправить"):
        assert words in second
    file = SimpleUploadedFile("скан.pdf", b"%PDF-1.7 ...")
    sent = own.post(led.url, {"key": "k1", "text": "Где он?", "attachments": file})

    ticket = Ticket.objects.get()
    assert sent.url == f"/w/tickets/{ticket.pk}/"
    assert (ticket.subject, ticket.section, ticket.contract, ticket.door) == (
        "Не находит",
        section,
        contract,
        "cabinet",
    )
    assert ticket.messages.get().files.get().stored.original_name == "скан.pdf"


@pytest.mark.spec("TICK-03")
def test_first_step_asks_for_a_section(own):
    assert "Выберите раздел." in own.get("/w/tickets/new/", {"section": "", "next": "1"}).content.decode()


@pytest.mark.spec("TICK-03")
def test_same_page_sent_twice_is_one_ticket(own, section):
    answers = [write(own, section, key="once") for _ in range(2)]

    assert answers[0].url == answers[1].url
    assert Ticket.objects.count() == 1


@pytest.mark.spec("TICK-03")
def test_other_words_under_the_same_key_are_a_conflict_that_loses_nothing(own, section):
    write(own, section, key="once")

    page = write(own, section, key="once", text="Другой вопрос")

    assert page.status_code == 409
    assert "Другой вопрос" in page.content.decode()


@pytest.mark.spec("TICK-03")
def test_contract_of_a_stranger_cannot_be_named(own, section, w, boris):
    foreign = world.contract(w)
    world.link(boris, foreign)

    assert write(own, section, contract=foreign).status_code == 404
    assert not Ticket.objects.exists()


@pytest.mark.spec("TICK-03")
def test_file_that_nobody_can_open_is_named_and_the_words_stay(own, section):
    page = write(own, section, attachments=SimpleUploadedFile("вирус.exe", b"MZ\x90\x00"))

    assert "вирус.exe" in page.content.decode()
    assert "Где мой договор?" in page.content.decode()
    assert not Ticket.objects.exists()


@pytest.mark.spec("TICK-01")
def test_tickets_stand_under_the_days_of_their_last_messages(own, section, w):
    for days in (2, 0, 0):
        write(own, section)
        newest = Ticket.objects.latest("ordinal")
        Ticket.objects.filter(pk=newest.pk).update(
            last_message_at=world.NOW - timedelta(days=days), contact_phone=str(days)
        )

    page = text_of(own.get("/w/tickets/"))

    assert re.findall(r"\b\d+ октября 2026", page) == ["8 октября 2026", "6 октября 2026"]
    assert page.count("новое") == 3


@pytest.mark.spec("TICK-01")
def test_menu_counts_tickets_with_unread_answers(own, ticket, w):
    answer(ticket, w)
    answer(ticket, w, "И ещё.")
    listed = own.get("/w/tickets/").content.decode()
    assert "есть непрочитанный ответ" in listed
    assert '<span class="counter">1</span>' in listed

    assert "Нашли." in own.get(f"/w/tickets/{ticket.pk}/").content.decode()
    assert Enrollment.objects.get(user=ticket.author).unread_tickets == 1
    for _ in range(2):
        own.post(f"/w/tickets/{ticket.pk}/read/")

    assert Enrollment.objects.get(user=ticket.author).unread_tickets == 0
    assert "counter" not in own.get("/w/tickets/").content.decode()


@pytest.mark.spec("TICK-02")
def test_page_tells_what_was_filled_in_and_what_was_said(own, ticket, w):
    answer(ticket, w)

    page = text_of(own.get(f"/w/tickets/{ticket.pk}/"))

    for words in (
        ticket.number,
        "отвечено",
        "Личный кабинет",
        "Тема Договор",
        "Раздел Не находит",
        "Где мой договор?",
        "Нашли.",
    ):
        assert words in page


@pytest.mark.spec("TICK-02")
def test_author_writes_on_and_the_ticket_waits_again(own, ticket, w):
    answer(ticket, w)

    own.post(f"/w/tickets/{ticket.pk}/", {"key": "k", "text": "Спасибо, а второй?"})
    own.post(f"/w/tickets/{ticket.pk}/", {"key": "k", "text": "Спасибо, а второй?"})

    ticket.refresh_from_db()
    assert ticket.status == Status.IN_WORK
    assert TicketMessage.objects.filter(ticket=ticket, text="Спасибо, а второй?").count() == 1


@pytest.mark.spec("TICK-02")
def test_closed_ticket_takes_no_more_and_says_how_it_ended(own, ticket, w, anna):
    services.close(ticket.pk, resolution="Договор подключён", provider=w, by=specialist(w))

    page = own.get(f"/w/tickets/{ticket.pk}/").content.decode()
    assert "Договор подключён" in page
    assert "<textarea" not in page
    with pytest.raises(NotPossible):
        services.reply(ticket.pk, "Ещё", key="k", provider=w, by=world.actor(anna, w), at=world.NOW)


@pytest.mark.spec("TICK-02")
def test_stranger_neither_sees_nor_writes(own, ticket, w, boris):
    other = world.signed_in(Client(), boris, w)

    assert other.get(f"/w/tickets/{ticket.pk}/").status_code == 404
    assert other.post(f"/w/tickets/{ticket.pk}/", {"key": "k", "text": "Я"}).status_code == 404
    assert other.post(f"/w/tickets/{ticket.pk}/read/").status_code == 404
    with pytest.raises(TicketUnknown):
        services.reply(ticket.pk, "Я", key="k", provider=w, by=world.actor(boris, w), at=world.NOW)
