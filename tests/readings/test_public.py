"""Readings sent without signing in, by account and meter (READ-18)."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from kabinet.infra import clock
from kabinet.infra.models import LimitCounter, OutgoingLetter
from kabinet.kernel.periods import Month
from kabinet.kernel.work import find_proof
from kabinet.providers.models import BillingPeriod
from kabinet.readings.models import DoubtfulReading, Submission
from kabinet.readings.rules.public import is_for_everybody
from kabinet.readings.services import public as services
from kabinet.tariffs.models import Tariff
from tests import world

pytestmark = pytest.mark.spec("READ-18")

PAGE, SENT = "/p/readings/without-sign-in/", "/p/readings/without-sign-in/sent/"
TODAY = datetime(2026, 10, 20, 8, tzinfo=UTC)
NOT_FOUND = "Счёт с таким номером не найден, либо счётчик не от него."


@pytest.fixture(autouse=True)
def _day(at, p):
    at(TODAY)
    BillingPeriod.objects.create(provider=p, month=date(2026, 10, 1), state="open")


@pytest.fixture
def account(p):
    row = world.household(p)
    world.electricity(row, "04580", number="11228081")
    world.hot_water(row, showed="00036", number="№011774")
    return row


def browser(address="203.0.113.7"):
    return Client(REMOTE_ADDR=address)


def answered(page):
    """Do the work that the page asks for, as its script does."""
    challenge = re.search(r'data-proof="([^"]+)" data-bits="(\d+)"', page)
    return {"challenge": challenge[1], "proof": find_proof(challenge[1], bits=int(challenge[2]))}


def look(by, account="111222333", meter="11774", **changed):
    proof = answered(by.get(PAGE).content.decode())
    return by.post(PAGE, {"account": account, "meter": meter} | proof | changed)


def opened(by, **named):
    answer = look(by, **named)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def registers(account):
    found = {register.meter.resource: register for register in account.registers.select_related("meter")}
    return found["electricity"], found["hot_water"]


def typed(account, electricity="04680", water="00042"):
    light, hot = registers(account)
    values = {f"value-{light.pk}": electricity, f"value-{hot.pk}": water}
    return {"key": "one-key"} | {name: value for name, value in values.items() if value}


def page_of(answer):
    return answer.content.decode()


@pytest.mark.parametrize(
    ("resources", "is_open"),
    [
        (["electricity"], True),
        (["electricity", "hot_water"], True),
        (["electricity", "electricity"], False),
        (["electricity", "hot_water", "hot_water"], False),
        ([], False),
    ],
)
def test_accounts_of_one_meter_a_resource_are_open(resources, is_open):
    assert is_for_everybody(resources) is is_open


def test_readings_go_through_form_and_check_to_billing(account):
    visitor = browser()
    meters = opened(visitor)
    form = page_of(visitor.get(meters))
    assert "11228081" in form
    assert "№011774" in page_of(visitor.post(meters, {"tab": "hot_water"}))

    check = page_of(visitor.post(meters, typed(account) | {"check": "1"}))
    for words in ("Пожалуйста, проверьте правильность данных перед отправкой.", "№ счетчика", "Предыдущие показания",
                  "Текущие показания", "Расход", "04580", "04680", "100", "Редактировать", "Отправить"):  # fmt: skip
        assert words in check
    answer = visitor.post(meters, typed(account) | {"send": "1", "email": "neighbour@example.com"})

    assert answer["Location"] == SENT
    assert "Показания вашего счетчика были успешно отправлены." in page_of(visitor.get(SENT))
    light, _hot = registers(account)
    sent = Submission.objects.get(register=light)
    assert (sent.value, sent.month, sent.actor_kind, sent.actor_id, sent.channel) == (
        4680, date(2026, 10, 1), "anonymous", None, "public",
    )  # fmt: skip
    assert OutgoingLetter.objects.get().to == "neighbour@example.com"


def test_check_tells_the_sum_and_nothing_of_how_much_is_usual(p, account):
    """A year of 50 kWh a month is known; 100 at 2.43 were typed."""
    since = {"valid_from": date(2026, 1, 1)}
    Tariff.objects.create(provider=p, resource="electricity", unit="kwh", price=Decimal("2.43"), **since)
    light, _hot = registers(account)
    for back in range(1, 12):
        month = Month(2026, 9).plus(-back)
        world.accepted(light, str(4580 - back * 50), month=str(month), taken_on=month.day(20))
    visitor = browser()
    meters = opened(visitor)

    form = page_of(visitor.get(meters))
    check = page_of(visitor.post(meters, typed(account, water="") | {"check": "1"}))

    assert "243,00" in check
    assert "больше обычного" not in check
    assert not any(words in form for words in ("обычен", 'data-usual="150"'))


def test_nothing_of_a_person_is_shown(account):
    visitor = browser()
    meters = opened(visitor)
    pages = [
        page_of(visitor.get(meters)),
        page_of(visitor.post(meters, typed(account) | {"check": "1"})),
        page_of(visitor.get(SENT)),
    ]

    for words in ("Иванова", "Наталья", "Южное шоссе", "кв. 52", account.phone or "+7831"):
        assert not any(words in page for page in pages)


@pytest.mark.parametrize("wrong", [{"account": "111222334"}, {"meter": "11775"}, {"account": "1", "meter": "1"}])
def test_unknown_account_and_wrong_meter_get_one_answer(account, wrong):
    page = page_of(look(browser(), **wrong))

    assert NOT_FOUND in page


def test_organisations_contract_is_not_found(p, account):
    row = world.contract(p, number="555666777", kind="business")
    world.meter(row, number="42")

    assert NOT_FOUND in page_of(look(browser(), account="555666777", meter="42"))


def test_account_with_two_meters_of_a_resource_is_led_to_both_other_ways(account):
    world.hot_water(account, place="Кухня", number="777")

    page = page_of(look(browser()))

    assert "Установлено несколько счётчиков по одному ресурсу" in page
    assert 'href="/p/sign-in/"' in page
    assert 'href="/p/feedback/"' in page


def test_without_work_nothing_is_looked_for(account, monkeypatch):
    monkeypatch.setattr(services, "find", lambda *a, **k: pytest.fail("was looked for"))

    page = page_of(browser().post(PAGE, {"account": "111222333", "meter": "11774"}))

    assert "Не удалось проверить, что вы не робот." in page
    assert 'value="111222333"' in page


def test_each_try_asks_for_its_own_work(account):
    visitor = browser()
    proof = answered(page_of(visitor.get(PAGE)))
    visitor.post(PAGE, {"account": "1", "meter": "1"} | proof)

    page = page_of(visitor.post(PAGE, {"account": "111222333", "meter": "11774"} | proof))

    assert "Не удалось проверить, что вы не робот." in page


def test_mistyped_form_does_not_use_the_work_up(account):
    visitor = browser()
    proof = answered(page_of(visitor.get(PAGE)))
    visitor.post(PAGE, {"account": "12а", "meter": "11774"} | proof)

    assert visitor.post(PAGE, {"account": "111222333", "meter": "11774"} | proof).status_code == 302


def test_without_scripts_a_code_by_letter_opens(account):
    visitor, named = browser(), {"account": "111222333", "meter": "11774"}
    page = page_of(visitor.post(PAGE, named | {"email": "a@example.com", "ask_code": "1"}))
    seal = re.search(r'name="seal" value="([^"]+)"', page)[1]
    letter = OutgoingLetter.objects.get()
    code = re.search(r"^(\d{6})$", letter.text, re.MULTILINE)[1]
    assert letter.to == "a@example.com"
    assert 'value="111222333"' in page

    wrong = page_of(visitor.post(PAGE, named | {"seal": seal, "code": "000000"}))
    answer = visitor.post(PAGE, named | {"seal": seal, "code": code})

    assert "Код не подошёл." in wrong
    assert answer.status_code == 302


def test_code_letter_is_the_same_for_every_account(account):
    pages = set()
    for number in ("111222333", "999888777"):
        LimitCounter.objects.update(window_ends_at=clock.technical_now() - timedelta(seconds=1))
        answer = browser().post(PAGE, {"account": number, "meter": "1", "email": "a@example.com", "ask_code": "1"})
        pages.add((answer.status_code, "Код отправлен" in page_of(answer)))

    assert pages == {(200, True)}


def test_same_key_sends_once(account):
    visitor = browser()
    meters = opened(visitor)

    answers = [visitor.post(meters, typed(account) | {"send": "1"}) for _ in range(3)]

    assert {answer["Location"] for answer in answers} == {SENT}
    assert Submission.objects.count() == 2


def test_outside_of_the_range_the_page_says_for_which_period(account, at):
    at(datetime(2026, 10, 28, 8, tzinfo=UTC))
    visitor = browser()

    page = page_of(visitor.get(opened(visitor)))

    assert "войдёт в следующий период — ноябрь 2026" in page


def test_doubtful_reading_is_asked_about_and_goes_with_its_confirmation(account):
    light, _hot = registers(account)
    visitor = browser()
    meters = opened(visitor)
    values = typed(account, electricity="99000", water="")

    check = page_of(visitor.post(meters, values | {"check": "1"}))
    assert "Да, на счётчике именно так. Передать." in check
    assert 'type="file"' not in check
    assert not Submission.objects.exists()
    codes = re.findall(rf'name="confirm-{light.pk}" value="([^"]+)"', check)
    answer = visitor.post(meters, values | {"send": "1", f"confirm-{light.pk}": codes, f"comment-{light.pk}": "Ремонт"})

    assert answer["Location"] == SENT
    assert DoubtfulReading.objects.get().comment == "Ремонт"


def test_registers_of_another_account_are_not_taken(p, account):
    other = world.household(p, "444555666")
    stranger = world.electricity(other, "00100", number="5").registers.get()
    visitor = browser()
    meters = opened(visitor)

    visitor.post(meters, {"key": "k", f"value-{stranger.pk}": "00200", "send": "1"})

    assert not Submission.objects.exists()


def test_pass_of_another_provider_or_a_late_one_opens_nothing(account, monkeypatch):
    visitor = browser()
    meters = opened(visitor)
    assert browser().get("/p/readings/without-sign-in/no-pass/").status_code == 404

    later = clock.technical_now() + timedelta(hours=1, seconds=1)
    monkeypatch.setattr(clock, "technical_now", lambda: later)

    assert visitor.get(meters).status_code == 404


def test_who_is_signed_in_has_the_page_of_the_cabinet(p, account):
    user = world.person(p, "natalya@example.com")

    answer = world.signed_in(Client(), user, p).get(PAGE)

    assert answer["Location"] == "/p/readings/household/"


def test_wrong_tries_of_an_address_are_refused_with_the_time(account, monkeypatch):
    monkeypatch.setattr("kabinet.infra.proofs.is_worked", lambda *a, **k: True)
    for number in range(20):
        browser().post(PAGE, {"account": str(100 + number), "meter": "1"})

    answer = browser().post(PAGE, {"account": "111222333", "meter": "11774"})

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_account_that_is_tried_too_often_is_slowed_down_and_still_opens(account, monkeypatch):
    slept = []
    monkeypatch.setattr("kabinet.accounts.services.tries.time.sleep", slept.append)
    monkeypatch.setattr("kabinet.infra.proofs.is_worked", lambda *a, **k: True)
    for place in range(10):
        browser(f"198.51.100.{place}").post(PAGE, {"account": "111222333", "meter": "1"})
    assert slept == []

    answer = browser().post(PAGE, {"account": "111222333", "meter": "11774"})

    assert answer.status_code == 302
    assert slept == [2]


def test_front_page_leads_here(p):
    front = page_of(browser().get("/p/"))

    assert f'href="{PAGE}"' in front
    assert "Вход в ваш кабинет" in front


def test_page_is_there_for_its_section_alone(w):
    for path in ("", "sent/", "pass/"):
        assert browser().get(f"/w/readings/without-sign-in/{path}").status_code == 404
