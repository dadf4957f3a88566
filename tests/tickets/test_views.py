"""«Обратная связь» as anybody, a customer and a robot sees it."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kabinet.accounts.models import User
from kabinet.infra import clock
from kabinet.infra.models import OutgoingLetter
from kabinet.tickets import services
from kabinet.tickets.forms import LARGEST_FILE, TRAP, new_stamp
from kabinet.tickets.models import Ticket, TicketFile
from kabinet.tickets.services.asking import GivenFile
from tests import world
from tests.tickets.asking import TOPIC, ask, fields, open_browser, specialist

PDF = b"%PDF-1.7\n" + b"0" * 100


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path}}
    }


def send(browser, of="w", **changed):
    return browser.post(f"/{of}/feedback/", fields(**changed))


def typed(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


@pytest.mark.spec("SITE-03", "REQ-03")
def test_form_has_its_fields_without_signing_in(w, visitor):
    page = visitor.get("/w/feedback/").content.decode()

    for words in ("Обратная связь", "Тема", "Сообщение", "Как с Вами связаться", "Номер договора", "Отправить"):
        assert words in page
    assert "Прикрепить файл" not in page


@pytest.mark.spec("SITE-03", "REQ-03")
def test_anybody_writes_and_is_told_the_number(w):
    browser = open_browser()

    answer = browser.get(send(browser)["Location"])

    ticket = Ticket.objects.get()
    page = answer.content.decode()
    assert ticket.number in page
    assert "Что будет дальше" in page
    assert (ticket.contact_phone, ticket.author) == ("+73412259259", None)
    assert OutgoingLetter.objects.get().to == "nina@example.com"


@pytest.mark.spec("REQ-03")
def test_page_of_the_number_tells_nothing_of_the_person(w):
    browser = open_browser()

    page = browser.get(send(browser)["Location"]).content.decode()

    assert not {"nina@example.com", "Нина", "Не принимается", "259259"} & set(re.findall(r"[\w@.]+", page))


def test_number_is_told_to_nobody_else(w, v):
    browser = open_browser()
    page = send(browser)["Location"]

    assert browser.get(page.replace("/w/", "/v/")).status_code == 404
    assert browser.get(page[:-3] + "x/").status_code == 404
    assert browser.get(f"/w/feedback/accepted/{Ticket.objects.get().pk}/").status_code == 404


@pytest.mark.spec("REQ-03")
def test_customers_own_data_stand_in_the_form(w, anna, contract, visitor):
    world.link(anna, contract)
    User.objects.filter(pk=anna.pk).update(last_name="Корепанова", phone="+73412000011")
    world.signed_in(visitor, anna, w)

    page = visitor.get("/w/feedback/").content.decode()

    assert (typed(page, "name"), typed(page, "email")) == ("Корепанова Anna", "anna@example.com")
    assert typed(page, "phone") == "+7 3412 00-00-11"
    assert contract.number in page
    assert "Прикрепить файл" in page


@pytest.mark.spec("REQ-03")
def test_customer_writes_about_a_contract_with_files(w, anna, contract, visitor):
    world.link(anna, contract)
    world.signed_in(visitor, anna, w)
    files = [SimpleUploadedFile("акт.pdf", PDF), SimpleUploadedFile("второй.pdf", PDF)]

    answer = send(visitor, contract=str(contract.pk), attachments=files, stamp=new_stamp(clock.technical_now()))

    assert answer.status_code == 302, answer.content.decode()
    assert (Ticket.objects.get().contract, TicketFile.objects.count()) == (contract, 2)


def test_customer_cannot_name_anothers_contract(w, anna, contract, visitor):
    own = world.contract(w)
    world.link(anna, own)

    answer = send(world.signed_in(visitor, anna, w), contract=str(contract.pk))

    assert answer.status_code == 200
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"subject": " "}, "Напишите в двух словах, о чём вопрос."),
        ({"text": ""}, "Напишите, в чём вопрос."),
        ({"text": "я" * 4001}, "4000"),
        ({"email": "", "phone": ""}, "Оставьте адрес электронной почты или телефон"),
        ({"email": "nina"}, "Адрес состоит из имени, знака @"),
        ({"phone": "12"}, "Не похоже на телефон"),
        ({"text": "a\x00b"}, ">Сообщение</a>:"),
    ],
)
def test_wrong_fields_are_named_and_what_was_typed_stays(w, changed, words):
    answer = send(open_browser(), **changed)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert words in page
    assert typed(page, "name") == "Нина"
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("changed", [{"email": ""}, {"phone": ""}, {"name": ""}])
def test_one_way_to_answer_is_enough(w, changed):
    assert send(open_browser(), **changed).status_code == 302


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([SimpleUploadedFile("a.pdf", b"MZ\x00")], "не открыть"),
        ([SimpleUploadedFile("a.pdf", b"")], "пуст"),
        ([SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(6)], "не больше пяти"),
        ([SimpleUploadedFile("a.pdf", PDF + b"0" * LARGEST_FILE)], "больше 8 МБ"),
    ],
)
def test_wrong_files_are_named(w, anna, visitor, files, words):
    answer = send(world.signed_in(visitor, anna, w), attachments=files)

    assert words in answer.content.decode()
    assert not Ticket.objects.exists()


def test_files_of_nobody_are_not_taken(w):
    send(open_browser(), attachments=[SimpleUploadedFile("a.pdf", PDF)])

    assert (Ticket.objects.count(), TicketFile.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({TRAP: "https://spam.example"}, "роботом"),
        ({"stamp": new_stamp(clock.technical_now() + timedelta(days=1))}, "слишком быстро"),
        ({"stamp": new_stamp(clock.technical_now() - timedelta(hours=25))}, "очень долго"),
        ({"stamp": "made:up"}, "устарела"),
        ({"stamp": ""}, "устарела"),
    ],
)
def test_robots_are_refused_aloud(w, changed, words):
    answer = send(open_browser(), **changed)

    assert words in answer.content.decode()
    assert not Ticket.objects.exists()


def test_page_that_was_open_too_long_goes_on_with_a_new_stamp(w):
    browser = open_browser()
    old = new_stamp(clock.technical_now() - timedelta(hours=25))

    stamp = typed(send(browser, stamp=old).content.decode(), "stamp")

    assert stamp != old
    assert "слишком быстро" in send(browser, stamp=stamp).content.decode()


def test_double_click_is_one_ticket(w):
    browser = open_browser()
    same = fields()

    first, second = browser.post("/w/feedback/", same), browser.post("/w/feedback/", same)

    assert (first.status_code, second.status_code) == (302, 302)
    assert (Ticket.objects.count(), OutgoingLetter.objects.count()) == (1, 1)


def test_other_words_under_the_same_page_are_said_and_may_go_next(w):
    browser = open_browser()
    stamp = new_stamp(clock.technical_now() - timedelta(minutes=1))
    send(browser, stamp=stamp)

    answer = send(browser, stamp=stamp, text="Другое.")

    page = answer.content.decode()
    assert answer.status_code == 409
    assert Ticket.objects.get().number in page
    assert "Другое." in page
    assert typed(page, "stamp") != stamp


def test_too_many_are_told_when_to_come_again(w):
    browser = open_browser()
    for _ in range(10):
        send(browser)

    answer = send(browser)

    assert answer.status_code == 429
    assert "Следующая возможна после" in answer.content.decode()
    assert Ticket.objects.count() == 10


@pytest.mark.spec("TICK-03")
def test_pages_lead_here_with_a_topic_and_a_contract(w, v, visitor):
    services.publish_topic(TOPIC, provider=w, by=specialist(w))

    page = visitor.get("/w/feedback/?topic=contract.access&contract=ХВС-7").content.decode()

    assert (typed(page, "subject"), typed(page, "contract_number")) == ("Права доступа", "ХВС-7")
    assert "Права доступа" not in visitor.get("/v/feedback/?topic=contract.access").content.decode()


@pytest.mark.spec("SITE-07")
def test_letter_speaks_the_language_of_the_page(w):
    browser = open_browser()
    browser.cookies["language"] = "en"

    send(browser)

    assert Ticket.objects.get().language == "en"


def test_file_is_given_to_its_author_alone(w, anna, boris, visitor):
    ask(w, by=world.actor(anna, w), files=[GivenFile("акт.pdf", BytesIO(PDF))])
    path = f"/w/tickets/files/{TicketFile.objects.get().pk}/"

    answer = world.signed_in(visitor, anna, w).get(path)

    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    assert world.signed_in(open_browser(), boris, w).get(path).status_code == 404
    assert open_browser().get(path)["Location"].startswith("/w/sign-in/")


def test_file_is_not_given_at_another_provider(w, v, anna, visitor):
    ask(w, by=world.actor(anna, w), files=[GivenFile("акт.pdf", BytesIO(PDF))])
    stranger = world.person(v, "dina@example.com")

    path = f"/v/tickets/files/{TicketFile.objects.get().pk}/"

    assert world.signed_in(visitor, stranger, v).get(path).status_code == 404
