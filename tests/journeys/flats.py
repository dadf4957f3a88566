"""Households of P that stories sign up, and what their people do step by step."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys import steps

_claimed: set[str] = set()


def claim(
    demo: Any,
    *,
    is_simple: bool = True,
    resource: str = "",
    suits: Callable[[Any], bool] = lambda _account: True,
) -> Any:
    """Give a household that no other story uses; a simple one has one meter of each resource, `resource` among them."""
    for account in demo.provider("P")["unlinked"]:
        resources = [meter["resource"] for meter in account["meters"]]
        is_one_each = bool(resources) and len(resources) == len(set(resources))
        is_wanted = is_one_each == is_simple and account["holder"]["middle"] and (not resource or resource in resources)
        if account["number"] in _claimed or not is_wanted or not suits(account):
            continue
        _claimed.add(account["number"])
        return account
    raise AssertionError("no household is left")


def fill_claim(page: Page, account: Any, *, initials: bool = False) -> None:
    """Type what the bill says: account without its zeros in front, holder, the digits of a meter."""
    holder = account["holder"]
    page.get_by_label("Номер лицевого счета").fill(account["number"].lstrip("0"))
    page.get_by_label("Фамилия").fill(holder["last"])
    page.get_by_label("Имя", exact=True).fill(holder["first"][0] if initials else holder["first"])
    page.get_by_label("Отчество", exact=True).fill(holder["middle"][0] if initials else holder["middle"])
    page.get_by_label("Номер счетчика").fill(re.sub(r"\D", "", account["meters"][0]["number"]))


def tick(page: Page) -> None:
    page.get_by_label(re.compile("пользовательское соглашение", re.IGNORECASE)).check()
    page.get_by_label(re.compile("обработк", re.IGNORECASE)).check()


def link_in(letter: Any) -> str:
    found = re.search(r"http\S+/(?:sign-up/password|recover/link)/[\w-]+/", letter["text"])
    assert found, letter["text"]
    return found[0]


def choose_password(page: Page, link: str, password: str = steps.PASSWORD) -> None:
    page.goto(link)
    page.get_by_label("Новый пароль").fill(password)
    page.get_by_label("Подтверждение пароля").fill(password)
    page.get_by_role("button", name="Изменить пароль").click()
    expect(page.get_by_text("Пароль успешно сменен")).to_be_visible()


def sign_up(page: Page, demo: Any, account: Any) -> str:
    """Sign the household up and choose its password; return the address."""
    email = steps.new_address()
    page.goto(f"{demo.url}/p/sign-up/")
    fill_claim(page, account)
    page.get_by_label("Адрес e-mail").fill(email)
    tick(page)
    page.get_by_role("button", name="Зарегистрироваться").click()
    choose_password(page, link_in(demo.letter(email, "задайте пароль")))
    return email


def sign_in(page: Page, name: str, password: str = steps.PASSWORD) -> None:
    page.get_by_label("Номер лицевого счета").fill(name)
    page.get_by_label("Пароль", exact=True).fill(password)
    page.get_by_role("button", name="Войти").click()


def fill_dials(page: Page, account: Any, resource: str, *, run: int) -> None:
    """Type what the dials of the resource show after so much has run."""
    meter = next(meter for meter in account["meters"] if meter["resource"] == resource)
    fields = page.locator("input.dial__input:visible")
    expect(fields).to_have_count(len(meter["registers"]))
    for place in range(fields.count()):
        field = fields.nth(place)
        previous = int(field.evaluate("field => field.closest('[data-dial]').dataset.previous"))
        digits = int(field.evaluate("field => field.closest('[data-dial]').dataset.digits"))
        field.fill(str(previous + run).zfill(digits))
