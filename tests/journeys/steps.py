"""What people do on the portal, step by step; each step is taken by the names that the page shows."""

import re
import time
from itertools import count
from typing import Any

from playwright.sync_api import APIResponse, BrowserContext, Locator, Page, expect

from kabinet.tickets.rules.stamps import QUICKEST

PASSWORD = "Udmurtia-2026-rain"
SESSION_COOKIE = "kabinet"
CURRENT = "Текущее показание прибора учёта"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
_people = count(1)


def new_address() -> str:
    return f"journey-{next(_people)}@example.com"


def sign_up(page: Page, demo, *, slug="w") -> str:
    """Sign a new person up and confirm the address by the code of the letter."""
    email = new_address()
    page.goto(f"{demo.url}/{slug}/")
    page.get_by_role("link", name="Зарегистрироваться").first.click()
    fill_sign_up(page, email)
    page.get_by_role("button", name="Зарегистрироваться").click()
    confirm_address(page, demo.code_for(email))
    return email


def fill_sign_up(page: Page, email: str) -> None:
    page.get_by_label("Наименование организации").fill("ООО «Новая»")
    page.get_by_label("Фамилия").fill("Петрова")
    page.get_by_label("Имя", exact=True).fill("Мария")
    page.get_by_label("Отчество", exact=True).fill("Ивановна")
    page.get_by_label("Телефон").fill("8 912 345-67-89")
    page.get_by_label("Адрес электронной почты").fill(email)
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_label("Подтверждение пароля").fill(PASSWORD)
    page.get_by_label(re.compile("пользовательское соглашение", re.IGNORECASE)).check()
    page.get_by_label(re.compile("обработк", re.IGNORECASE)).check()


def confirm_address(page: Page, code: str) -> None:
    page.get_by_label(re.compile("Код")).fill(code)
    page.get_by_role("button", name="Подтвердить").click()


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("Адрес электронной почты").fill(email)
    page.get_by_label("Пароль", exact=True).fill(password)
    page.get_by_role("button", name="Войти").click()


def link(page: Page, contract: Any) -> None:
    page.get_by_label("ИНН компании").fill(contract["inn"])
    page.get_by_label(re.compile("Номер договора с")).fill(contract["number"])
    page.get_by_role("button", name="Отправить заявку").click()
    expect(page.get_by_text("Заявка успешно отправлена")).to_be_visible()


def customer(context: BrowserContext, demo, *places: Any) -> str:
    """Sign a new person up and link the contracts without showing it: other stories tell how that is done."""
    email = new_address()
    fields = {
        "organisation": "ООО «Новая»", "last_name": "Петрова", "first_name": "Мария", "middle_name": "Ивановна",
        "phone": "8 912 345-67-89", "email": email, "password": PASSWORD, "again": PASSWORD,
    }  # fmt: skip
    post_form(context, f"{demo.url}/w/sign-up/", fields, ticked=("terms", "personal_data"))
    post_form(context, f"{demo.url}/w/confirm-email/", {"code": demo.code_for(email)})
    for contract in {place.contract["number"]: place.contract for place in places}.values():
        post_form(context, f"{demo.url}/w/contracts/link/", {"inn": contract["inn"], "number": contract["number"]})
    return email


def post_form(context: BrowserContext, url: str, fields: dict[str, str], *, ticked: tuple[str, ...] = ()) -> None:
    """Open a form and fill it in as a browser does."""
    answer_form(context, url, context.request.get(url).text(), fields, ticked=ticked)


def answer_form(
    context: BrowserContext,
    url: str,
    page: str,
    fields: dict[str, str],
    *,
    ticked: tuple[str, ...] = (),
    stays: bool = False,
) -> APIResponse:
    """Send the form of a page; another page answers when all is well, unless the form's own is to be shown."""
    hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("csrfmiddlewaretoken", *ticked)}
    form = {name: found[1] for name, found in hidden.items() if found} | fields
    answer = context.request.post(url, form=form)
    assert answer.ok, f"{url} answered {answer.status}"
    assert stays or answer.url != url, f"{url} refused the form"
    return answer


def ask(context: BrowserContext, demo, email: str, *, text: str) -> tuple[str, str]:
    """Write to «Обратная связь» without showing it; return the question's number and the page that tells it."""
    url = f"{demo.url}/w/feedback/"
    page = context.request.get(url).text()
    # A form that is filled in faster than people type is taken for a robot's.
    time.sleep(QUICKEST.total_seconds() + 0.1)
    told = answer_form(context, url, page, {"subject": "Показания", "text": text, "email": email}, ticked=("stamp",))
    number = re.search(r"ОС-\d{4}-\d+", told.text())
    assert number, "the page of an accepted question tells its number"
    return number[0], told.url


def enter(page: Page, demo, email: str, *, slug="w", password=PASSWORD) -> None:
    """Open the portal and sign in by the block of its front page."""
    page.goto(f"{demo.url}/{slug}/")
    sign_in(page, email, password)
    expect(page.get_by_text("Вы успешно авторизовались!")).to_be_visible()


def open_menu(page: Page, name: str) -> None:
    """Follow the menu; on a phone it is folded."""
    fold = page.locator("details.menu-fold > summary")
    if fold.is_visible():
        fold.click()
    page.get_by_role("link", name=name, exact=True).locator("visible=true").first.click()


def is_phone(page: Page) -> bool:
    return bool(page.viewport_size and page.viewport_size["width"] < 480)


def open_readings(page: Page, demo) -> None:
    page.goto(f"{demo.url}/w/readings/cold-water/")


def row_of(page: Page, place: Any) -> Locator:
    """Return the row of a meter on the page of readings."""
    return page.get_by_role("article", name=re.compile(re.escape(place.meter["number"])))


def field_of(page: Page, place: Any) -> Locator:
    return row_of(page, place).get_by_label(CURRENT)


def block_of(page: Page, place: Any) -> Locator:
    """Return the block of a contract."""
    return page.get_by_role("region", name=re.compile(re.escape(place.contract["customer_number"])))


def press(page: Page, place: Any, name: str) -> None:
    """Press a button of a contract's block."""
    block_of(page, place).get_by_role("button", name=name).click()


def send(page: Page, place: Any) -> None:
    press(page, place, "Передать показания")


def reload_until(page: Page, seen: Locator, *, seconds: int = 30) -> None:
    """Look again as a person would: by loading the page anew."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if seen.is_visible():
            return
        page.wait_for_timeout(250)
        page.reload()
    expect(seen).to_be_visible()


def ask_for_act(page: Page, *, since="2026-09-01", until="2026-09-30") -> None:
    """Ask for an act of reconciliation of the only contract."""
    page.get_by_label("Период с").fill(since)
    page.get_by_label("по", exact=True).fill(until)
    page.get_by_role("button", name="Запросить акт").click()
