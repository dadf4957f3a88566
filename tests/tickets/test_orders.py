"""«Подать заявку/написать заявление» of a household (REQ-02, REQ-03)."""

import struct
import zlib
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kabinet.infra import clock
from kabinet.infra.models import OutgoingLetter, StoredFile
from kabinet.kernel.calendar import WorkCalendar
from kabinet.tickets.forms import LARGEST_FILE
from kabinet.tickets.models import OrderDraft, PaidService, ServiceOrder, Ticket, TicketFile
from kabinet.tickets.rules.promises import promised_on
from kabinet.tickets.services import orders
from kabinet.tickets.values import ServiceText
from tests import world
from tests.refusals import again, refused
from tests.tickets.asking import fields, specialist

REQUESTS = "/p/requests/"
ORDER = "/p/requests/order/hot_water/"
CHECK = "/p/requests/check/"
STATEMENT = "/p/requests/statement/"
PDF = b"%PDF-1.7\n" + b"0" * 100
ACCEPTED = (
    "Ваша заявка принята. В случае если заказанная услуга является платной, стоимость оказанной услуги будет включена "
    "в счет-извещение на оплату жилищно-коммунальных услуг"
)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path}}
    }


@pytest.fixture
def service(p):
    by = specialist(p)
    text = ServiceText("hot_water", "seal", "опломбировка", working_days=5)
    orders.publish_service(
        ServiceText("electricity", "check", "проверка технического состояния прибора учета", 10), provider=p, by=by
    )
    return orders.publish_service(text, provider=p, by=by)


@pytest.fixture
def meter(p):
    return world.hot_water(world.household(p))


@pytest.fixture
def nina(p, meter):
    person = world.person(p, "nina@example.com")
    world.link(person, meter.contract)
    return person


@pytest.fixture
def cabinet(visitor, p, nina, service, at):
    return world.signed_in(visitor, nina, p)


def filled(service, meter, **changed):
    facts = {
        "service": str(service.pk),
        "meter": str(meter.pk),
        "name": "Нина",
        "email": "nina@example.com",
        "phone": "",
    }
    return facts | changed


def scan(name="pasport.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def key_on(page):
    return page.content.decode().split('name="key" value="')[1].split('"')[0]


@pytest.mark.parametrize(
    ("today", "days", "day"),
    [
        (date(2026, 10, 8), 1, date(2026, 10, 9)),
        (date(2026, 10, 9), 1, date(2026, 10, 12)),  # over a weekend
        (date(2026, 12, 30), 1, date(2027, 1, 11)),  # over New Year
        (date(2025, 10, 31), 1, date(2025, 11, 1)),  # a working Saturday
    ],
)
@pytest.mark.spec("REQ-02")
def test_promise_counts_working_days(today, days, day):
    assert promised_on(today, working_days=days, calendar=WorkCalendar()) == day


@pytest.mark.spec("REQ-02")
def test_order_goes_by_its_check_screen_with_both_scans(cabinet, service, meter, nina):
    form = cabinet.get(ORDER).content.decode()
    assert "опломбировка" in form
    assert "Санузел" in form
    assert "проверка технического состояния" not in form

    kept = cabinet.post(ORDER, filled(service, meter, passport=scan(), scheme=scan("shema.pdf")), follow=True)
    shown = kept.content.decode()
    sent = cabinet.post(CHECK, {"key": key_on(kept)}, follow=True).content.decode()

    assert "pasport.pdf" in shown
    assert "shema.pdf" in shown
    order = ServiceOrder.objects.get()
    assert ACCEPTED in sent
    assert order.ticket.number in sent
    assert (order.meter, order.promised_on) == (meter, date(2026, 10, 15))
    assert TicketFile.objects.filter(message__ticket=order.ticket).count() == 2
    letter = OutgoingLetter.objects.get()
    assert (letter.to, order.ticket.number in letter.subject) == ("nina@example.com", True)
    assert "15 октября 2026" in letter.text
    assert not OrderDraft.objects.exists()


@pytest.mark.spec("REQ-02")
def test_pressed_twice_an_order_is_one(cabinet, service, meter):
    kept = cabinet.post(ORDER, filled(service, meter), follow=True)
    key = key_on(kept)

    first, second = (cabinet.post(CHECK, {"key": key}, follow=True).content.decode() for _ in range(2))
    other = cabinet.post(CHECK, {"key": "another"}, follow=True).content.decode()

    assert ServiceOrder.objects.count() == 1
    number = Ticket.objects.get().number
    assert f"Номер заявки: {number}" in first
    assert f"Номер заявки: {number}" in second
    assert "Эта заявка уже отправлена" in other


@pytest.mark.spec("REQ-02")
def test_what_was_filled_in_comes_back_from_the_check_screen(cabinet, service, meter):
    cabinet.post(ORDER, filled(service, meter, passport=scan(), phone="+7 987 000-00-01"))

    form = cabinet.get(ORDER).content.decode()
    cabinet.post(ORDER, filled(service, meter, **{"without-passport": "yes"}))

    assert "pasport.pdf" in form
    assert "987 000-00-01" in form or "9870000001" in form
    assert OrderDraft.objects.get().passport is None
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("pasport.pdf", b"MZ" + b"\0" * 200, "не PDF и не снимок"),
        ("shot.png", b"\x89PNG\r\n\x1a\n" + b"0" * 50, "не PDF и не снимок"),
        ("table.pdf", b"just text", "не PDF и не снимок"),
        ("big.pdf", PDF + b"0" * LARGEST_FILE, "больше 8 МБ"),
        ("empty.pdf", b"", "пуст"),
    ],
)
@pytest.mark.spec("REQ-02")
def test_scan_that_is_none_is_refused_and_the_rest_stays(cabinet, service, meter, name, content, words):
    page = cabinet.post(ORDER, filled(service, meter, passport=scan(name, content))).content.decode()

    assert words in page
    assert "nina@example.com" in page
    assert not OrderDraft.objects.filter(passport__isnull=False).exists()


@pytest.mark.spec("REQ-02")
def test_picture_bomb_is_refused(cabinet, service, meter):
    size = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", size)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )

    page = cabinet.post(ORDER, filled(service, meter, passport=scan("bomb.png", bomb))).content.decode()

    assert "не PDF и не снимок" in page


@pytest.mark.spec("REQ-02")
def test_strangers_meter_and_another_providers_service_cannot_be_ordered(cabinet, service, p, w):
    foreign = world.hot_water(world.household(p, "999888777"))
    theirs = PaidService.objects.create(provider=w, resource="hot_water", code="seal", name="чужая", working_days=1)

    of_meter = cabinet.post(ORDER, filled(service, foreign)).content.decode()
    of_service = cabinet.post(ORDER, filled(theirs, foreign)).content.decode()

    assert "Выберите прибор из списка" in of_meter
    assert "Выберите услугу из списка" in of_service
    assert not OrderDraft.objects.exists()


@pytest.mark.spec("REQ-02")
def test_account_taken_away_meanwhile_orders_nothing(cabinet, service, meter, nina):
    cabinet.post(ORDER, filled(service, meter))
    nina.membership_set.update(ended_at=world.NOW)

    page = cabinet.post(CHECK, {"key": "one"})

    assert page.status_code == 404
    assert not ServiceOrder.objects.exists()


def test_resource_without_services_has_no_form(cabinet):
    assert cabinet.get("/p/requests/order/heat/").status_code == 404


def test_resource_without_meters_says_what_to_do(cabinet):
    assert "Приборов учета этого ресурса нет" in cabinet.get("/p/requests/order/electricity/").content.decode()


def test_drafts_are_forgotten_with_their_scans(cabinet, service, meter):
    cabinet.post(ORDER, filled(service, meter, passport=scan()))

    assert orders.drop_old_drafts(at=world.NOW + timedelta(hours=23)) == 0
    assert orders.drop_old_drafts(at=world.NOW + timedelta(hours=25)) == 1
    assert not StoredFile.objects.exists()


@pytest.mark.spec("REQ-03")
def test_statement_with_two_files_gets_a_number(cabinet, nina):
    form = cabinet.get(STATEMENT).content.decode()
    for words in ("Тема", "Сообщение", "Как с Вами связаться", "Прикрепить файл", "Отправить"):
        assert words in form

    page = cabinet.post(STATEMENT, fields(attachments=[scan("one.pdf"), scan("two.pdf")]), follow=True).content.decode()

    ticket = Ticket.objects.get()
    assert f"Его номер: {ticket.number}" in page
    assert TicketFile.objects.filter(message__ticket=ticket).count() == 2
    assert ticket.author == nina


@pytest.mark.spec("REQ-03")
def test_conversation_of_a_statement_is_open_without_the_section_of_tickets(cabinet):
    cabinet.post(STATEMENT, fields())

    page = cabinet.get(f"/p/tickets/{Ticket.objects.get().pk}/")

    assert page.status_code == 200
    assert REQUESTS in page.content.decode()
    assert cabinet.get("/p/tickets/").status_code == 404


@pytest.mark.parametrize("path", [REQUESTS, ORDER, CHECK, STATEMENT])
def test_pages_are_closed_where_the_policy_lacks_them(visitor, w, anna, path):
    browser = world.signed_in(visitor, anna, w)

    assert browser.get(path.replace("/p/", "/w/")).status_code == 404


def test_technical_clock_stamps_no_order(cabinet, service, meter):
    cabinet.post(ORDER, filled(service, meter))

    assert OrderDraft.objects.get().kept_at == world.NOW != clock.technical_now()


@pytest.mark.parametrize(
    ("constraint", "change"),
    [("paid_service_once", {}), ("paid_service_takes_days", {"code": "other", "working_days": 0})],
)
def test_service_is_offered_once_and_takes_days(service, constraint, change):
    refused(constraint, lambda: again(service, **change))


def test_order_that_is_being_checked_is_one_order_draft_a_person(cabinet, service, meter):
    cabinet.post(ORDER, filled(service, meter))

    refused("one_order_draft_a_person", lambda: again(OrderDraft.objects.get()))
