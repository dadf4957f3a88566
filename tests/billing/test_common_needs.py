"""«ОДН»: the source's own example to the kopeck, and the components of a house meter (CALC-02)."""

import re
from datetime import date
from decimal import Decimal

import pytest

from kabinet.tariffs.models import HouseMonth, Norm, Tariff
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.spec("CALC-02")]

NORM_COLUMN = (
    "Норматив потребления коммунальной услуги по электроснабжению, предоставленной за расчетный период на общедомовые"
    " нужды в многоквартирном доме"
)
MAY, JUNE = date(2013, 5, 1), date(2013, 6, 1)


@pytest.fixture
def flat(p):
    """Flat 52 of the source's house, at the price of 2013."""
    Tariff.objects.create(
        provider=p, resource="electricity", unit="kwh", house_type="gas_stove", settlement="city",
        price=Decimal("2.43"), valid_from=date(2013, 1, 1), valid_to=date(2013, 7, 1),
    )  # fmt: skip
    return world.household(p)


@pytest.fixture
def browser(p, flat, visitor):
    nina = world.person(p, "nina@example.com")
    world.link(nina, flat)
    return world.signed_in(visitor, nina, p)


def month(flat, on=MAY, **changed):
    facts = {"source": "billing", "external_id": f"hm-{on}", "version": 1, "resource": "electricity"}
    return HouseMonth.objects.create(provider=flat.provider, house=flat.house, month=on, **(facts | changed))


def page(browser, flat, **typed):
    return browser.get(f"/p/common-needs/{flat.pk}/", typed).text


def test_sources_example_is_shown_to_the_kopeck(browser, flat):
    month(flat, norm=Decimal("3.53"))

    shown = page(browser, flat, month="2013-05", house_meter="no", do="details")

    for value in ("3,53", "1\xa0498,1", "8\xa0637,56", "49,5", "30,31", "2,43", "73,65", "Май 2013"):
        assert value in shown
    for column in (
        NORM_COLUMN,
        "Общая площадь помещений, входящих в состав общего имущества в многоквартирном доме",
        "Суммарная общая площадь жилых и нежилых помещений, кв.м",
        "Общая площадь жилого помещения кв., кв.м",
        "Объем коммунальных ресурсов предоставленных на общедомовые нужды",
        "Тариф, руб./кВт.ч",
        "Размер платы за объем коммунальных ресурсов предоставленных на общедомовые нужды в кв.",
        "Месяц, год извещения-квитанции",
    ):
        assert f'<th scope="row">{column}</th>' in shown


def test_sum_alone_says_the_sum_alone(browser, flat):
    month(flat, norm=Decimal("3.53"))

    shown = page(browser, flat, month="2013-05", house_meter="no", do="sum")

    assert '<data value="73.65">' in shown
    assert "30,31" not in shown


def test_house_meter_shows_what_its_volume_consists_of(browser, flat):
    month(
        flat, has_house_meter=True, house_volume=15230, nonresidential_volume=Decimal("1200.5"), norm_volume=840,
        meter_volume=Decimal("11020.4"),
    )  # fmt: skip

    shown = page(browser, flat, month="2013-05", house_meter="yes", do="details")

    for value in ("15230", "1200.5", "840", "11020.4", "2169.1", "12.43", "30.2"):
        assert f'<data value="{value}">' in shown
    assert "Норматив потребления" not in shown


def test_nothing_left_is_no_charge_with_a_word(browser, flat):
    month(flat, has_house_meter=True, house_volume=9700, norm_volume=600, meter_volume=9200)

    shown = page(browser, flat, month="2013-05", house_meter="yes")

    assert '<data value="0">' in shown
    assert "на общедомовые нужды ничего не осталось" in shown


@pytest.mark.parametrize(
    ("on", "facts", "asked", "words"),
    [
        (date(2026, 9, 1), {"norm": Decimal("3.53")}, "no", "На эту дату тариф не задан"),
        (MAY, {}, "no", "На эту дату норматив не задан"),
        (MAY, {"norm": Decimal("3.53")}, "yes", "показаний коллективного прибора учета у поставщика нет"),
    ],
)
def test_what_is_not_set_is_said(browser, flat, on, facts, asked, words):
    month(flat, on, **facts)

    shown = page(browser, flat, month=f"{on:%Y-%m}", house_meter=asked)

    assert words in shown
    assert "<data" not in shown


def test_flat_without_an_area_is_said(browser, flat):
    month(flat, norm=Decimal("3.53"))
    type(flat).objects.update(area=None)

    assert "Площадь квартиры нам не известна" in page(browser, flat, month="2013-05", house_meter="no")


def test_norm_of_the_tables_holds_where_billing_gave_none(browser, flat):
    month(flat)
    Norm.objects.create(
        provider=flat.provider, resource="electricity", kind="common_needs", value=Decimal("3.53"), valid_from=MAY
    )

    assert '<data value="73.65">' in page(browser, flat, month="2013-05", house_meter="no")


def test_choice_beside_billings_word_is_told(browser, flat):
    month(flat, norm=Decimal("3.53"), has_house_meter=True, house_volume=9700)

    assert "сумма посчитана по нему" in page(browser, flat, month="2013-05", house_meter="no")


def test_newest_month_and_its_meter_are_offered_first(browser, flat):
    month(flat, norm=Decimal("3.53"))
    month(flat, JUNE, has_house_meter=True, house_volume=1)

    shown = page(browser, flat)

    assert shown.index("Июнь 2013") < shown.index("Май 2013")
    assert re.findall(r'name="house_meter" value="(\w+)"[^>]* checked', shown) == ["yes"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [({"month": "2031-01", "house_meter": "no"}, "Выберите месяц из списка."), ({"month": "2013-05"}, "Выберите, уст")],
)
def test_what_was_not_chosen_is_told(browser, flat, typed, words):
    month(flat)

    assert words in page(browser, flat, **typed)


def test_house_of_which_nothing_came_says_so(browser, flat):
    assert "Месяцев пока нет" in page(browser, flat)


def test_stranger_meets_404(p, browser):
    other = world.household(p, "999888777")

    assert browser.get(f"/p/common-needs/{other.pk}/").status_code == 404
