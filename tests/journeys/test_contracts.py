"""The manual, chapters 5 and 9: «Заявка на подключение» and «Мои договора»."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps

pytestmark = pytest.mark.journey

NEUTRAL = "Договор с таким ИНН и номером не найден, либо данные не совпадают"
AFTER_THE_FIRST = [
    "Передача показаний ХВС", "Передача объемов по стокам ГВС", "Архив показаний", "Мои договора", "Акты сверки",
]  # fmt: skip


@pytest.fixture
def newcomer(page: Page, demo) -> Page:
    """A page of somebody who has no contract yet, at «Заявка на подключение»."""
    steps.customer(page.context, demo)
    page.goto(f"{demo.url}/w/contracts/link/")
    return page


def ask_for(page: Page, inn: str, number: str) -> None:
    page.get_by_label("ИНН компании").fill(inn)
    page.get_by_label(re.compile("Номер договора с")).fill(number)
    page.get_by_role("button", name="Отправить заявку").click()


@pytest.mark.spec("CON-01", "SITE-05")
def test_first_contract_opens_the_menu_of_the_manual(newcomer: Page, demo):
    contract = demo.claim().contract
    menu = newcomer.get_by_role("navigation", name="Главное меню").locator("visible=true")
    expect(menu.get_by_role("link")).to_have_text(["Заявка на подключение"])

    steps.link(newcomer, contract)

    expect(menu.get_by_role("link")).to_have_text(["Заявка на подключение", *AFTER_THE_FIRST])
    expect(newcomer.get_by_role("row", name=re.compile(re.escape(contract["number"])))).to_be_visible()


@pytest.mark.spec("CON-01")
def test_misprint_in_the_inn_is_named_at_its_field_and_nothing_is_lost(newcomer: Page, demo):
    contract = demo.claim().contract
    wrong = contract["inn"][:-1] + str((int(contract["inn"][-1]) + 1) % 10)

    ask_for(newcomer, wrong, contract["number"])

    field = newcomer.get_by_label("ИНН компании")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(newcomer.get_by_text("Контрольные цифры ИНН не сходятся", exact=False).last).to_be_visible()
    expect(field).to_have_value(wrong)
    expect(newcomer.get_by_label(re.compile("Номер договора с"))).to_have_value(contract["number"])


@pytest.mark.spec("CON-01")
def test_unknown_number_and_anothers_contract_get_one_answer(newcomer: Page, demo):
    own, another = (demo.provider("W")["unlinked"][place] for place in (4, 6))
    answers = []
    for inn, number in ((own["inn"], "999999"), (own["inn"], another["number"])):
        ask_for(newcomer, inn, number)
        answers.append(newcomer.get_by_role("alert").inner_text())

    assert NEUTRAL in answers[0]
    assert answers[0] == answers[1]


@pytest.mark.spec("CON-01")
def test_linking_twice_says_so(page: Page, demo):
    place = demo.claim()
    steps.customer(page.context, demo, place)

    page.goto(f"{demo.url}/w/contracts/link/")
    ask_for(page, place.contract["inn"], place.contract["number"])

    expect(page.get_by_role("alert")).to_contain_text("Этот договор уже подключён к вашему кабинету.")


@pytest.mark.spec("CON-04")
def test_contract_is_removed_from_own_cabinet_after_a_question(screen: Page, demo):
    place = demo.claim()
    contract = place.contract
    steps.customer(screen.context, demo, place)
    screen.goto(f"{demo.url}/w/contracts/")
    row = screen.get_by_role("row", name=re.compile(re.escape(contract["customer_number"])))
    expect(row).to_contain_text(contract["inn"])

    row.get_by_role("link", name=re.compile("Удалить")).click()
    expect(screen.get_by_role("main")).to_contain_text(contract["customer_name"])
    screen.get_by_role("link", name="Отмена").click()
    row.get_by_role("link", name=re.compile("Удалить")).click()
    screen.get_by_role("button", name="Удалить").click()

    expect(screen.get_by_text("Договоров пока нет")).to_be_visible()
