"""Every page of the office: who comes in, who is told whom to ask, to whom it does not exist (TRUST, matrix)."""

import re
import uuid
from pathlib import Path

import pytest
import yaml
from django.test import Client
from django.urls import get_resolver, reverse

from kabinet.accounts.values import StaffAction, StaffRole
from kabinet.help.models import Branch
from kabinet.help.services import publish_entry
from kabinet.help.values import EntryText
from kabinet.infra.models import Event, ParkedEvent
from kabinet.providers.models import CalendarDay
from kabinet.readings.models import DoubtfulReading, Submission, WindowExtension
from kabinet.staff import urls
from kabinet.tariffs.models import PriceList
from kabinet.tickets import services as tickets
from kabinet.tickets.models import Ticket
from kabinet.tickets.values import Contact, Question
from tests import world
from tests.staff import office

pytestmark = pytest.mark.django_db

MATRIX = {
    row["route"].removeprefix("staff:"): set(row["allow"])
    for row in yaml.safe_load((Path(__file__).parents[2] / "authz.yml").read_text(encoding="utf-8"))
    if row["route"].startswith("staff:")
}
ROUTES = {str(pattern.name): pattern for pattern in urls.urlpatterns}
POSTED = {
    "sign_out", "take_ticket", "answer_ticket", "note_ticket", "close_ticket", "withdraw_window", "withdraw_answer",
    "forget_day", "retry_failure", "grant_access", "refuse_access",
    "look_at_doubt", "ask_about_doubt", "take_price_list",
}  # fmt: skip
# The things here have none.
WITHOUT_A_FILE = {"ticket_file", "doubt_photo", "price_list_file"}
ENTRANCE = {"sign_in", "sign_out", "factor", "set_factor"}
INNER = sorted(set(ROUTES) - ENTRANCE)
# A reference is named by its kind, and every office has all kinds.
OF_AN_OBJECT = sorted(name for name, pattern in ROUTES.items() if pattern.pattern.converters.keys() - {"kind"})
# The page's own address and the secret of its forms differ from one page to the next.
CHANGING = re.compile(r'[0-9a-f]{8}-[0-9a-f-]{27}|csrfmiddlewaretoken" value="[^"]*"')
IN_MATRIX = {StaffRole.ADMINISTRATOR: "office_administrator"}


def objects_of(provider, user, specialist):
    """Make one of each thing that an address of the office names."""
    by = office.actor(specialist)
    contract = world.contract(provider)
    asked = tickets.ask(
        Question("Вопрос", "Текст", Contact(email="asker@example.com")),
        provider=provider,
        key=f"key-{provider.pk}",
        address="203.0.113.9",
        language="ru",
        by=world.actor(user, provider),
        at=world.NOW,
        today=world.TODAY,
    )
    entry = publish_entry(EntryText("Группа", "Вопрос?", "Ответ."), provider=provider, by=by, at=world.NOW)
    extension = WindowExtension.objects.create(
        provider=provider, month="2026-10-01", closes_on="2026-10-20", given_by=by.id, given_at=world.NOW
    )
    event = Event.objects.create(provider_id=provider.pk, kind="readings.sent", payload={}, at=world.NOW, seq=None)
    parked = ParkedEvent.objects.create(
        handler="x.y", event=event, lane="x", seq=1, error="ValueError", retry_at=world.NOW
    )
    register = world.register_of(world.meter(contract))
    sent = Submission.objects.create(
        contract=contract, provider_id=provider.pk, register=register, month="2026-10-01", raw="900", value=900,
        taken_on=world.TODAY, sent_at=world.NOW, actor_kind="customer", actor_id=user.pk, channel="web", key="doubted",
        state_at=world.NOW,
    )  # fmt: skip
    doubt = DoubtfulReading.objects.create(
        contract=contract, register=register, submission_id=sent.id, month="2026-10-01", codes=[],
        made_at=world.NOW, state_at=world.NOW,
    )  # fmt: skip
    prices = PriceList.objects.create(provider=provider, name="prices.xlsx", rows=[], given_at=world.NOW)
    return {
        "doubt_id": doubt.pk,
        "list_id": prices.pk,
        "contract_id": contract.pk,
        "user_id": user.pk,
        "ticket_id": Ticket.objects.get(pk=asked.ticket_id).pk,
        "file_id": uuid.uuid4(),
        "extension_id": extension.pk,
        "entry_id": entry.pk,
        "day_id": CalendarDay.objects.create(provider=provider, day="2026-12-31", is_working=False).pk,
        "parked_id": parked.pk,
        "branch_id": Branch.objects.create(provider=provider, name="Северное").pk,
        "kind": "prices",
    }


def address(name, things, *, slug="w"):
    wanted = ROUTES[name].pattern.converters
    return f"/{slug}{reverse(f'staff:{name}', kwargs={key: things[key] for key in wanted})}"


def call(browser, name, things, *, slug="w"):
    do = browser.post if name in POSTED else browser.get
    return do(address(name, things, slug=slug))


def test_matrix_has_a_row_for_every_page_and_no_other():
    assert set(MATRIX) == set(ROUTES)


def test_every_inner_page_asks_for_a_duty_or_is_the_specialists_own():
    without = {name for name in INNER if not getattr(ROUTES[name].callback, "office_duty", None)}

    assert without == {"desk", "password", "spare_codes"}
    assert "staff" in get_resolver().app_dict


def test_nobody_gets_in_without_signing_in(w, anna, olga):
    things = objects_of(w, anna, olga)
    customer = world.signed_in(Client(), anna, w)

    for browser in (Client(), customer):
        for name in INNER:
            answer = call(browser, name, things)
            assert (answer.status_code, answer["Location"]) == (302, "/w/office/sign-in/"), name


def test_nothing_opens_before_the_second_factor(w, anna, olga):
    browser = office.browser_of(olga, is_open=False)
    things = objects_of(w, anna, olga)

    for name in INNER:
        answer = call(browser, name, things)
        assert (answer.status_code, answer["Location"]) == (302, "/w/office/second-factor/"), name


@pytest.mark.parametrize("name", ["factor", "set_factor"])
def test_pages_of_the_second_factor_are_closed_afterwards(olga, desk, name):
    answer = desk.get(address(name, {}))

    assert (answer.status_code, answer["Location"]) == (302, "/w/office/")


@pytest.mark.spec("STAFF-01")
@pytest.mark.parametrize("role", StaffRole)
def test_role_opens_what_the_matrix_says_and_no_more(w, anna, olga, role):
    things = objects_of(w, anna, olga)
    browser = office.browser_of(office.specialist(w, "role@example.com", role))
    own = {"staff", IN_MATRIX.get(role, role.value)}

    for name in INNER:
        answer = call(browser, name, things)
        is_refused = answer.status_code == 403
        text = answer.text if answer.headers.get("Content-Type", "").startswith("text/html") else ""
        assert is_refused != bool(MATRIX[name] & own), name
        assert is_refused == ("попросите его" in text and "«Администратор кабинета»" in text), name
        assert is_refused or answer.status_code in {200, 302} or name in WITHOUT_A_FILE, name


def test_what_is_of_another_provider_looks_like_what_is_not(w, v, anna, olga, vera):
    foreign = objects_of(w, anna, olga)
    missing = {key: uuid.uuid4() for key in foreign}
    browser = office.browser_of(vera)

    for name in OF_AN_OBJECT:
        texts = []
        for things in (foreign, missing):
            answer = call(browser, name, things, slug="v")
            assert answer.status_code == 404, name
            texts.append(CHANGING.sub("", answer.text))
        assert texts[0] == texts[1], name


def test_what_changes_something_takes_no_get(w, anna, olga, desk):
    things = objects_of(w, anna, olga)

    assert {desk.get(address(name, things)).status_code for name in POSTED} == {405}


@pytest.mark.parametrize("action", StaffAction)
def test_every_duty_has_a_page(action):
    assert action in {getattr(pattern.callback, "office_duty", None) for pattern in urls.urlpatterns}


def test_menu_shows_own_duties_alone(w):
    browser = office.browser_of(office.specialist(w, "editor@example.com", StaffRole.EDITOR))

    page = browser.get("/w/office/").text

    assert "Вопросы и ответы" in page
    assert not any(label in page for label in ("Обратная связь", "Люди и договоры", "Журнал действий", "Исключения"))
