"""A household sends its readings, billing closes the month, the slip is there. Last of all: a month stays closed."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import flats, steps
from tests.journeys.looking import read_json, wait_for

pytestmark = pytest.mark.journey

RUN = 57


def taken(demo, account):
    """Return what billing has taken of the household's electricity."""
    registers = {one["id"] for meter in account["meters"] for one in meter["registers"]}
    rows = read_json(f"{demo.sandbox}/billing/p/submissions.json")
    return [row for row in rows if row["register"] in registers and row["state"] == "taken"]


@pytest.mark.spec("BILL-02", "BILL-03", "CON-06", "PAY-04")
def test_closed_month_brings_its_charges_and_the_slip(page: Page, demo):
    account = flats.claim(demo)
    flats.sign_up(page, demo, account)
    page.goto(f"{demo.url}/p/")
    flats.sign_in(page, account["number"])
    page.goto(f"{demo.url}/p/readings/household/")
    flats.fill_dials(page, account, "electricity", run=RUN)
    page.get_by_role("button", name="Передать").click()
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_text("Показания вашего счетчика были успешно отправлены").first).to_be_visible()
    wait_for(lambda: taken(demo, account))

    page.goto(f"{demo.sandbox}/billing/p")
    page.get_by_role("row", name=re.compile("октябрь 2026", re.IGNORECASE)).get_by_role("button").click()
    expect(page.get_by_role("row", name=re.compile("октябрь 2026.*закрыт", re.IGNORECASE))).to_be_visible()

    page.goto(f"{demo.url}/p/slip/")
    steps.reload_until(page, page.get_by_text("Квитанция за октябрь 2026"))
    line = page.get_by_role("row", name=re.compile(f"по счётчику.*{RUN} кВт·ч")).first
    expect(line).to_be_visible()
    address = page.get_by_role("link", name="Открыть PDF").get_attribute("href")
    paper = page.request.get(f"{demo.url}{address}")
    assert paper.body().startswith(b"%PDF-")
    page.goto(f"{demo.url}/p/personal/")
    expect(page.get_by_role("row", name=re.compile("октябрь 2026")).first).to_be_visible()
