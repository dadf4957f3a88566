"""The office lets a window close later: pages say so, the next window is left alone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from kabinet.accounts.services.specialists import DutyNotGiven, NotOfTheOffice
from kabinet.accounts.values import StaffRole
from kabinet.contracts.services.access import NotSeen
from kabinet.kernel.periods import Month
from kabinet.providers.models import BillingPeriod
from kabinet.readings.models import Submission, WindowExtension
from kabinet.readings.services import extensions
from kabinet.readings.services.extensions import ExtensionRefused, Granting
from kabinet.readings.values import Extension, ExtensionProblem
from tests import world
from tests.staff import office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]

OCTOBER = Month(2026, 10)


def moment(day):
    return datetime(2026, 10, day, 8, tzinfo=ZoneInfo("UTC"))


def grant(browser, **changed):
    fields = {
        "key": "key-1",
        "number": "",
        "month": "2026-10",
        "closes": "2026-10-20",
        "reason": "order",
        "reference": "15",
    }
    return browser.post("/w/office/windows/", fields | changed)


def granting(of, row, *, contract=None, key="key-1", today=world.TODAY):
    provider = world.opened(of)
    return Granting(provider, contract, key=key, by=office.actor(row), at=world.NOW, today=today)


def send(browser, contract, value="240"):
    register = contract.registers.get()
    fields = {f"value-{register.pk}": value, f"key-{contract.pk}": "page-1", "send": str(contract.pk)}
    return browser.post("/w/readings/cold-water/", fields)


@pytest.mark.spec("STAFF-01", "READ-02")
def test_extended_window_takes_readings_and_says_so(w, anna, contract, olga, desk, at):
    world.link(anna, contract)
    customer = world.signed_in(Client(), anna, w)
    at(moment(14))
    closed = customer.get("/w/readings/cold-water/").text

    answer = grant(desk, number=contract.number)
    page = customer.get("/w/readings/cold-water/").text
    send(customer, contract)

    assert "срок продлён" not in closed
    assert answer["Location"] == "/w/office/windows/"
    assert "срок продлён" in page
    assert "20 октября 2026" in page
    assert Submission.objects.get().month == OCTOBER.first
    row = office.audited("readings.window_extended")[0]
    assert (row.reason, row.contract_id, row.actor_id) == ("order:15", contract.pk, olga.pk)
    assert row.after == {"month": "2026-10", "closes_on": "2026-10-20"}


def test_extension_for_all_holds_for_every_contract_of_this_provider(w, v, anna, contract, desk, at):
    world.link(anna, contract)
    foreign = world.contract(v)
    world.meter(foreign)
    boris = world.person(v, "boris@example.com")
    world.link(boris, foreign)
    at(moment(14))

    grant(desk)

    assert "срок продлён" in world.signed_in(Client(), anna, w).get("/w/readings/cold-water/").text
    assert "срок продлён" not in world.signed_in(Client(), boris, v).get("/v/readings/cold-water/").text


def test_extension_of_another_contract_changes_nothing(w, anna, contract, desk, at):
    world.link(anna, contract)
    other = world.contract(w)
    at(moment(14))

    grant(desk, number=other.number)

    assert "срок продлён" not in world.signed_in(Client(), anna, w).get("/w/readings/cold-water/").text


def test_extension_that_was_taken_back_closes_the_window(w, anna, contract, desk, at):
    world.link(anna, contract)
    at(moment(14))
    grant(desk, number=contract.number)

    desk.post(f"/w/office/windows/{WindowExtension.objects.get().pk}/withdraw/")

    assert "срок продлён" not in world.signed_in(Client(), anna, w).get("/w/readings/cold-water/").text
    assert len(office.audited("readings.extension_withdrawn")) == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"closes": "2026-10-07"}, "уже прошёл"),
        ({"closes": "2026-10-12"}, "и так открыт"),
        ({"closes": "2026-11-08"}, "приём за следующий месяц"),
        ({"closes": "завтра"}, "Выберите день в календаре"),
        ({"month": "2026-13"}, "Отчётный период"),
        ({"number": "НЕТ-1"}, "Договора с таким номером нет"),
        ({"reason": ""}, "Выберите причину"),
        ({"reference": "Иванов"}, "Только номер"),
    ],
)
def test_wrong_extension_says_how_to_mend_it_and_grants_nothing(contract, desk, changed, words):
    answer = grant(desk, **({"number": contract.number} | changed))

    assert answer.status_code == 200
    assert words in answer.text
    assert not WindowExtension.objects.exists()


def test_period_that_billing_closed_is_not_extended(w, contract, desk):
    BillingPeriod.objects.create(provider=w, month=OCTOBER.first, state="closed")

    answer = grant(desk, number=contract.number)

    assert "Биллинг уже закрыл" in answer.text
    assert not WindowExtension.objects.exists()


def test_second_click_grants_once(contract, desk):
    grant(desk, number=contract.number)
    grant(desk, number=contract.number)

    assert WindowExtension.objects.count() == 1
    assert "уже продлён иначе" in grant(desk, number=contract.number, closes="2026-10-25").text


def test_service_of_windows_asks_for_the_duty_itself(w, v, contract, vera):
    editor = office.specialist(w, "editor@example.com", StaffRole.EDITOR)
    wanted = Extension(OCTOBER, date(2026, 10, 20))

    with pytest.raises(DutyNotGiven):
        extensions.extend_window(wanted, granting=granting(w, editor, contract=contract))
    with pytest.raises(NotSeen):
        extensions.extend_window(wanted, granting=granting(w, vera, contract=contract))
    with pytest.raises(NotOfTheOffice):
        extensions.extend_window(wanted, granting=granting(w, vera))


def test_extension_for_all_is_granted_where_it_makes_sense_for_some(w, olga):
    world.contract(w, deadline_day=10)
    world.contract(w, deadline_day=28)
    world.contract(w, deadline_day=None)

    extensions.extend_window(Extension(OCTOBER, date(2026, 10, 20)), granting=granting(w, olga))

    with pytest.raises(ExtensionRefused) as refusal:
        extensions.extend_window(Extension(OCTOBER, date(2026, 12, 20)), granting=granting(w, olga, key="key-2"))
    assert refusal.value.problem is ExtensionProblem.NEXT_WINDOW


def test_what_is_granted_already_is_not_granted_again(w, contract, desk):
    grant(desk, key="key-1")

    same = grant(desk, key="key-2", number=contract.number)
    later = grant(desk, key="key-3", number=contract.number, closes="2026-10-25")

    assert "и так открыт" in same.text
    assert later.status_code == 302
    assert [row.contract_id for row in WindowExtension.objects.order_by("given_at", "pk")] == [None, contract.pk]
