"""The start page of the business portal: readings by contract, verification, answers (SITE-06)."""

from datetime import date, timedelta

import pytest
from django.test import Client

from kabinet.contracts.models import SupplyPoint
from kabinet.contracts.values import Role
from kabinet.providers.models import BillingPeriod
from kabinet.readings.models import Submission
from kabinet.readings.selectors.duties import REFUSED_NAMED
from kabinet.tickets.models import Ticket
from tests import world
from tests.readings.books import B_POLICY, power_meter
from tests.readings.sending import text_of
from tests.readings.test_points_views import field, press

pytestmark = [pytest.mark.usefixtures("at"), pytest.mark.spec("SITE-06")]

POLICY = B_POLICY | {"sections": ["point_readings", "contracts", "tickets"]}


@pytest.fixture
def b(db):
    return world.provider("b", policy=POLICY)


@pytest.fixture
def vera(b):
    return world.person(b, "vera@example.com")


@pytest.fixture
def deal(b, vera):
    contract = world.contract(b, number="55000000000001")
    world.link(vera, contract)
    return contract


@pytest.fixture
def as_vera(visitor, b, vera):
    return world.signed_in(visitor, vera, b)


def start(client):
    return client.get("/b/start/")


def test_readings_are_a_duty_of_each_contract(as_vera, b, vera, deal):
    other = world.contract(b, number="55000000000002")
    world.link(vera, other)
    for number in ("300111", "300222"):
        power_meter(deal, number)
    power_meter(other, "300333")

    page = start(as_vera)

    assert f"Передайте показания: {deal.customer_name}, № 55000000000001 Осталось приборов: 2 из 2." in text_of(page)
    assert f"Передайте показания: {other.customer_name}, № 55000000000002 Осталось приборов: 1 из 1." in text_of(page)
    assert "Период: октябрь 2026, приём — пока поставщик его не закрыл." in text_of(page)
    assert f'href="/b/readings/points/?contract={deal.pk}"' in page.content.decode()


def test_meter_counts_once_all_its_registers_went(as_vera, deal):
    two = power_meter(deal, "300111", registers=(("A+", "day"), ("A+", "night")))
    day, night = two.registers.order_by("tariff_number")
    one = power_meter(deal, "300222").registers.get()
    press(as_vera, "send", **{field(day): "1100", field(night): "1100"})
    first = text_of(start(as_vera))

    press(as_vera, "send", **{field(one): "1100"})
    second = text_of(start(as_vera))

    assert "Осталось приборов: 1 из 2." in first
    assert "Сейчас ничего делать не нужно Переданное можно исправить, пока поставщик не закрыл период." in second
    assert "Приборов: 2. Ждут расчёта: 2." in second


def test_meters_that_take_no_readings_are_not_asked_for(as_vera, deal):
    power_meter(deal, "300111")
    power_meter(deal, "300222", entry_status="ami")
    SupplyPoint.objects.filter(pk=power_meter(deal, "300333").point_id).update(entry_status="disconnected")

    assert "Осталось приборов: 1 из 1." in text_of(start(as_vera))


def test_refused_reading_is_named_with_its_reason_and_leads_to_its_point(as_vera, deal):
    meter = power_meter(deal, "300111")
    press(as_vera, "send", **{field(meter.registers.get()): "1100"})
    Submission.objects.update(state="refused", reason="Не сошлось со снимком")

    page = start(as_vera)

    assert "Прибор № 300111: показание не принято Не сошлось со снимком" in text_of(page)
    assert f'href="/b/readings/points/?point={meter.point_id}"' in page.content.decode()
    assert "Осталось приборов: 1 из 1." in text_of(page)


def test_of_many_refused_meters_the_first_are_named(as_vera, deal):
    meters = [power_meter(deal, f"30011{n}") for n in range(REFUSED_NAMED + 2)]
    for meter in meters:
        sent(meter.registers.get())
    Submission.objects.update(state="refused", reason="Нет снимка")

    page = start(as_vera)

    assert text_of(page).count("показание не принято") == REFUSED_NAMED
    assert "Ещё приборов с отклонёнными показаниями: 2" in text_of(page)


def sent(register, **changed):
    facts = {
        "contract": register.contract, "provider_id": register.provider_id, "register": register,
        "month": date(2026, 10, 1), "raw": "1100", "value": 1100, "taken_on": world.TODAY, "sent_at": world.NOW,
        "actor_kind": "customer", "channel": "cabinet", "key": f"key-of-{register.pk}", "state_at": world.NOW,
    }  # fmt: skip
    return Submission.objects.create(**(facts | changed))


def test_person_of_some_points_is_asked_for_these(b, deal, visitor):
    mine = power_meter(deal, "300111")
    power_meter(deal, "300222", verification_due=world.TODAY)
    boris = world.person(b, "boris@example.com")
    world.link(boris, deal, role=Role.ENERGY_ENGINEER, points=[mine.point_id])

    text = text_of(start(world.signed_in(visitor, boris, b)))

    assert "Осталось приборов: 1 из 1." in text
    assert "Поверка приборов учёта" not in text


def test_accountant_is_asked_for_no_readings(b, deal, visitor):
    power_meter(deal, "300111", verification_due=world.TODAY)
    boris = world.person(b, "boris@example.com")
    world.link(boris, deal, role=Role.ACCOUNTANT)

    text = text_of(start(world.signed_in(visitor, boris, b)))

    assert "Сейчас ничего делать не нужно Ответы на обращения появятся здесь." in text
    assert "Передайте показания" not in text
    assert "Поверка приборов учёта" not in text


@pytest.mark.spec("ROLE-02")
def test_accountant_is_told_of_acts_and_an_engineer_of_the_next_period(db):
    b = world.provider("b", policy=B_POLICY | {"sections": [*POLICY["sections"], "reconciliation_acts"]})
    deal = world.contract(b, number="55000000000001")
    told = {}
    for role in (Role.ACCOUNTANT, Role.ENERGY_ENGINEER):
        person = world.person(b, f"{role}@example.com")
        world.link(person, deal, role=role)
        told[role] = text_of(start(world.signed_in(Client(), person, b)))

    assert "Готовые акты сверки и ответы на обращения появятся здесь." in told[Role.ACCOUNTANT]
    assert "Когда начнётся новый период, мы скажем об этом здесь." in told[Role.ENERGY_ENGINEER]


@pytest.mark.spec("BILL-02")
def test_closed_period_asks_for_nothing(as_vera, b, deal):
    power_meter(deal, "300111")
    BillingPeriod.objects.create(provider=b, month=date(2026, 10, 1), state="closed")

    text = text_of(start(as_vera))

    assert "Сейчас ничего делать не нужно" in text
    assert "Период октябрь 2026 закрыт поставщиком; новые показания войдут в следующий" in text


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (-3, "Истекла: 1."),
        (0, "Истекла: 1."),
        (7, "Осталось не больше 7 дней: 1."),
        (8, "Не больше 30 дней: 1."),
        (60, "Не больше 60 дней: 1."),
    ],
)
def test_verification_is_warned_of(as_vera, deal, left, words):
    power_meter(deal, "300111", verification_due=world.TODAY + timedelta(days=left))

    page = start(as_vera)

    assert f"Поверка приборов учёта {deal.customer_name}, № 55000000000001 {words}" in text_of(page)
    assert f'href="/b/readings/verification/#contract-{deal.pk}"' in page.content.decode()


def test_verification_that_is_far_is_not_spoken_of(as_vera, deal):
    power_meter(deal, "300111", verification_due=world.TODAY + timedelta(days=61))
    power_meter(deal, "300222", verification_due=world.TODAY, entry_status="out_of_service")
    power_meter(deal, "300333", verification_due=world.TODAY, valid_to=world.TODAY)

    text = text_of(start(as_vera))

    assert "Что сделать сейчас" in text
    assert "Поверка приборов учёта" not in text


@pytest.mark.spec("TICK-01")
def test_answer_that_was_not_read_is_a_thing_to_do(as_vera, b, vera, deal):
    facts = {"year": 2026, "door": "cabinet", "subject": "Права доступа", "created_at": world.NOW}
    asked = {"provider": b, "author": vera, "contact_email": "vera@example.com", "last_message_at": world.NOW}
    ticket = Ticket.objects.create(ordinal=7, is_unread_by_author=True, **facts, **asked)
    Ticket.objects.create(ordinal=8, **facts, **asked)

    page = start(as_vera)

    assert f"Прочитайте ответ на обращение № {ticket.number} Права доступа" in text_of(page)
    assert f'href="/b/tickets/{ticket.pk}/"' in page.content.decode()
    assert text_of(page).count("Прочитайте ответ") == 1


def test_page_asks_as_often_for_many_contracts_as_for_one(as_vera, b, vera, deal, django_assert_max_num_queries):
    for number in range(5):
        own = world.contract(b)
        world.link(vera, own)
        for meter in range(3):
            power_meter(own, f"{number}{meter}", verification_due=world.TODAY)

    with django_assert_max_num_queries(14):
        assert text_of(start(as_vera)).count("Осталось приборов: 3 из 3.") == 5
