"""The manual, chapters 7 and 8: volumes of hot water into the drains, and the archive."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps

pytestmark = pytest.mark.journey

SENT = "Успешно! Данные переданы"


@pytest.mark.spec("READ-04", "READ-05", "BILL-02")
def test_volume_is_counted_by_the_helper_sent_and_taken(screen: Page, demo):
    place = demo.claim(resource="hot_water")
    steps.customer(screen.context, demo, place)
    screen.goto(f"{demo.url}/w/start/")
    steps.open_menu(screen, "Передача объемов по стокам ГВС")
    block = steps.block_of(screen, place)
    block.get_by_text("Посчитать по двум показаниям", exact=False).click()
    block.get_by_label("Предыдущее показание ГВС").fill("120")
    block.get_by_label("Текущее показание ГВС").fill("126,5")
    block.get_by_role("button", name="Посчитать объём").click()
    expect(block.get_by_label("Текущий объем")).to_have_value("6,5")
    block.get_by_role("button", name="Сохранить значения").click()
    expect(screen.get_by_text("Они ещё не переданы", exact=False)).to_be_visible()

    block.get_by_role("button", name="Передать значения").click()
    expect(screen.get_by_text(SENT)).to_be_visible()

    screen.goto(f"{demo.url}/w/readings/archive/")
    screen.get_by_role("link", name="Объёмы по стокам ГВС").click()
    newest = screen.get_by_role("row", name=re.compile("6,500"))
    steps.reload_until(screen, newest.get_by_text("принято"))


@pytest.mark.spec("READ-04")
def test_contract_without_hot_water_says_so(page: Page, demo):
    steps.customer(page.context, demo, demo.claim(has_hot_water=False))

    page.goto(f"{demo.url}/w/readings/sewage-volumes/")

    expect(page.get_by_text("Горячей воды по вашим договорам нет")).to_be_visible()


@pytest.mark.spec("READ-04")
def test_wrong_volume_stays_in_its_field_with_the_reason(page: Page, demo):
    place = demo.claim(resource="hot_water")
    steps.customer(page.context, demo, place)
    page.goto(f"{demo.url}/w/readings/sewage-volumes/")
    block = steps.block_of(page, place)

    block.get_by_label("Текущий объем").fill("-3")
    block.get_by_role("button", name="Передать значения").click()

    expect(page.get_by_role("alert").first).to_contain_text("Объём не бывает меньше нуля")
    expect(block.get_by_label("Текущий объем")).to_have_value("-3")


@pytest.mark.spec("READ-05")
def test_archive_is_narrowed_by_address_and_days_and_widened_again(screen: Page, demo):
    steps.enter(screen, demo, "buh@example.com", password=demo.user("buh@example.com")["password"])
    steps.open_menu(screen, "Архив показаний")
    expect(screen.get_by_text(re.compile("Данные обновлены"))).to_be_visible()
    rows = screen.get_by_role("rowheader")
    all_rows = rows.count()

    screen.get_by_label("Адрес точки подключения").select_option(index=1)
    screen.get_by_label("Дата от").fill("2026-08-01")
    screen.get_by_label("Дата до").fill("2026-08-31")
    screen.get_by_role("button", name="Применить фильтр").click()
    expect(screen.get_by_text("сентября 2026")).to_have_count(0)
    assert 0 < rows.count() < all_rows

    screen.get_by_label("Дата до").fill("2001-01-01")
    screen.get_by_role("button", name="Применить фильтр").click()
    expect(rows).to_have_count(0)
    screen.get_by_role("link", name="Сбросить фильтр").click()
    expect(rows).to_have_count(all_rows)
