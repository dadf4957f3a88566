"""The manual, chapter 10, and the help: acts of reconciliation, answers, the manual itself, «Обратная связь»."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps

pytestmark = pytest.mark.journey


@pytest.mark.spec("DOC-03", "BILL-01")
def test_act_is_asked_for_prepared_and_taken_home(screen: Page, demo):
    place = demo.claim()
    steps.customer(screen.context, demo, place)
    screen.goto(f"{demo.url}/w/start/")
    steps.open_menu(screen, "Акты сверки")

    # Colleagues see each other's requests: each screen asks for a month of its own.
    since, month = ("2026-07-01", "1 июля 2026") if steps.is_phone(screen) else ("2026-08-01", "1 августа 2026")
    steps.ask_for_act(screen, since=since)
    expect(screen.get_by_text("Запрос отправлен", exact=False)).to_be_visible()
    row = screen.get_by_role("row", name=re.compile(re.escape(place.contract["customer_name"]))).filter(has_text=month)
    expect(row).to_contain_text(re.compile("запрошен|подготовлен"))
    steps.reload_until(screen, row.get_by_role("button", name=re.compile("Скачать")))
    with screen.expect_download() as taken:
        row.get_by_role("button", name=re.compile("Скачать")).click()

    assert taken.value.path().read_bytes().startswith(b"%PDF")
    screen.reload()
    expect(row).to_contain_text("получен")


@pytest.mark.spec("DOC-03")
def test_act_of_an_impossible_period_names_the_field_and_keeps_the_dates(page: Page, demo):
    steps.customer(page.context, demo, demo.claim())
    page.goto(f"{demo.url}/w/acts/")

    steps.ask_for_act(page, since="2026-09-30", until="2026-09-01")

    expect(page.get_by_role("alert").first).to_contain_text("Период кончается раньше, чем начинается")
    expect(page.get_by_label("Период с")).to_have_value("2026-09-30")


@pytest.mark.spec("HELP-01")
def test_question_is_found_by_a_word_and_opened(screen: Page, demo):
    screen.goto(f"{demo.url}/w/")
    screen.get_by_role("contentinfo").get_by_role("link", name="Помощь").click()
    screen.get_by_label("Поисковая фраза").fill("красн")
    screen.get_by_role("button", name="Найти").click()

    expect(screen.get_by_text(re.compile("Найдено вопросов"))).to_be_visible()
    expect(screen.locator("mark").first).to_be_visible()


@pytest.mark.spec("HELP-03", "SITE-03")
def test_manual_is_read_on_screen_with_its_pictures_and_taken_as_pdf(page: Page, demo):
    page.goto(f"{demo.url}/w/sign-in/")
    page.get_by_role("contentinfo").get_by_role("link", name="Инструкция пользователя").click()
    page.get_by_role("navigation", name="Содержание").get_by_role("link", name="Передача показаний ХВС").click()
    expect(page.get_by_role("heading", name=re.compile(r"^\d+\. Передача показаний ХВС"))).to_be_in_viewport()
    assert page.get_by_role("figure").count() >= 15

    pdf = page.context.request.get(f"{demo.url}/w/manual.pdf")

    assert pdf.headers["content-type"] == "application/pdf"
    assert len(pdf.body()) > 100_000


@pytest.mark.spec("SITE-03")
def test_feedback_is_taken_without_signing_in_and_its_number_comes_by_letter(screen: Page, demo):
    email = steps.new_address()
    screen.goto(f"{demo.url}/w/")
    screen.get_by_role("contentinfo").get_by_role("link", name="Обратная связь").click()
    screen.get_by_role("button", name="Отправить").click()
    expect(screen.get_by_role("alert").first).to_contain_text("Сообщение")

    screen.get_by_label("Тема").fill("Показания")
    # A form that is filled in faster than people type is taken for a robot's.
    screen.get_by_label("Сообщение").press_sequentially("Поставили новый счётчик.", delay=150)
    screen.get_by_label("Адрес электронной почты").fill(email)
    screen.get_by_role("button", name="Отправить").click()

    expect(screen.get_by_role("heading", level=1, name="Обращение принято")).to_be_visible()
    number = screen.get_by_role("main").locator("b .num").inner_text()
    assert number in demo.letter(email, number)["text"]
