"""«Обратная связь» in the office: queue, conversation, answer, note, close, files."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kabinet.infra.models import OutgoingLetter
from kabinet.providers.models import PolicyVersion
from kabinet.tickets import services
from kabinet.tickets.models import Ticket, TicketFile
from kabinet.tickets.services.asking import GivenFile
from kabinet.tickets.values import Contact, Question, Status
from tests import world
from tests.staff import office

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"


@pytest.fixture
def ticket(w, anna, contract):
    world.link(anna, contract)
    services.ask(
        Question("Показания", "Не могу передать.", Contact("Анна", "anna@example.com"), contract_id=contract.pk),
        provider=w,
        key="page-1",
        address="203.0.113.9",
        language="ru",
        files=[GivenFile("Скан.pdf", io.BytesIO(PDF))],
        by=world.actor(anna, w),
        at=world.NOW,
        today=world.TODAY,
    )
    return Ticket.objects.get()


@pytest.fixture
def shown_in_the_cabinet(w):
    version = PolicyVersion.objects.get(provider=w)
    version.body["sections"].append("tickets")
    version.save()


def page_of(ticket):
    return f"/w/office/tickets/{ticket.pk}/"


@pytest.mark.spec("STAFF-01", "REQ-03")
def test_ticket_is_taken_answered_and_closed(w, ticket, olga, desk):
    queue = desk.get("/w/office/tickets/").text
    desk.post(f"{page_of(ticket)}take/")
    desk.post(f"{page_of(ticket)}answer/", {"key": "a1", "text": "Передайте завтра."})
    desk.post(f"{page_of(ticket)}close/", {"resolution": "Разъяснено"})

    ticket.refresh_from_db()
    letter = OutgoingLetter.objects.get(template="tickets/answered")
    assert ticket.number in queue
    assert (ticket.status, ticket.resolution) == (Status.CLOSED, "Разъяснено")
    assert letter.to == "anna@example.com"
    assert "Передайте завтра." in letter.text
    assert [len(office.audited(f"tickets.{deed}")) for deed in ("take", "answer", "close")] == [1, 1, 1]
    assert {row.actor_id for row in office.audited("tickets.answer")} == {olga.pk}


def test_page_shows_the_conversation_and_leads_to_the_card_with_a_reason(ticket, contract, desk):
    desk.post(f"{page_of(ticket)}answer/", {"key": "a1", "text": "Передайте <завтра>."})

    page = desk.get(page_of(ticket)).text
    asked = desk.get(f"/w/office/contracts/{contract.pk}/?ticket={ticket.number}").text

    assert "Не могу передать." in page
    assert "Передайте &lt;завтра&gt;." in page
    assert "Скан.pdf" in page
    assert f'value="{ticket.number}"' in asked


def test_note_is_for_the_office_alone(ticket, desk, anna, w):
    desk.post(f"{page_of(ticket)}note/", {"note": "МАРКЕР ЗАМЕТКИ"})

    assert "МАРКЕР ЗАМЕТКИ" in desk.get(page_of(ticket)).text
    assert "МАРКЕР ЗАМЕТКИ" not in "".join(OutgoingLetter.objects.values_list("text", flat=True))
    assert len(office.audited("tickets.noted")) == 1


def test_second_click_answers_once(ticket, desk):
    for _ in range(2):
        desk.post(f"{page_of(ticket)}answer/", {"key": "a1", "text": "Передайте завтра."})
    other = desk.post(f"{page_of(ticket)}answer/", {"key": "a1", "text": "Другое."})

    assert OutgoingLetter.objects.filter(template="tickets/answered").count() == 1
    assert "другой ответ уже отправлен" in other.text
    assert "Другое." in other.text


@pytest.mark.parametrize(
    ("deed", "fields", "words"),
    [
        ("answer", {"key": "a1", "text": ""}, "Напишите ответ."),
        ("note", {"note": " "}, "Напишите заметку."),
        ("close", {"resolution": ""}, "чем закончилось обращение"),
    ],
)
def test_empty_form_is_shown_again(ticket, desk, deed, fields, words):
    answer = desk.post(f"{page_of(ticket)}{deed}/", fields)

    ticket.refresh_from_db()
    assert words in answer.text
    assert "<title>Ошибка" in answer.text
    assert ticket.status == Status.NEW


def test_closed_ticket_takes_no_answer_and_says_so(ticket, desk):
    desk.post(f"{page_of(ticket)}close/", {"resolution": "Разъяснено"})

    answer = desk.post(f"{page_of(ticket)}answer/", {"key": "a1", "text": "Ещё."}, follow=True)

    assert "уже закрыто" in answer.text
    assert "Отправить ответ" not in desk.get(page_of(ticket)).text


def test_queue_is_narrowed_by_state(ticket, desk):
    desk.post(f"{page_of(ticket)}close/", {"resolution": "Разъяснено"})

    states = ("", "closed", "new", "all", "x")
    shown = {state for state in states if ticket.number in desk.get(f"/w/office/tickets/?state={state}").text}

    assert shown == {"closed", "all"}


def test_file_of_a_ticket_is_given_to_be_kept(ticket, desk):
    file = TicketFile.objects.get()

    answer = desk.get(f"/w/office/ticket-files/{file.pk}/")

    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.spec("STAFF-01", "TICK-02")
@pytest.mark.usefixtures("shown_in_the_cabinet")
def test_answer_brings_files_that_only_the_author_has(w, v, ticket, anna, desk, visitor):
    given = SimpleUploadedFile("Акт.pdf", PDF, "application/pdf")

    desk.post(f"{page_of(ticket)}answer/", {"key": "a1", "text": "Акт приложен.", "attachments": [given]})

    file = TicketFile.objects.get(stored__original_name="Акт.pdf")
    cabinet = world.signed_in(visitor, anna, w)
    got = cabinet.get(f"/w/tickets/files/{file.pk}/")
    boris = world.signed_in(Client(), world.person(w, "boris@example.com"), w)
    letter = OutgoingLetter.objects.get(template="tickets/answered")
    assert b"".join(got.streaming_content) == PDF
    assert boris.get(f"/w/tickets/files/{file.pk}/").status_code == 404
    assert "К ответу приложены файлы" in letter.text


@pytest.mark.usefixtures("shown_in_the_cabinet")
def test_file_of_a_kind_that_is_not_taken_keeps_the_answer_typed(ticket, desk):
    given = SimpleUploadedFile("игра.exe", b"MZ\x90\x00", "application/octet-stream")

    answer = desk.post(f"{page_of(ticket)}answer/", {"key": "a1", "text": "Смотрите.", "attachments": [given]})

    assert "такие файлы мы не принимаем" in answer.text
    assert "Смотрите.</textarea>" in answer.text
    assert not OutgoingLetter.objects.filter(template="tickets/answered").exists()


@pytest.mark.usefixtures("shown_in_the_cabinet")
def test_who_wrote_without_signing_in_is_offered_no_files(ticket, desk):
    Ticket.objects.update(author=None)
    given = SimpleUploadedFile("Акт.pdf", PDF, "application/pdf")

    page = desk.get(page_of(ticket)).text
    desk.post(f"{page_of(ticket)}answer/", {"key": "a1", "text": "Смотрите.", "attachments": [given]})

    assert 'name="attachments"' not in page
    assert not TicketFile.objects.filter(stored__original_name="Акт.pdf").exists()


def test_file_is_not_there_for_others(ticket, desk_of_v):
    file = TicketFile.objects.get()

    assert desk_of_v.get(f"/v/office/ticket-files/{file.pk}/").status_code == 404
    assert Client().get(f"/w/office/ticket-files/{file.pk}/").status_code == 302


@pytest.mark.spec("STAFF-01")
def test_author_whose_cabinet_shows_no_tickets_is_offered_no_files(ticket, desk):
    given = SimpleUploadedFile("Акт.pdf", PDF, "application/pdf")

    page = desk.get(page_of(ticket)).text
    desk.post(f"{page_of(ticket)}answer/", {"key": "a1", "text": "Смотрите.", "attachments": [given]})

    assert 'name="attachments"' not in page
    assert not TicketFile.objects.filter(stored__original_name="Акт.pdf").exists()
