"""The same by other means: a keyboard alone, no scripts, English, a closed eye for colour."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.steps import field_of, row_of, send

pytestmark = pytest.mark.journey


def tab_to(page: Page, target, *, most: int = 60) -> None:
    """Press Tab until the focus is where it should be."""
    for _ in range(most):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {target}")


@pytest.mark.spec("SITE-04", "REG-05", "CON-01", "READ-01")
def test_main_job_is_done_by_the_keyboard_alone(page: Page, demo):
    place = demo.claim()
    email = steps.customer(page.context, demo)
    page.context.clear_cookies()
    page.goto(f"{demo.url}/w/sign-in/")

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Перейти к содержанию")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Адрес электронной почты"))
    page.keyboard.type(email)
    tab_to(page, page.get_by_label("Пароль", exact=True))
    page.keyboard.type(steps.PASSWORD)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name=re.compile("Перейти к")).last)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("ИНН компании"))
    page.keyboard.type(place.contract["inn"])
    page.keyboard.press("Tab")
    page.keyboard.type(place.contract["number"])
    page.keyboard.press("Enter")
    expect(page.get_by_text("Заявка успешно отправлена")).to_be_visible()
    tab_to(page, page.get_by_role("link", name="Передача показаний ХВС").locator("visible=true"))
    page.keyboard.press("Enter")
    tab_to(page, field_of(page, place))
    page.keyboard.type(place.after(4))
    tab_to(page, steps.block_of(page, place).get_by_role("button", name="Передать показания"))
    page.keyboard.press("Enter")

    expect(page.get_by_text("Успешно! Данные переданы")).to_be_visible()


@pytest.mark.spec("SITE-04", "READ-01", "READ-03", "READ-09")
def test_main_job_is_done_without_scripts(new_context, demo):
    place = demo.claim()
    page = new_context(java_script_enabled=False).new_page()
    steps.sign_up(page, demo)
    page.goto(f"{demo.url}/w/contracts/link/")
    steps.link(page, place.contract)
    steps.open_readings(page, demo)
    right = place.after(4)
    field_of(page, place).fill(str(int(right)) + "9")
    send(page, place)
    row_of(page, place).get_by_role("button", name=f"Взять {right}").click()
    send(page, place)

    expect(page.get_by_text("Успешно! Данные переданы")).to_be_visible()
    steps.reload_until(page, row_of(page, place).get_by_text("принято", exact=True))


@pytest.mark.spec("SITE-07")
def test_english_is_chosen_kept_for_the_person_and_used_in_letters(page: Page, demo, new_context):
    place = demo.claim()
    email = steps.customer(page.context, demo, place)
    page.goto(f"{demo.url}/w/start/")
    page.get_by_role("button", name="English").locator("visible=true").first.click()
    steps.open_readings(page, demo)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("main")).not_to_contain_text("Передать показания")

    elsewhere = new_context().new_page()
    elsewhere.goto(f"{demo.url}/w/sign-in/")
    steps.sign_in(elsewhere, email)
    expect(elsewhere.locator("html")).to_have_attribute("lang", "en")

    elsewhere.goto(f"{demo.url}/w/profile/password/")
    elsewhere.locator("[name=old]").fill(steps.PASSWORD)
    elsewhere.locator("[name=password]").fill("Kama-2026-winter")
    elsewhere.locator("[name=again]").fill("Kama-2026-winter")
    elsewhere.get_by_role("main").get_by_role("button", name="Save").click()
    assert demo.letter(email, "password")


@pytest.mark.spec("SITE-01", "SITE-05")
def test_chooser_leads_to_another_provider_with_its_own_name(page: Page, demo):
    page.goto(demo.url)
    page.get_by_role("link", name=re.compile("Верхневодский")).click()

    expect(page).to_have_url(f"{demo.url}/v/")
    expect(page.get_by_role("banner")).to_contain_text("Верхневодский")
    expect(page.get_by_role("heading", name="Вход в ваш кабинет")).to_be_visible()
