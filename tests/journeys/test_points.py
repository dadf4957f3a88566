"""«Показания» of the business portal in a browser: chapter 5.2 of the manual, by keyboard and without scripts."""

import re

import pytest
from django.test import RequestFactory
from playwright.sync_api import Page, expect

from kabinet.web import errors
from tests.journeys import business

pytestmark = [pytest.mark.journey, pytest.mark.spec("READ-10", "READ-11")]

WAITING = re.compile("Передано приборов: 0 из 1")


def open_waiting_point(page: Page, demo) -> None:
    """Fold open the first supply point whose only meter waits for its readings."""
    business.come_in(page.context, demo, "director@example.com")
    page.goto(f"{demo.url}/b/readings/points/?status=awaiting")
    point = page.locator(".point").filter(has_text=WAITING).first
    point.get_by_role("button").first.click()
    expect(page.locator(".pr__field:not(:disabled)").first).to_be_visible()


def later_than_previous(page: Page) -> list[str]:
    """Return for each open field a value a little above its previous one."""
    rows = page.locator("[data-register]").evaluate_all("rows => rows.map(row => row.dataset.previous)")
    return [f"{float(previous) + 1.5:.2f}".replace(".", ",") for previous in rows]


def test_readings_are_sent_by_keyboard_alone(screen: Page, demo):
    open_waiting_point(screen, demo)
    values = later_than_previous(screen)

    screen.locator(".pr__field").first.focus()
    for value in values:
        screen.keyboard.type(value)
        screen.keyboard.press("Enter")
    expect(screen.locator("[data-run]").first).to_have_text(re.compile(r"\d"))
    expect(screen.get_by_role("button", name="Передать показания")).to_be_focused()
    screen.keyboard.press("Enter")

    expect(screen.get_by_text("Показания сохранены")).to_be_visible()
    expect(screen.get_by_text("Все показания переданы").first).to_be_visible()


@pytest.mark.spec("SITE-04")
def test_click_that_meets_an_outage_says_so_and_keeps_what_was_typed(screen: Page, demo):
    open_waiting_point(screen, demo)
    name = screen.locator(".pr__field:not(:disabled)").first.get_attribute("name")
    field = screen.locator(f"[name='{name}']")
    field.fill("123")
    folded = screen.locator(".point:not(.is-open)").first
    outage = errors.unavailable(RequestFactory().get("/b/readings/points/"))
    screen.route(
        "**/readings/points/**",
        lambda route: route.fulfill(status=503, headers=dict(outage.items()), body=outage.content),
    )

    folded.get_by_role("button").click()
    note = screen.get_by_role("alert")
    expect(note).to_contain_text("Кабинет временно недоступен")
    expect(note).to_contain_text("Введённое осталось на странице")
    expect(note).to_be_in_viewport()
    expect(field).to_have_value("123")

    screen.unroute("**/readings/points/**")
    folded.get_by_role("button").click()
    expect(note).to_be_hidden()
    expect(field).to_have_value("123")


def test_click_that_is_lost_on_the_way_says_so(page: Page, demo):
    open_waiting_point(page, demo)
    page.route("**/readings/points/**", lambda route: route.abort("failed"))

    page.locator(".point:not(.is-open)").first.get_by_role("button").click()

    expect(page.get_by_role("alert")).to_contain_text("Связь прервалась")


def test_empty_register_holds_its_meter_back_and_typing_stays_over_a_reload(page: Page, demo):
    business.come_in(page.context, demo, "director@example.com")
    page.goto(f"{demo.url}/b/readings/points/?status=awaiting")
    for button in page.locator(".point").filter(has_text=WAITING).get_by_role("button").all()[:6]:
        button.click()
    meter = (
        page.locator("[data-meter]")
        .filter(has=page.locator(".pr__field:not(:disabled)"))
        .filter(has=page.locator("[data-register]:nth-child(2)"))
        .first
    )
    previous = meter.locator("[data-register]").first.get_attribute("data-previous") or ""
    meter.locator(".pr__field").first.fill(f"{float(previous) + 1.5:.2f}")

    page.get_by_role("button", name="Передать показания").click()

    expect(page.get_by_text("по прибору нужны показания всех шкал").first).to_be_visible()
    expect(page.get_by_text("Заполните поле").first).to_be_visible()
    expect(page.locator(".is-wrong .pr__field").first).to_have_value(f"{float(previous) + 1.5:.2f}")
