"""A virus in a file of a ticket or an order: refused, its bytes gone, the giver told, the office sees it (TRUST 7)."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kabinet.accounts.models import Enrollment
from kabinet.contracts.models import Membership
from kabinet.infra import events, relay, tasks
from kabinet.infra.models import OutgoingLetter, StoredFile
from kabinet.tickets.models import OrderDraft, ServiceOrder, Ticket, TicketFile
from kabinet.tickets.services import orders
from kabinet.tickets.services.asking import GivenFile
from kabinet.tickets.values import ServiceText
from tests import antivirus, world
from tests.staff import office
from tests.tickets.asking import ask, specialist

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.spec("REQ-02", "REQ-03")]

PDF = b"%PDF-1.7\n" + b"0" * 100
ORDER = "/p/requests/order/hot_water/"
CHECK = "/p/requests/check/"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": settings.STORAGES["default"] | {"OPTIONS": {"location": tmp_path}}
    }
    events.discover()


@pytest.fixture
def virus_scanner(settings):
    with antivirus.daemon() as server:
        settings.CLAMD = server.address
        yield server


@pytest.fixture
def nina(p):
    person = world.person(p, "nina@example.com")
    world.link(person, world.hot_water(world.household(p)).contract)
    return person


@pytest.fixture
def cabinet(visitor, p, nina):
    return world.signed_in(visitor, nina, p)


@pytest.fixture
def clerk(p):
    return office.browser_of(office.specialist(p, "olga@example.com"))


def given(p, nina, content):
    ask(p, by=world.actor(nina, p), files=[GivenFile("Скан.pdf", BytesIO(content))])
    return TicketFile.objects.get()


def verdict():
    for stored in StoredFile.objects.all():
        tasks.scan_file(stored=str(stored.pk))
    relay.turn()
    relay.turn()


def test_file_that_is_searched_is_its_givers_alone(virus_scanner, p, nina, cabinet, clerk):
    file = given(p, nina, PDF)
    own, theirs = f"/p/tickets/files/{file.pk}/", f"/p/office/ticket-files/{file.pk}/"
    page = f"/p/office/tickets/{file.message.ticket_id}/"

    assert "на проверке" in cabinet.get(f"/p/tickets/{file.message.ticket_id}/").text
    assert "на проверке" in clerk.get(page).text
    assert theirs not in clerk.get(page).text
    assert (cabinet.get(own).status_code, clerk.get(theirs).status_code) == (200, 404)

    verdict()

    assert "на проверке" not in clerk.get(page).text
    assert clerk.get(theirs).status_code == 200
    assert not OutgoingLetter.objects.filter(template="tickets/infected").exists()


def test_infected_file_is_nobodys_and_its_giver_is_told(virus_scanner, p, nina, cabinet, clerk):
    file = given(p, nina, PDF + antivirus.EICAR)
    ticket = file.message.ticket

    verdict()

    letter = OutgoingLetter.objects.get(template="tickets/infected")
    ticket.refresh_from_db()
    assert (letter.to, "Скан.pdf" in letter.text, ticket.number in letter.text) == ("nina@example.com", True, True)
    assert Enrollment.objects.get(user=nina).unread_tickets == 1
    assert ticket.is_unread_by_author
    for browser, page, address in (
        (cabinet, f"/p/tickets/{ticket.pk}/", f"/p/tickets/files/{file.pk}/"),
        (clerk, f"/p/office/tickets/{ticket.pk}/", f"/p/office/ticket-files/{file.pk}/"),
    ):
        shown = browser.get(page).text
        assert "удалён: найден вирус" in shown
        assert "В файле «Скан.pdf» найден вирус." in shown
        assert address not in shown
        assert browser.get(address).status_code == 404


@pytest.mark.spec("STAFF-01")
def test_file_of_the_office_reaches_the_author_once_it_is_clean(virus_scanner, p, nina, cabinet, clerk):
    file = answered(p, nina, clerk, PDF)
    own, page = f"/p/tickets/files/{file.pk}/", f"/p/tickets/{file.message.ticket_id}/"

    assert "на проверке" in cabinet.get(page).text
    assert (own in cabinet.get(page).text, cabinet.get(own).status_code) == (False, 404)

    verdict()

    assert own in cabinet.get(page).text
    assert cabinet.get(own).status_code == 200


@pytest.mark.spec("STAFF-01")
def test_infected_file_of_the_office_is_told_to_the_office_alone(virus_scanner, p, nina, cabinet, clerk):
    file = answered(p, nina, clerk, PDF + antivirus.EICAR)
    told = "приложенном к ответу, найден вирус"

    verdict()

    assert told in clerk.get(f"/p/office/tickets/{file.message.ticket_id}/").text
    shown = cabinet.get(f"/p/tickets/{file.message.ticket_id}/").text
    assert (told in shown, "удалён: найден вирус" in shown) == (False, True)
    assert not OutgoingLetter.objects.filter(template="tickets/infected").exists()


def answered(p, nina, clerk, content):
    ask(p, by=world.actor(nina, p))
    scan = SimpleUploadedFile("Акт.pdf", content)
    page = f"/p/office/tickets/{Ticket.objects.get().pk}/answer/"
    clerk.post(page, {"key": "a1", "text": "Акт приложен.", "attachments": [scan]})
    return TicketFile.objects.get()


def test_where_nobody_searches_a_file_has_no_state(p, nina, cabinet, clerk):
    file = given(p, nina, PDF)

    assert "на проверке" not in cabinet.get(f"/p/tickets/{file.message.ticket_id}/").text
    assert clerk.get(f"/p/office/ticket-files/{file.pk}/").status_code == 200


def test_order_with_an_infected_scan_does_not_go(virus_scanner, p, cabinet, nina):
    service = orders.publish_service(ServiceText("hot_water", "seal", "опломбировка", 5), provider=p, by=specialist(p))
    meter = Membership.objects.get(user=nina).contract.meters.get()
    facts = {"service": str(service.pk), "meter": str(meter.pk), "name": "Нина", "email": "nina@example.com"}
    scan = SimpleUploadedFile("pasport.pdf", PDF + antivirus.EICAR)
    kept = cabinet.post(ORDER, facts | {"passport": scan}, follow=True)
    assert "на проверке" in kept.text

    verdict()
    refused = cabinet.post(CHECK, {"key": "k1"}, follow=True)

    assert "Заявка не отправлена: в приложенном файле найден вирус" in refused.text
    assert "В файле «pasport.pdf» найден вирус" in refused.text
    assert OutgoingLetter.objects.get(template="tickets/infected").to == "nina@example.com"
    assert not Ticket.objects.exists()
    cabinet.post(ORDER, facts)
    assert OrderDraft.objects.get().passport is None
    cabinet.post(CHECK, {"key": "k2"})
    assert ServiceOrder.objects.count() == 1
