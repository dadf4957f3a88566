"""What specialists do on their way through the office, step by step."""

import re
import time
from typing import Any

import pyotp
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import steps

STEP_SECONDS = 30
# A code opens once, whoever of the stories asks for it.
_used: dict[str, int] = {}


def specialist_of(demo, tag: str = "W") -> Any:
    return demo.provider(tag)["specialists"][0]


def appointed(demo) -> Any:
    """Appoint a specialist of W for «Обратная связь», as who runs the portal does."""
    email = steps.new_address()
    told = demo.manage("create_specialist", "--provider", "w", "--email", email, "--role", "support")
    password = re.search(r"Пароль: (\S+)", told)
    assert password, told
    return {"email": email, "password": password[1], "url": specialist_of(demo)["url"]}


def code_of(specialist: Any) -> str:
    """Return what the telephone shows; the step to come where this one's code has opened the office already."""
    step = max(int(time.time()) // STEP_SECONDS, _used.get(specialist["totp_secret"], 0) + 1)
    time.sleep(max(0, (step - 1) * STEP_SECONDS - time.time()))
    _used[specialist["totp_secret"]] = step
    return pyotp.TOTP(specialist["totp_secret"]).generate_otp(step)


def pass_password(context: BrowserContext, specialist: Any) -> None:
    fields = {"email": specialist["email"], "password": specialist["password"]}
    steps.post_form(context, f"{specialist['url']}sign-in/", fields)


def sign_in(context: BrowserContext, specialist: Any) -> None:
    """Sign a specialist in without showing it: a story of its own tells how that is done."""
    pass_password(context, specialist)
    steps.post_form(context, f"{specialist['url']}second-factor/", {"code": code_of(specialist)})


def open_menu(page: Page, name: str) -> None:
    """Open a page of the office by its menu, which is folded on a phone."""
    fold = page.locator("details.menu-fold > summary")
    if fold.is_visible():
        fold.click()
    menu = page.get_by_role("navigation", name="Меню специалиста").locator("visible=true")
    menu.get_by_role("link", name=name).click()


def find(page: Page, phrase: str, name: str | re.Pattern[str]) -> None:
    """Look for something and open what was found."""
    open_menu(page, "Люди и договоры")
    page.get_by_label("Что ищем").fill(phrase)
    page.get_by_role("button", name="Найти").click()
    page.get_by_role("rowheader").get_by_role("link", name=name).click()


def say_why(page: Page, reason: str, reference: str = "") -> None:
    """Give the reason without which no card opens; one that was opened within the hour asks for none."""
    question = page.get_by_text("Почему вы открываете эту карточку?", exact=False)
    expect(question.or_(page.get_by_text("Карточка открыта", exact=False))).to_be_visible()
    if not question.is_visible():
        return
    page.get_by_label("Причина").select_option(label=reason)
    page.get_by_label("Номер документа").fill(reference)
    page.get_by_role("button", name="Открыть карточку").click()
