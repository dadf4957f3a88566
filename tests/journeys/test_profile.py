"""The profile: what one changes about oneself, where one is signed in, and how one goes for good."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps

pytestmark = pytest.mark.journey


@pytest.fixture
def person(page: Page, demo) -> str:
    """The address of a new person whose profile is open."""
    email = steps.customer(page.context, demo)
    page.goto(f"{demo.url}/w/profile/")
    return email


def leave_profile_for(page: Page, name) -> None:
    page.get_by_role("main").get_by_role("link", name=name).click()


@pytest.mark.spec("PROF-01")
def test_name_and_phone_are_changed_each_by_its_own_form(page: Page, person):
    leave_profile_for(page, re.compile("Редактировать профиль|Редактирование профиля"))
    page.get_by_label("Фамилия").fill("Соловьёва")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("main")).to_contain_text("Соловьёва")

    leave_profile_for(page, "Изменить телефон")
    page.get_by_label("Телефон").fill("12")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("alert").first).to_contain_text("Не похоже на телефон")
    page.get_by_label("Телефон").fill("+7 912 000-11-22")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("main")).to_contain_text(re.compile("912.?.?000"))


@pytest.mark.spec("PROF-01", "PROF-02")
def test_new_address_signs_in_only_after_its_code(page: Page, demo, person):
    changed = steps.new_address()
    leave_profile_for(page, "Изменить адрес электронной почты")
    page.get_by_label("Адрес электронной почты").fill(changed)
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("main")).to_contain_text(changed)

    page.get_by_label("Код из письма").fill(demo.code_for(changed))
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_role("main").get_by_text("подтверждён", exact=True)).to_be_visible()

    page.context.clear_cookies()
    steps.enter(page, demo, changed)


@pytest.mark.spec("PROF-04")
def test_account_is_removed_after_its_password_and_the_address_is_free_again(page: Page, demo, person):
    leave_profile_for(page, "Удалить аккаунт")
    page.get_by_label(re.compile("Пароль"), exact=False).first.fill("not-my-password")
    page.get_by_role("button", name="Удалить аккаунт").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.get_by_label(re.compile("Пароль"), exact=False).first.fill(steps.PASSWORD)
    page.get_by_role("button", name="Удалить аккаунт").click()

    page.goto(f"{demo.url}/w/sign-in/")
    steps.sign_in(page, person)
    expect(page.get_by_text("Ошибка входа. Неверное имя пользователя/пароль").first).to_be_visible()


@pytest.mark.spec("PROF-01", "PROF-03", "CON-04")
def test_profile_has_three_tabs(page: Page, person):
    tabs = page.get_by_role("navigation", name="Профиль").get_by_role("link")
    expect(tabs).to_have_text(["Профиль", "Договоры", "Сессии"])

    tabs.filter(has_text="Сессии").click()

    expect(page.get_by_text("Текущая")).to_be_visible()
