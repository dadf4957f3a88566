"""The private customer's manual, chapter 4.3: «Подать заявку/написать заявление»."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.journeys import flats
from tests.journeys.test_pages import faults_of, widths_of

pytestmark = pytest.mark.journey


def pdf(name: str) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n" + b"0" * 200}


@pytest.fixture
def household(page: Page, demo):
    """Somebody who has just signed up by an account with a hot-water meter."""
    account = flats.claim(demo, resource="hot_water")
    email = flats.sign_up(page, demo, account)
    page.goto(f"{demo.url}/p/sign-in/")
    flats.sign_in(page, account["number"])
    return email


@pytest.mark.spec("REQ-02")
def test_service_is_ordered_with_a_scan_by_the_check_screen(page: Page, demo, household, axe):
    page.goto(f"{demo.url}/p/requests/")
    look_at(page, axe)
    page.get_by_role("main").get_by_role("link", name="Горячая вода").click()
    page.get_by_label("опломбировка", exact=True).check()
    meters = page.get_by_label("Место установки прибора учета")
    meters.select_option(index=meters.locator("option").count() - 1)
    page.get_by_label("Скан паспорта прибора учета").set_input_files(pdf("passport.pdf"))
    look_at(page, axe)

    page.get_by_role("button", name="Продолжить").click()

    expect(page.get_by_role("heading", name="Проверьте заявку")).to_be_visible()
    expect(page.get_by_text("passport.pdf")).to_be_visible()
    look_at(page, axe)
    page.get_by_role("link", name="Редактировать").click()
    expect(page.get_by_text("Приложен: passport.pdf")).to_be_visible()
    page.get_by_role("button", name="Продолжить").click()
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_text("Ваша заявка принята. В случае если заказанная услуга является платной")).to_be_visible()
    expect(page.get_by_text("Ориентировочный срок: до").first).to_be_visible()
    assert demo.letter(household, "принята")


@pytest.mark.spec("REQ-03")
def test_statement_with_two_files_is_answered_with_a_number(screen: Page, demo, household, axe):
    screen.goto(f"{demo.url}/p/requests/statement/")
    look_at(screen, axe)
    screen.get_by_label("Тема").fill("Перерасчёт")
    screen.get_by_label("Сообщение").fill("Прошу пересчитать октябрь: счётчик стоял.")
    screen.get_by_label("Прикрепить файл").set_input_files([pdf("one.pdf"), pdf("two.pdf")])

    screen.get_by_role("button", name="Отправить").click()

    expect(screen.get_by_text("Заявление принято. Его номер:")).to_be_visible()
    screen.get_by_role("main").get_by_role("link", name="Перерасчёт").click()
    expect(screen.get_by_text("two.pdf")).to_be_visible()


def look_at(page: Page, axe: str) -> None:
    """Let axe look at the page, and see that nothing scrolls to the side at 320 pixels."""
    size = page.viewport_size
    assert size
    page.evaluate(axe)
    assert faults_of(page) == []
    assert widths_of(page) == {"normal": 320, "large": 320}
    page.set_viewport_size(size)
