"""What people do on the portal of the retailer for business, step by step."""

import io
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import xlsxwriter
from playwright.sync_api import BrowserContext, FilePayload, Page, expect
from python_calamine import CalamineWorkbook

from tests.journeys import steps
from tests.journeys.looking import read_json, wait_for

# Which columns of the template of READ-12 are read by their place.
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATUS, METER, PREVIOUS, CURRENT = 2, 3, 7, 8
PERSON = {
    "last_name": "Петрова", "first_name": "Мария", "middle_name": "Ивановна", "organisation": "ООО «Новая»",
    "position": "Энергетик", "address": "г. Электростань, ул. Мира, 1",
}  # fmt: skip


def claim(demo, suits: Callable[[Any], bool] = lambda _contract: True) -> Any:
    """Give a contract of the retailer that nobody holds and no other story uses."""
    for contract in demo.provider("B")["unlinked"]:
        if contract["number"] not in demo.claimed and suits(contract):
            demo.claimed.add(contract["number"])
            return contract
    raise AssertionError("no contract of the retailer is left")


def user(demo, login: str) -> Any:
    return next(user for user in demo.provider("B")["users"] if user["login"] == login)


def number_of(demo, login: str, role: str) -> str:
    """Return the number of the contract on which one of the demonstration's people has the role."""
    return next(str(number) for number, held in user(demo, login)["roles"].items() if held == role)


def customer(context: BrowserContext, demo, *contracts: Any) -> str:
    """Sign a new person up and link the contracts without showing it: a story of its own tells how that is done."""
    email, url = half_known(context, demo), f"{demo.url}/b"
    steps.post_form(context, f"{url}/introduction/phone/", {"phone": "8 912 345-67-89"})
    for contract in contracts:
        add(context, demo, contract)
        page = link_of_letter(demo, contract)
        steps.answer_form(context, page, context.request.get(page).text(), {"answer": "confirm"}, stays=True)
    return email


def half_known(context: BrowserContext, demo) -> str:
    """Sign a new person up, who has said everything but the telephone."""
    email, url = steps.new_address(), f"{demo.url}/b"
    steps.post_form(
        context, f"{url}/sign-up/", {"email": email, "password": steps.PASSWORD}, ticked=("terms", "personal_data")
    )
    steps.post_form(context, f"{url}/confirm-email/", {"code": demo.code_for(email)})
    steps.post_form(context, f"{url}/introduction/", PERSON, ticked=("shown",))
    return email


def add(context: BrowserContext, demo, contract: Any) -> None:
    fields = {"number": contract["number"], "email": contract["emails"][0]}
    steps.post_form(context, f"{demo.url}/b/contracts/add/", fields)


def link_of_letter(demo, contract: Any) -> str:
    """Wait for the letter to the mailbox of the contract, and return the page that it leads to."""
    return link_in(demo.letter(contract["emails"][0], "подтвердите подключение договора"), "/contracts/confirm/")


def link_in(letter: Any, part: str) -> str:
    return next(str(link) for link in letter["links"] if part in link)


def first_password_of(demo, email: str) -> str:
    """Wait for the letter that tells of a role, and return the password in it."""
    letter = demo.letter(email, "вам назначена роль")
    found = re.search(r"Одноразовый пароль: (\S+)", letter["text"])
    assert found, letter["text"]
    return found[1]


def come_in(context: BrowserContext, demo, login: str) -> None:
    """Sign one of the demonstration's people in, without showing it."""
    fields = {"email": login, "password": user(demo, login)["password"]}
    steps.post_form(context, f"{demo.url}/b/sign-in/", fields)


def sign_in(page: Page, demo, email: str, password: str = steps.PASSWORD) -> None:
    page.goto(f"{demo.url}/b/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Пароль", exact=True).fill(password)
    page.get_by_role("button", name="Войти").click()


def introduce_oneself(page: Page) -> None:
    """«Давайте познакомимся», then the telephone."""
    expect(page.get_by_role("heading", level=1, name="Давайте познакомимся")).to_be_visible()
    for label, value in (("Фамилия", "Петрова"), ("Имя", "Мария"), ("Отчество", "Ивановна")):
        page.get_by_label(label, exact=True).fill(value)
    for label, value in (("Организация", "ООО «Новая»"), ("Должность", "Энергетик"), ("Адрес", "ул. Мира, 1")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Сохранить").click()
    page.get_by_label("Телефон").fill("8 912 345-67-89")
    page.get_by_role("button", name="Сохранить").click()


def open_contracts(page: Page, demo) -> None:
    page.goto(f"{demo.url}/b/profile/contracts/")


def row_of(page: Page, number: str) -> Any:
    """Return the row of a contract in «Профиль» → «Договоры»."""
    return page.get_by_role("row").filter(has_text=number)


def template_rows(body: bytes) -> list[list[Any]]:
    """Return the rows of a template of readings, its headings first."""
    return CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python()


def filled(rows: list[list[Any]]) -> bytes:
    """Write rows as the workbook that a customer sends."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Показания")
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
    return out.getvalue()


def sent_file(context: BrowserContext, url: str) -> str:
    """Send a file of readings, one of them wrong, without showing it; return its id when its rows have their fates."""
    head, *rows = template_rows(context.request.get(f"{url}template/").body())
    good = [[*row[:CURRENT], float(row[PREVIOUS]) + 5] for row in rows if row[STATUS] == "Ожидание"][:3]
    wrong = [*good[0][:METER], "много", *good[0][METER + 1 :]]
    book: FilePayload = {"name": "readings.xlsx", "mimeType": XLSX, "buffer": filled([head, *good, wrong])}
    token = _csrf(context.request.get(url).text())
    chosen = context.request.post(url, multipart={"csrfmiddlewaretoken": token, "file": book}).url
    context.request.post(f"{chosen}send/", form={"csrfmiddlewaretoken": token})
    wait_for(lambda: "Что стало со строками" in context.request.get(chosen).text())
    return chosen.rstrip("/").rpartition("/")[2]


def _csrf(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]*)"', page)
    assert found, "the page has no form"
    return found[1]


def sent_to_billing(demo, contract: str) -> list[Any]:
    """Return what billing has got of a contract."""
    return [
        row for row in read_json(f"{demo.sandbox}/billing/b/submissions.json") if row["contract_number"] == contract
    ]


def typed(rows: list[list[Any]], *, wrong: int) -> tuple[list[list[Any]], list[list[Any]]]:
    """Type readings of meters with one register into rows of a template; the last ones are left to be typed wrong."""
    meters = Counter(row[METER] for row in rows)
    usual = [row for row in rows if meters[row[METER]] == 1 and row[STATUS] == "Ожидание" and row[PREVIOUS] != ""]
    for row in usual:
        row[CURRENT] = float(row[PREVIOUS]) + 5
    assert len(usual) > wrong, "too few meters that can be sent for"
    return usual[:-wrong], usual[-wrong:]
