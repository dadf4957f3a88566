"""«Сомнительные показания»: what customers confirmed against doubts comes before the office (READ-09)."""

import io

import pytest
from PIL import Image

from kabinet.accounts.values import StaffRole
from kabinet.infra.models import AuditRow, OutgoingLetter
from kabinet.readings.models import DoubtfulReading, Submission
from kabinet.readings.services.household import submit
from kabinet.readings.services.photos import taken
from kabinet.readings.services.sending import Sending
from kabinet.readings.values import Entry, Mistake
from kabinet.readings.values.household import Beside, Explanation
from kabinet.tickets.models import Ticket
from tests import world
from tests.readings import flats
from tests.staff import office

pytestmark = [pytest.mark.usefixtures("at"), pytest.mark.spec("READ-09", "STAFF-01")]

QUEUE = "/p/office/readings/"
HIGH = frozenset({Mistake.CONSUMPTION_TOO_HIGH})


@pytest.fixture
def nina(p):
    return world.person(p, "nina@example.com")


@pytest.fixture
def support(p):
    return office.specialist(p, "support@example.com", StaffRole.SUPPORT)


@pytest.fixture
def desk(support):
    return office.browser_of(support)


@pytest.fixture
def flat(p, nina):
    account = flats.account(p, nina)
    flats.hot_water(account, showed="100", months=12, number="011774")
    return account


def send(flat, nina, value, *, confirmed=HIGH, key="first", **said):
    entry = Entry(flat.registers.get().pk, value, confirmed)
    act = Sending(world.opened(flat.provider), key, world.actor(nina, flat.provider), world.NOW, world.TODAY)
    explanations = {entry.row_id: Explanation(**said)} if said else {}
    submit(flat, [entry], sending=act, beside=Beside(explanations=explanations))


def photo():
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(out, "JPEG")
    return taken(io.BytesIO(out.getvalue()), size=len(out.getvalue()))


def test_office_sees_what_was_sent_with_photo_and_words(flat, nina, desk):
    send(flat, nina, "150", comment="Гостили внуки", photo=photo())
    doubt = DoubtfulReading.objects.get()

    queue = desk.get(QUEUE).text
    page = desk.get(f"{QUEUE}{doubt.pk}/").text
    picture = desk.get(f"{QUEUE}{doubt.pk}/photo/")

    for words in ("011774", flat.number, "00100", "00150", "50", "расход намного больше обычного", "Гостили внуки"):
        assert words in queue
        assert words in page
    assert (picture["Content-Type"], picture["Cache-Control"]) == ("image/jpeg", "private, no-store")
    assert Image.open(io.BytesIO(b"".join(picture.streaming_content))).size == (64, 48)


def test_looked_at_reading_leaves_the_queue_and_is_written_down(flat, nina, desk, support):
    send(flat, nina, "150")
    doubt = DoubtfulReading.objects.get()

    desk.post(f"{QUEUE}{doubt.pk}/looked-at/")
    again = desk.post(f"{QUEUE}{doubt.pk}/looked-at/", follow=True).text

    doubt.refresh_from_db()
    assert (doubt.state, doubt.looked_by) == ("looked_at", support.pk)
    assert "Всё просмотрено" in again
    assert "Это показание уже посмотрел ваш коллега." in again
    (row,) = AuditRow.objects.filter(act="readings.doubt_settled")
    assert (row.after, row.contract_id) == ("looked_at", flat.pk)


def test_customer_is_asked_by_a_ticket_of_his_own(flat, nina, desk):
    send(flat, nina, "150")
    doubt = DoubtfulReading.objects.get()

    desk.post(f"{QUEUE}{doubt.pk}/ask/", {"text": "Пришлите фото счётчика"})

    ticket = Ticket.objects.get()
    doubt.refresh_from_db()
    assert (doubt.state, doubt.ticket) == ("asked", ticket.number)
    assert (ticket.author, ticket.door, ticket.contract, ticket.is_unread_by_author) == (nina, "office", flat, True)
    assert ticket.messages.get().text == "Пришлите фото счётчика"
    letter = OutgoingLetter.objects.get(template="tickets/asked")
    assert (letter.to, ticket.number in letter.text) == ("nina@example.com", True)


def test_empty_question_is_not_asked(flat, nina, desk):
    send(flat, nina, "150")
    doubt = DoubtfulReading.objects.get()

    page = desk.post(f"{QUEUE}{doubt.pk}/ask/", {"text": ""}).text

    assert "Напишите вопрос." in page
    assert not Ticket.objects.exists()


def test_who_left_no_address_cannot_be_asked(flat, nina, desk):
    send(flat, nina, "150")
    nina.email_confirmed_at = None
    nina.save()
    doubt = DoubtfulReading.objects.get()

    page = desk.post(f"{QUEUE}{doubt.pk}/ask/", {"text": "Пришлите фото"}).text

    assert "У отправителя нет подтверждённой почты" in page
    assert not Ticket.objects.exists()
    doubt.refresh_from_db()
    assert doubt.state == "new"


def test_corrected_reading_waits_no_more(flat, nina, desk):
    send(flat, nina, "150")
    send(flat, nina, "105", confirmed=frozenset(), key="second")

    assert "Всё просмотрено" in desk.get(QUEUE).text
    assert Submission.objects.filter(state="sent").count() == 1


def test_desk_tells_how_many_wait(flat, nina, desk):
    send(flat, nina, "150")

    assert "Необычных, но подтверждённых клиентом: 1." in desk.get("/p/office/").text


def test_editor_and_another_office_see_nothing_of_it(flat, nina, p, v):
    send(flat, nina, "150")
    doubt = DoubtfulReading.objects.get()
    editor = office.browser_of(office.specialist(p, "editor@example.com", StaffRole.EDITOR))
    stranger = office.browser_of(office.specialist(v, "vera@example.com"))

    assert editor.get(QUEUE).status_code == 403
    assert editor.get(f"{QUEUE}{doubt.pk}/photo/").status_code == 403
    assert stranger.get(f"/v/office/readings/{doubt.pk}/").status_code == 404
    assert stranger.get(f"/v/office/readings/{doubt.pk}/photo/").status_code == 404
    assert stranger.post(f"/v/office/readings/{doubt.pk}/looked-at/").status_code == 404
