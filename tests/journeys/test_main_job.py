"""The main job, from the front page to «принято»."""

import re
from itertools import count

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.journey

_people = count(1)


def sign_up(page: Page, demo, *, slug="w"):
    """Sign a new person up and confirm the address by the code of the letter."""
    email = f"journey-{next(_people)}@example.com"
    page.goto(f"{demo.url}/{slug}/")
    page.get_by_role("link", name="Зарегистрироваться").first.click()
    page.get_by_label("Наименование организации").fill("ООО «Новая»")
    page.get_by_label("Фамилия").fill("Петрова")
    page.get_by_label("Имя", exact=True).fill("Мария")
    page.get_by_label("Отчество", exact=True).fill("Ивановна")
    page.get_by_label("Телефон").fill("8 912 345-67-89")
    page.get_by_label("Адрес электронной почты").fill(email)
    page.get_by_label("Пароль", exact=True).fill("Udmurtia-2026-rain")
    page.get_by_label("Подтверждение пароля").fill("Udmurtia-2026-rain")
    page.get_by_label(re.compile("пользовательское соглашение", re.IGNORECASE)).check()
    page.get_by_label(re.compile("обработк", re.IGNORECASE)).check()
    page.get_by_role("button", name="Зарегистрироваться").click()
    page.get_by_label(re.compile("Код")).fill(demo.code_for(email))
    page.get_by_role("button", name="Подтвердить").click()
    return email


def link(page: Page, contract):
    page.get_by_label("ИНН компании").fill(contract["inn"])
    page.get_by_label(re.compile("Номер договора с")).fill(contract["number"])
    page.get_by_role("button", name="Отправить заявку").click()
    expect(page.get_by_text("Заявка успешно отправлена")).to_be_visible()


def open_menu(page: Page, name):
    """Follow the menu; on a phone it is folded."""
    fold = page.locator("details.menu-fold > summary")
    if fold.is_visible():
        fold.click()
    page.get_by_role("link", name=name, exact=True).locator("visible=true").first.click()


@pytest.mark.spec("REG-04", "REG-05", "CON-01", "READ-01", "READ-03", "READ-05", "BILL-02", "BILL-03")
def test_newcomer_links_a_contract_sends_a_reading_and_sees_it_taken(screen, demo, request):
    contract = demo.unlinked("W", place=0 if "phone" in request.node.name else 1)
    meter = contract["meters"][0]
    register = meter["registers"][0]
    reading = str(int(float(register["previous"])) + 5).zfill(register["integer_digits"])

    sign_up(screen, demo)
    open_menu(screen, "Заявка на подключение")
    link(screen, contract)
    open_menu(screen, "Передача показаний ХВС")
    row = screen.get_by_role("article", name=re.compile(re.escape(meter["number"])))
    row.get_by_label("Текущее показание прибора учёта").fill(reading)
    expect(row.get_by_text("Расход: 5 м³")).to_be_visible()
    screen.get_by_role("button", name="Передать показания").click()
    expect(screen.get_by_text("Успешно! Данные переданы")).to_be_visible()

    open_menu(screen, "Архив показаний")
    newest = screen.get_by_role("row", name=re.compile(rf"{re.escape(meter['number'])}.*{int(reading)},000"))
    expect(newest).to_be_visible()
    reload_until(screen, newest.get_by_text("принято"))


def reload_until(page: Page, seen: Locator, *, seconds: int = 30) -> None:
    """Look again as a person would: by loading the page anew."""
    for _ in range(seconds):
        if seen.is_visible():
            return
        page.wait_for_timeout(1000)
        page.reload()
    expect(seen).to_be_visible()
