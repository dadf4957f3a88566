"""The start page of a household, and the letters that lead to its page (SITE-06, NOTE-04)."""

from datetime import date, timedelta

import pytest

from kabinet.infra.models import OutgoingLetter
from kabinet.readings.models import Submission
from kabinet.readings.services import reminders
from tests import world
from tests.billing import money
from tests.readings import flats
from tests.readings.sending import text_of

pytestmark = [pytest.mark.usefixtures("at"), pytest.mark.spec("SITE-06")]

IN_WINDOW = world.NOW + (date(2026, 10, 20) - world.TODAY)


@pytest.fixture
def nina(p):
    return world.person(p, "nina@example.com")


@pytest.fixture
def flat(p, nina):
    account = flats.account(p, nina)
    flats.power(account, showed=("212", "220"))
    flats.hot_water(account)
    return account


@pytest.fixture
def visitor(client, nina, p):
    return world.signed_in(client, nina, p)


def start(visitor):
    return visitor.get("/p/start/")


def test_in_the_window_it_says_how_many_meters_are_left(visitor, flat, at):
    at(IN_WINDOW)

    page = start(visitor)

    assert f"Передайте показания счетчика: {flat.number}" in text_of(page)
    assert "Осталось счётчиков: 2 из 2. Приём до 25 октября 2026 включительно." in text_of(page)
    assert flats.url_of(flat) in page.content.decode()


def test_what_is_owed_is_told_with_its_day_and_leads_to_the_slip(visitor, flat):
    money.balance(flat, month="2026-08", charged="900", paid="0")
    money.balance(flat, opening="900", charged="712.18", paid="900")
    money.balance(flat, resource="hot_water", charged="300.24")
    money.payment(flat, "12.42", month="2026-10")

    page = start(visitor)

    assert f"К оплате 1 000,00 ₽: {flat.number} Квитанция за сентябрь 2026. Оплатить до 15 октября 2026." in text_of(
        page
    ).replace("\N{NO-BREAK SPACE}", " ")
    assert f"/p/slip/?contract={flat.pk}&amp;month=2026-09" in page.content.decode()


def test_day_of_paying_that_has_passed_is_told_so(visitor, flat, at):
    money.balance(flat, charged="712.18")
    at(IN_WINDOW)

    assert "Срок оплаты был 15 октября 2026." in text_of(start(visitor))


@pytest.mark.parametrize("paid", ["712.18", "800"])
def test_who_owes_nothing_is_not_asked_to_pay(visitor, flat, paid):
    money.balance(flat, charged="712.18")
    money.payment(flat, paid, month="2026-10")

    assert "К оплате" not in text_of(start(visitor))


def test_before_the_window_nothing_presses(visitor, flat):
    words = text_of(start(visitor))

    assert "Сейчас ничего делать не нужно" in words
    assert "Показания ждут с 15 октября 2026 по 25 октября 2026; передать можно и раньше" in words


def test_meter_is_done_when_all_its_zones_are_sent(visitor, flat, at):
    at(IN_WINDOW)
    power = flat.meters.get(resource="electricity")
    seen = flats.press(visitor, flat, flats.values_of(power, "256", "246"), "check")
    flats.press(visitor, flat, {}, "send", before=seen)

    assert "Осталось счётчиков: 1 из 2." in text_of(start(visitor))


def test_what_waits_and_what_was_refused_is_told(visitor, flat, at):
    at(IN_WINDOW)
    water = flat.meters.get(resource="hot_water")
    seen = flats.press(visitor, flat, flats.values_of(water, "42"), "check")
    flats.press(visitor, flat, {}, "send", before=seen)
    Submission.objects.update(state="refused", reason="Не сошлось со снимком")

    words = text_of(start(visitor))

    assert f"Прибор № {water.number}: показание не принято" in words
    assert "Не сошлось со снимком" in words


@pytest.mark.spec("NOTE-04")
def test_letter_leads_to_the_page_of_the_flat(p, flat):
    at = IN_WINDOW.replace(hour=9)

    reminders.remind(world.opened(p), at=at)
    reminders.remind(world.opened(p), at=at + timedelta(days=5))

    opened, closing = OutgoingLetter.objects.filter(template="readings/time_to_send").order_by("made_at")
    assert "/p/readings/household/" in opened.text
    assert "Осталось передать показаний счётчиков: 3." in opened.text
    assert "по 25 октября 2026 включительно" in opened.text
    assert "срок заканчивается" in closing.subject
