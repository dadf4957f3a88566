"""The private customer's manual, chapters 4 and 4.5: the payment slip, and what an account is made of."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.billing.slips import codes
from tests.journeys import flats
from tests.journeys.test_pages import LATER, NARROWEST, Loaded, faults_of, widths_of

pytestmark = pytest.mark.journey


@pytest.fixture
def flat(page: Page, demo):
    """A household that has signed up and in."""
    account = flats.claim(demo)
    flats.sign_up(page, demo, account)
    page.goto(f"{demo.url}/p/sign-in/")
    flats.sign_in(page, account["number"])
    expect(page.get_by_text("Вы успешно авторизовались!")).to_be_visible()
    return account


@pytest.mark.spec("PAY-04")
def test_code_of_the_printed_slip_says_the_sum_of_the_page(screen: Page, flat, demo):
    screen.goto(f"{demo.url}/p/slip/")

    shown = screen.locator(".slip__sum").inner_text()
    address = screen.get_by_role("link", name="Открыть PDF для печати").get_attribute("href")
    pdf = screen.request.get(f"{demo.url}{address}")

    assert pdf.headers["content-type"] == "application/pdf"
    found = codes(pdf.body())
    to_pay = Decimal(re.sub(r"[^\d,]", "", shown).replace(",", "."))
    assert [Decimal(fields["Sum"]) / 100 for fields, _level, _side in found] == ([to_pay] if to_pay else [])
    assert all(level == "M" and side >= 30 for _fields, level, side in found)
    assert all(fields["PersAcc"] == flat["number"] for fields, _level, _side in found)


@pytest.mark.spec("CON-06")
def test_tabs_of_personal_data_open_and_a_month_opens_down_to_its_lines(screen: Page, flat, demo):
    screen.goto(f"{demo.url}/p/personal/")
    expect(screen.get_by_text(flat["number"]).first).to_be_visible()
    for tab in ("Горячая вода", "Отопление", "Электроэнергия", "ОДН", "Индивидуальное потребление"):
        screen.get_by_role("link", name=tab, exact=True).click()
        expect(screen.get_by_role("link", name=tab, exact=True)).to_have_attribute("aria-current", "page")

    screen.locator("table a[href*='month=']").first.click()

    expect(screen.get_by_role("heading", name=re.compile("Из чего сложился"))).to_be_visible()


@pytest.mark.spec("PAY-04", "CON-06", "SITE-04")
def test_both_pages_are_open_to_everybody_narrow_and_light(page: Page, flat, demo, axe):
    loaded = Loaded(page)
    for path in ("slip/", "personal/"):
        later = loaded.by(lambda path=path: page.goto(f"{demo.url}/p/{path}"))
        page.evaluate(axe)

        assert later <= LATER, f"{path}: {later} bytes"
        assert faults_of(page) == [], path
        assert widths_of(page) == {"normal": NARROWEST["width"], "large": NARROWEST["width"]}, path
