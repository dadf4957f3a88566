"""The manual, chapters 3 and 4: registration, sign-in, a forgotten password, sign-out."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps

pytestmark = pytest.mark.journey

WRONG = "Ошибка входа. Неверное имя пользователя/пароль"


@pytest.mark.spec("SITE-03", "REG-04", "REG-05", "REG-09", "CON-01")
def test_newcomer_comes_from_send_readings_and_is_led_to_the_first_contract(page: Page, demo):
    email = steps.new_address()

    page.goto(f"{demo.url}/w/")
    page.get_by_role("link", name=re.compile("Передать показания")).click()
    legal = page.get_by_role("region", name="Юридическим лицам")
    legal.get_by_role("link", name="Регистрация").click()
    steps.fill_sign_up(page, email)
    page.get_by_role("button", name="Зарегистрироваться").click()
    expect(page.get_by_text(email)).to_be_visible()
    steps.confirm_address(page, demo.code_for(email))

    expect(page.get_by_text("Вы успешно авторизовались!")).to_be_visible()
    page.get_by_role("link", name="Перейти к „Заявке на подключение“").click()
    expect(page.get_by_role("heading", level=1, name="Заявка на подключение")).to_be_visible()


@pytest.mark.spec("REG-04", "REG-09")
def test_empty_registration_names_every_field_and_keeps_what_was_typed(page: Page, demo):
    page.goto(f"{demo.url}/w/sign-up/")
    page.get_by_label("Фамилия").fill("Петрова")
    page.get_by_label("Телефон").fill("12")

    page.get_by_role("button", name="Зарегистрироваться").click()

    wrong = page.get_by_role("alert")
    expect(wrong).to_be_focused()
    expect(wrong.get_by_role("link", name="Наименование организации")).to_be_visible()
    expect(wrong.get_by_role("link", name="Телефон")).to_be_visible()
    expect(page.get_by_label("Фамилия")).to_have_value("Петрова")
    expect(page.get_by_label("Телефон")).to_have_value("12")
    expect(page.get_by_label(re.compile("обработку персональных данных"))).not_to_be_checked()


@pytest.mark.spec("REG-05", "REG-08")
def test_wrong_password_says_the_words_of_the_manual_then_the_right_one_lets_in_and_out(screen: Page, demo):
    screen.goto(f"{demo.url}/w/")
    steps.sign_in(screen, "new@example.com", "not-my-password")
    expect(screen.get_by_role("alert").get_by_text(WRONG)).to_be_visible()
    expect(screen.get_by_label("Адрес электронной почты")).to_have_value("new@example.com")

    steps.sign_in(screen, "new@example.com", demo.user("new@example.com")["password"])
    expect(screen.get_by_text("Вы успешно авторизовались!")).to_be_visible()

    screen.locator("summary", has_text="Кто вошёл").click()
    screen.get_by_role("button", name="Выйти").click()
    expect(screen.get_by_text("Вы вышли из кабинета.")).to_be_visible()
    screen.goto(f"{demo.url}/w/start/")
    expect(screen.get_by_role("heading", name="Вход в ваш кабинет")).to_be_visible()


@pytest.mark.spec("REG-05")
def test_unknown_address_is_answered_like_a_wrong_password(page: Page, demo):
    page.goto(f"{demo.url}/w/sign-in/")

    steps.sign_in(page, "nobody-at-all@example.com")

    expect(page.get_by_role("alert").get_by_text(WRONG)).to_be_visible()


@pytest.mark.spec("REG-06", "REG-07")
def test_forgotten_password_is_made_anew_by_the_code_of_a_letter(page: Page, demo):
    email = steps.customer(page.context, demo)
    page.context.clear_cookies()

    page.goto(f"{demo.url}/w/")
    page.get_by_role("link", name="Напомнить.").click()
    page.get_by_label("Адрес электронной почты").fill(email)
    page.get_by_role("button", name="Восстановить").click()
    page.get_by_label("Адрес электронной почты").fill(email)
    page.get_by_label("Код из письма").fill(demo.code_for(email, after=1))
    page.get_by_label("Новый пароль").fill("Kama-2026-autumn")
    page.get_by_label("Подтверждение пароля").fill("Kama-2026-autumn")
    page.get_by_role("button", name="Изменить пароль").click()

    steps.enter(page, demo, email, password="Kama-2026-autumn")


@pytest.mark.spec("REG-04", "CON-01", "PROF-02")
def test_unconfirmed_address_lets_look_round_but_not_link(page: Page, demo):
    place = demo.claim()
    steps.enter(page, demo, "unconfirmed@example.com", password=demo.user("unconfirmed@example.com")["password"])
    expect(page.get_by_text("Подтвердите адрес электронной почты", exact=False).first).to_be_visible()

    page.goto(f"{demo.url}/w/contracts/link/")
    page.get_by_label("ИНН компании").fill(place.contract["inn"])
    page.get_by_label(re.compile("Номер договора с")).fill(place.contract["number"])
    page.get_by_role("button", name="Отправить заявку").click()

    expect(page.get_by_role("alert")).to_contain_text("Сначала подтвердите адрес электронной почты")
