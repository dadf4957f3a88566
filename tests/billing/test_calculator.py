"""«Калькулятор»: filled from the account, counted by the prices of the month, nothing typed is lost (CALC-01)."""

from datetime import date
from decimal import Decimal

import pytest

from kabinet.tariffs.models import Norm, Tariff
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.spec("CALC-01")]

TYPED = {"month": "2026-10", "house_type": "gas_stove", "settlement": "city", "people": "2", "meter": "1"}


@pytest.fixture
def prices(p):
    """Prices and norms of provider P since July."""
    since = {"provider": p, "valid_from": date(2026, 7, 1)}
    light = {"resource": "electricity", "unit": "kwh", "house_type": "gas_stove", "settlement": "city"}
    Tariff.objects.create(price=Decimal("2.43"), **light, **since)
    for zone, price in (("day", "2.80"), ("night", "1.54")):
        Tariff.objects.create(zones=2, zone=zone, price=Decimal(price), **light, **since)
    Norm.objects.create(
        resource="electricity", kind="person", house_type="gas_stove", rooms=1, people=2, value=Decimal(46), **since
    )


@pytest.fixture
def nina(p):
    return world.person(p, "nina@example.com")


ERRORS = '<div class="note note--danger" role="alert" tabindex="-1" data-focus>'


def page(client, **typed):
    return client.get("/p/calculator/", typed)


@pytest.mark.usefixtures("prices")
def test_one_zone_is_counted_without_signing_in(visitor):
    answer = page(visitor, **TYPED, previous_1="04580", current_1="04680")

    assert '<data value="243">243,00\xa0₽</data>' in answer.text
    assert "справочный характер" in answer.text


@pytest.mark.usefixtures("prices")
def test_zones_are_lines_that_add_up(visitor):
    typed = TYPED | {"meter": "2", "previous_1": "212", "current_1": "256", "previous_2": "220", "current_2": "246"}

    answer = page(visitor, **typed)

    for shown in ("123,20\xa0₽", "40,04\xa0₽", "163,24\xa0₽"):
        assert shown in answer.text


@pytest.mark.usefixtures("prices")
def test_norm_counts_people_where_no_meter_stands(visitor):
    answer = page(visitor, **TYPED | {"meter": "0", "rooms": "1"})

    assert "223,56\xa0₽" in answer.text
    assert "По нормативу" in answer.text


@pytest.mark.usefixtures("prices")
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"month": "2026-06"}, "На эту дату тариф не задан"),
        ({"house_type": "electric_heating"}, "На эту дату тариф не задан"),
        ({"meter": "3", "previous_2": "1", "current_2": "1", "previous_3": "1", "current_3": "1"}, "тариф не задан"),
        ({"meter": "0"}, "На эту дату норматив не задан"),
    ],
)
def test_month_without_a_price_says_so(visitor, changed, words):
    answer = page(visitor, **TYPED | {"previous_1": "10", "current_1": "20"} | changed)

    assert words in answer.text
    assert "<data" not in answer.text


@pytest.mark.usefixtures("prices")
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"current_1": ""}, "Введите показание."),
        ({"current_1": "46 80x"}, "Введите показание цифрами"),
        ({"current_1": "-5"}, "Введите показание цифрами"),
        ({"current_1": "4500"}, "Текущее показание меньше предыдущего"),
        ({"people": ""}, "Введите, сколько граждан зарегистрировано."),
        ({"people": "0"}, "Введите число от 1 до 30."),
        ({"meter": "7"}, "Выберите корректный вариант"),
        ({"month": "2031-01"}, "Выберите месяц из списка."),
        ({"house_type": "tent"}, "Выберите тип дома из списка."),
    ],
)
def test_mistake_is_told_and_keeps_what_was_typed(visitor, changed, words):
    answer = page(visitor, **TYPED | {"previous_1": "4580", "current_1": "4680"} | changed)

    assert words in answer.text
    assert 'value="4580"' in answer.text
    assert "<data" not in answer.text


@pytest.mark.usefixtures("prices")
def test_what_is_not_typed_yet_is_no_mistake_while_typing(visitor):
    answer = page(visitor, **TYPED, previous_1="4580", live="1")

    assert "Заполните поля" in answer.text
    assert ERRORS not in answer.text


@pytest.mark.usefixtures("prices")
@pytest.mark.parametrize("typed", ["04680,7", "04680.7", "04 680", " 4680 "])
def test_fraction_and_spaces_are_dropped(visitor, typed):
    assert "243,00\xa0₽" in page(visitor, **TYPED, previous_1="04580", current_1=typed).text


@pytest.mark.usefixtures("prices")
def test_account_fills_the_form_and_stays_changeable(p, nina, visitor):
    flat = world.household(p)
    world.electricity(flat, "00212", "00220")
    world.link(nina, flat)
    browser = world.signed_in(visitor, nina, p)

    filled = page(browser).text
    changed = page(browser, contract=str(flat.pk), **TYPED, previous_1="1", current_1="2").text

    assert "Подставлено из лицевого счёта № 111222333" in filled
    for value in ('value="00212"', 'value="00220"', 'name="people" value="2"'):
        assert value in filled
    assert "2,43\xa0₽" in changed


def test_accounts_are_chosen_by_tabs_and_a_strangers_is_not_there(p, nina, visitor):
    own, other = world.household(p), world.household(p, "111222444")
    stranger = world.household(p, "999888777")
    for flat in (own, other):
        world.link(nina, flat)
    browser = world.signed_in(visitor, nina, p)

    chosen = page(browser, contract=str(other.pk)).text
    foreign = page(browser, contract=str(stranger.pk)).text

    assert "№ 111222444. Всё можно изменить" in chosen
    assert "№ 111222333. Всё можно изменить" in foreign
    assert "999888777" not in foreign


def test_provider_without_the_section_has_no_calculator(w, visitor):
    assert visitor.get("/w/calculator/").status_code == 404


def test_statements_do_not_grow_with_accounts(p, nina, visitor, django_assert_max_num_queries):
    for number in ("111222333", "111222334", "111222335"):
        flat = world.household(p, number)
        world.electricity(flat, "00212", "00220")
        world.link(nina, flat)
    browser = world.signed_in(visitor, nina, p)

    with django_assert_max_num_queries(8):
        page(browser)


@pytest.mark.usefixtures("prices")
def test_meter_of_five_thousand_digits_is_no_meter(visitor):
    assert page(visitor, **TYPED | {"meter": "9" * 5000}).status_code == 200
