"""A month that billing closes before the last day of the window takes nothing more (READ-02, BILL-02)."""

from datetime import UTC, date, datetime

import pytest

from kabinet.infra.models import OutgoingLetter
from kabinet.providers.models import BillingPeriod
from kabinet.readings.models import Submission
from tests import world
from tests.readings import flats
from tests.readings.sending import text_of
from tests.readings.test_public import browser, opened

pytestmark = [pytest.mark.django_db, pytest.mark.spec("READ-02", "BILL-02")]

NINA = "nina@example.com"
IN_THE_WINDOW = datetime(2026, 10, 20, 8, tzinfo=UTC)
SAID = "Поставщик уже закончил расчёт прошлого периода. Введённое сейчас войдёт в следующий — ноябрь 2026"


@pytest.fixture(autouse=True)
def _closed(at, p):
    at(IN_THE_WINDOW)
    BillingPeriod.objects.create(provider=p, month=date(2026, 10, 1), state="closed")


@pytest.fixture
def nina(p):
    return world.person(p, NINA)


@pytest.fixture
def visitor(client, nina, p):
    return world.signed_in(client, nina, p)


def test_readings_of_a_flat_count_for_the_next_month_and_the_page_says_so(visitor, flat):
    meter = flats.power(flat)

    page = text_of(visitor.get(flats.url_of(flat)))
    seen = flats.press(visitor, flat, flats.values_of(meter, "4680"), "check")
    flats.press(visitor, flat, {"email": NINA}, "send", before=seen)

    assert SAID in page
    assert str(Submission.objects.get().month) == "2026-11-01"
    assert "ноябрь 2026" in OutgoingLetter.objects.get().text


def test_start_page_asks_for_nothing_of_a_closed_month(visitor, flat):
    flats.power(flat)

    assert "Показания ждут с 15 ноября" in text_of(visitor.get("/p/start/"))


@pytest.mark.spec("READ-18")
def test_who_sends_without_signing_in_is_told_the_same(p):
    account = world.household(p)
    world.electricity(account, "04580", number="11228081")
    by = browser()

    assert SAID in text_of(by.get(opened(by, meter="11228081")))


def test_month_that_is_open_is_not_passed_over(visitor, flat, p):
    flats.power(flat)
    BillingPeriod.objects.filter(provider=p).update(state="open")

    page = text_of(visitor.get(flats.url_of(flat)))

    assert "Показания за период «октябрь 2026» ждут с" in page
    assert SAID not in page
