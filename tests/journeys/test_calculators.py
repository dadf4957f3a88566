"""The private customer's manual, 4.4 and 4.5: «Калькулятор» and «ОДН»; and the office that loads the prices."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import flats, office
from tests.journeys.test_pages import Loaded, faults_of, widths_of
from tests.staff.price_files import HEAD, line

pytestmark = pytest.mark.journey

CALCULATED = "data[value]"


def household(page: Page, demo):
    """Sign in as the household of the source's example; return its account."""
    dom = next(user for user in demo.provider("P")["users"] if user["email"] == "dom@example.com")
    page.goto(f"{demo.url}/p/sign-in/")
    flats.sign_in(page, dom["login"], dom["password"])
    expect(page.get_by_text("Вы успешно авторизовались!")).to_be_visible()
    return dom


def open_common_needs(page: Page, demo):
    page.goto(f"{demo.url}/p/calculator/")
    page.get_by_role("link", name="Как посчитаны общедомовые нужды (ОДН)").click()
    expect(page.get_by_role("heading", name="Расчет ОДН")).to_be_visible()


@pytest.mark.spec("CALC-02")
def test_common_needs_of_may_are_the_sources_to_the_kopeck(screen: Page, demo):
    household(screen, demo)
    open_common_needs(screen, demo)
    screen.get_by_label("Месяц, год извещения-квитанции").select_option("Май 2013")
    screen.get_by_label("Коллективный прибор учета не установлен").check()

    screen.get_by_role("button", name="Рассчитать", exact=True).click()
    expect(screen.locator(CALCULATED)).to_have_text("73,65 ₽")
    expect(screen.get_by_role("table")).to_have_count(0)
    screen.get_by_role("button", name="Рассчитать подробно").click()

    table = screen.get_by_role("table")
    for figure in ("3,53", "1 498,1", "8 637,56", "49,5", "30,31", "2,43", "73,65", "Май 2013"):
        expect(table).to_contain_text(figure)


@pytest.mark.spec("CALC-01")
def test_two_zones_are_counted_while_one_types(screen: Page, demo):
    screen.goto(f"{demo.url}/p/calculator/")
    screen.get_by_label("Зарегистрировано граждан").fill("2")
    expect(screen.get_by_label("Ночь: предыдущее")).to_be_hidden()
    screen.get_by_label("2-тарифный").check()
    expect(screen.get_by_label("Ночь: предыдущее")).to_be_visible()
    expect(screen.get_by_label("Полупик: текущее")).to_be_hidden()
    for label, value in (
        ("День: предыдущее", "212"), ("День: текущее", "256"), ("Ночь: предыдущее", "220"), ("Ночь: текущее", "246"),
    ):  # fmt: skip
        screen.get_by_label(label).fill(value)

    sums = screen.get_by_role("row").filter(has_text="₽")
    expect(screen.locator(CALCULATED)).to_be_visible()
    expect(sums.filter(has_text="День")).to_contain_text("44")
    expect(sums.filter(has_text="Ночь")).to_contain_text("26")
    expect(screen.get_by_text("Расчёт носит справочный характер")).to_be_visible()


@pytest.mark.spec("CALC-01")
def test_calculator_counts_without_scripts_and_keeps_a_mistake(new_context, demo):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{demo.url}/p/calculator/")
    page.get_by_label("Зарегистрировано граждан").fill("2")
    page.get_by_label("День: предыдущее").fill("04680")
    page.get_by_label("День: текущее").fill("04580")
    page.get_by_role("button", name="Рассчитать").click()
    expect(page.get_by_text("Текущее показание меньше предыдущего").first).to_be_visible()
    expect(page.get_by_label("День: предыдущее")).to_have_value("04680")

    page.get_by_label("День: текущее").fill("04780")
    page.get_by_role("button", name="Рассчитать").click()

    expect(page.get_by_role("row").filter(has_text="День")).to_contain_text("100")


@pytest.mark.spec("STAFF-01", "CALC-01")
def test_prices_are_tried_loaded_and_counted_by(page: Page, demo, tmp_path):
    office.sign_in(page.context, office.specialist_of(demo, "P"))
    page.goto(f"{demo.url}/p/office/tariffs/")
    water = {"resource": "холодная вода", "house": "любой", "settlement": "любой"}
    rows = [line("999,99", "01.01.2031", **water), line("дорого", "01.01.2031")]
    file = tmp_path / "тарифы-2031.csv"
    file.write_text("\n".join(";".join(row) for row in (HEAD, *rows)), encoding="utf-8")
    page.get_by_label("Файл с тарифами").set_input_files(file)
    page.get_by_role("button", name="Проверить файл").click()
    expect(page.get_by_role("row").filter(has_text="дорого")).to_contain_text("Введите число цифрами")

    file.write_text("\n".join(";".join(row) for row in (HEAD, line("999,99", "01.01.2031", **water))), encoding="utf-8")
    page.get_by_label("Файл с тарифами").set_input_files(file)
    page.get_by_role("button", name="Проверить файл").click()
    expect(page.get_by_text("Это проба: пока ничего не изменилось")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("с 1 января 2031")
    page.get_by_role("button", name="Загрузить тарифы").click()

    expect(page.get_by_text(re.compile("Загружено: новых значений"))).to_be_visible()


@pytest.mark.spec("SITE-04")
def test_pages_of_calculators_and_tariffs_are_open_to_everybody(new_context, demo, axe):
    page = new_context().new_page()
    household(page, demo)
    open_common_needs(page, demo)
    common_needs = page.url
    month = "?month=2013-05&house_meter=no&do=details"
    typed = "?month=2026-10&house_type=gas_stove&settlement=city&people=2&meter=1&previous_1=100&current_1="
    bad = {
        address: checked(page, axe, address)
        for address in (
            f"{demo.url}/p/calculator/", f"{demo.url}/p/calculator/{typed}200", f"{demo.url}/p/calculator/{typed}x",
            common_needs, common_needs + month,
        )
    }  # fmt: skip
    assert {address: found for address, found in bad.items() if found} == {}


@pytest.mark.spec("SITE-04")
def test_pages_of_tariffs_in_the_office_are_open_to_everybody(new_context, demo, axe, tmp_path):
    page = new_context().new_page()
    office.sign_in(page.context, office.specialist_of(demo, "P"))
    file = tmp_path / "p.csv"
    rows = (HEAD, line("900", "01.01.2032"), line("901", "01.02.2032"))
    file.write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    page.goto(f"{demo.url}/p/office/tariffs/")
    page.get_by_label("Файл с тарифами").set_input_files(file)
    page.get_by_role("button", name="Проверить файл").click()
    expect(page.get_by_text("Файл загружается целиком")).to_be_visible()

    bad = {address: checked(page, axe, address) for address in (page.url, f"{demo.url}/p/office/tariffs/")}

    assert {address: found for address, found in bad.items() if found} == {}


def checked(page: Page, axe: str, address: str):
    """Return what is wrong with a page: weight, what axe finds, a scroll to the side."""
    page.set_viewport_size({"width": 1280, "height": 900})
    weight = Loaded(page).by(lambda: page.goto(address))
    page.evaluate(axe)
    wide = [f"{print_}: {width}" for print_, width in widths_of(page).items() if width > 320]
    return [*faults_of(page), *wide, *([f"{weight} bytes"] if weight > 200_000 else [])]
