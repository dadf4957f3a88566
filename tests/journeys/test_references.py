"""«Справочная информация» of households, and pages of theirs that no other story visits."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import office
from tests.journeys.test_calculators import checked, household

pytestmark = pytest.mark.journey


@pytest.mark.spec("HELP-04")
def test_household_finds_its_branch_prices_and_ways_to_pay(screen: Page, demo):
    dom = household(screen, demo)
    screen.get_by_role("contentinfo").get_by_role("link", name="Справочная информация").click()

    branch = screen.get_by_role("region", name="Обслуживающее вас отделение")
    expect(branch).to_contain_text("Первомайское отделение")
    expect(branch).to_contain_text(dom["login"])
    prices = screen.get_by_role("region", name="Прейскурант на дополнительные услуги")
    expect(prices.get_by_role("row", name="Повторная опломбировка")).to_contain_text("620,00")
    expect(screen.get_by_role("region", name="Способы оплаты")).to_contain_text("По QR-коду квитанции")
    expect(screen.get_by_role("region", name="Услуги по техническому обслуживанию")).to_contain_text("Опломбировка")


@pytest.mark.spec("SITE-04")
def test_pages_of_households_are_open_to_everybody(new_context, demo, axe):
    page = new_context().new_page()
    household(page, demo)
    paths = ("references", "contracts/link-account", "requests", "requests/order/hot_water", "requests/statement")

    bad = {path: checked(page, axe, f"{demo.url}/p/{path}/") for path in paths}

    assert {path: found for path, found in bad.items() if found} == {}


@pytest.mark.spec("STAFF-01", "SITE-04")
def test_pages_of_references_in_the_office_are_open_to_everybody(new_context, demo, axe):
    page = new_context().new_page()
    office.sign_in(page.context, office.specialist_of(demo, "P"))
    page.goto(f"{demo.url}/p/office/references/")
    page.get_by_role("link", name="Первомайское отделение").click()
    addresses = (page.url, f"{demo.url}/p/office/references/prices/", f"{demo.url}/p/office/readings/")

    bad = {address: checked(page, axe, address) for address in addresses}

    assert {address: found for address, found in bad.items() if found} == {}
