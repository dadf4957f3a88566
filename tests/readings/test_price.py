"""What readings cost, said while they are typed and on the check screen."""

from datetime import date
from decimal import Decimal

import pytest

from kabinet.readings.models import Submission
from kabinet.tariffs.models import Norm, Tariff
from tests import world
from tests.readings import flats
from tests.readings.sending import text_of

pytestmark = [pytest.mark.usefixtures("at"), pytest.mark.spec("READ-08", "CALC-01")]

SINCE = {"valid_from": date(2026, 1, 1)}


@pytest.fixture
def visitor(client, nina, p):
    return world.signed_in(client, nina, p)


@pytest.fixture
def prices(p):
    """The prices of DOMAIN §2.2 and §3: 2.80 by day and 1.54 at night; hot water of two parts."""
    for zone, price in (("day", "2.80"), ("night", "1.54")):
        Tariff.objects.create(
            provider=p, resource="electricity", unit="kwh", zones=2, zone=zone, price=Decimal(price), **SINCE
        )
    Tariff.objects.create(provider=p, resource="hot_water", unit="m3", price=Decimal("39.52"), **SINCE)
    Tariff.objects.create(provider=p, resource="hot_water", unit="gcal", price=Decimal("2418.64"), **SINCE)
    Norm.objects.create(provider=p, resource="hot_water", kind="water_heating", value=Decimal("0.0591"), **SINCE)


def priced(visitor, flat, fields):
    return text_of(visitor.post(flats.url_of(flat) + "price/", fields)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.usefixtures("prices")
def test_sum_by_zones_is_that_of_the_bill(visitor, flat):
    meter = flats.power(flat, showed=("212", "220"))

    words = priced(visitor, flat, flats.values_of(meter, "256", "246"))

    assert "163,24 ₽" in words
    assert "T1 123,20 ₽, T2 40,04 ₽" in words
    assert not Submission.objects.exists()


@pytest.mark.usefixtures("prices")
def test_hot_water_is_priced_with_its_heat(visitor, flat):
    meter = flats.hot_water(flat, showed="36")

    assert "1 094,77 ₽" in priced(visitor, flat, flats.values_of(meter, "42"))


@pytest.mark.usefixtures("prices")
def test_difference_to_a_usual_month_is_told(visitor, flat):
    meter = flats.power(flat, showed=("5000", "5000"), months=12, run=100)

    more = priced(visitor, flat, flats.values_of(meter, "5110", "5100"))
    same = priced(visitor, flat, flats.values_of(meter, "5100", "5100"))
    less = priced(visitor, flat, flats.values_of(meter, "5090", "5100"))

    assert "на 28,00 ₽ больше обычного" in more
    assert "как обычно" in same
    assert "на 28,00 ₽ меньше обычного" in less


@pytest.mark.usefixtures("prices")
def test_check_screen_has_the_sum_without_scripts_and_adds_meters_up(visitor, flat):
    power, water = flats.power(flat, showed=("212", "220")), flats.hot_water(flat, showed="36")
    fields = flats.values_of(power, "256", "246") | flats.values_of(water, "42")

    words = text_of(flats.press(visitor, flat, fields, "check")).replace("\N{NO-BREAK SPACE}", " ")

    assert "Итого 1 258,01 ₽" in words


@pytest.mark.usefixtures("prices")
@pytest.mark.parametrize("values", [("256", ""), ("100", "246"), ("25x", "246")])
def test_what_cannot_be_priced_has_no_sum(visitor, flat, values):
    meter = flats.power(flat, showed=("212", "220"))

    assert "₽" not in priced(visitor, flat, flats.values_of(meter, *values))


def test_without_prices_the_page_says_nothing_of_money(visitor, flat):
    meter = flats.power(flat, showed=("212", "220"))

    assert "₽" not in priced(visitor, flat, flats.values_of(meter, "256", "246"))
    assert "₽" not in text_of(flats.press(visitor, flat, flats.values_of(meter, "256", "246"), "check"))
