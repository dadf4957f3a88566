"""The manual of the portal for business: chapters 2.2, 4.3, 5.2 and 11.2, as its users live them."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import business, office, steps
from tests.journeys.looking import wait_for

pytestmark = pytest.mark.journey

ADMINISTRATOR, ENGINEER, ACCOUNTANT = "energo@example.com", "energy_engineer", "accountant"


@pytest.mark.spec("REG-01", "REG-09", "CON-02")
def test_newcomer_signs_up_says_who_he_is_and_adds_a_contract(screen: Page, demo):
    contract, email = business.claim(demo), steps.new_address()
    screen.goto(f"{demo.url}/b/")
    screen.get_by_role("link", name="Зарегистрироваться.").click()
    screen.get_by_label("E-mail").fill(email)
    screen.get_by_label("Пароль", exact=True).fill(steps.PASSWORD)
    screen.get_by_label(re.compile("Я принимаю пользовательское соглашение")).check()
    screen.get_by_label(re.compile("обработк")).check()
    screen.get_by_role("button", name="Зарегистрироваться").click()
    steps.confirm_address(screen, demo.code_for(email))

    screen.goto(f"{demo.url}/b/profile/contracts/")
    business.introduce_oneself(screen)
    expect(screen.get_by_text("Договоров пока нет")).to_be_visible()
    screen.get_by_role("link", name="Добавить договор").click()
    spaced = f"{contract['number'][:4]} {contract['number'][4:9]}-{contract['number'][9:]}"
    screen.get_by_label("Номер договора").fill(spaced)
    screen.get_by_label("E-mail").fill(contract["emails"][0].upper())
    screen.get_by_role("button", name="Сохранить").click()
    expect(screen.get_by_text("ждёт подтверждения").first).to_be_visible()
    expect(screen.get_by_role("main")).not_to_contain_text(contract["customer_name"])

    screen.goto(business.link_of_letter(demo, contract))
    expect(screen.get_by_role("main")).to_contain_text(email)
    screen.get_by_role("button", name="Подтвердить").click()
    expect(screen.get_by_text(f"Договор {contract['number']} подключён")).to_be_visible()
    business.open_contracts(screen, demo)
    expect(business.row_of(screen, contract["number"])).to_contain_text("Руководитель")
    screen.get_by_role("link", name=contract["number"], exact=True).click()
    expect(screen.get_by_role("heading", name="Приложения")).to_be_visible()
    expect(screen.get_by_role("main")).to_contain_text(contract["inn"])


@pytest.mark.spec("CON-02")
def test_wrong_address_is_answered_alike_and_nothing_of_the_contract_is_told(page: Page, demo):
    contract = business.claim(demo)
    business.customer(page.context, demo)
    page.goto(f"{demo.url}/b/contracts/add/")
    page.get_by_label("Номер договора").fill(contract["number"][:-1])
    page.get_by_label("E-mail").fill("somebody@example.com")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_label("Номер договора")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("E-mail")).to_have_value("somebody@example.com")

    page.get_by_label("Номер договора").fill(contract["number"])
    page.get_by_role("button", name="Сохранить").click()

    expect(page.get_by_text("ждёт подтверждения").first).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text(contract["customer_name"])
    page.get_by_role("button", name=re.compile("Отменить")).click()
    expect(page.get_by_text("Договоров пока нет")).to_be_visible()


@pytest.mark.spec("ROLE-01", "ROLE-02", "ROLE-04", "ROLE-05", "CON-02", "REG-01")
def test_example_of_the_manual(page: Page, new_context, demo):
    first, second, third = (
        business.number_of(demo, ADMINISTRATOR, role) for role in ("administrator", ENGINEER, ACCOUNTANT)
    )
    fourth, email = business.claim(demo), steps.new_address()
    business.come_in(page.context, demo, ADMINISTRATOR)
    business.open_contracts(page, demo)
    for number, word in ((first, "Администратор"), (second, "Энергетик"), (third, "Бухгалтер")):
        expect(business.row_of(page, number)).to_contain_text(word)
    page.goto(f"{demo.url}/b/readings/files/")
    expect(page.get_by_role("main").get_by_role("listitem").get_by_role("link")).to_have_count(2)
    for number in (first, second):
        expect(page.get_by_role("link", name=re.compile(number))).to_be_visible()
    page.goto(f"{demo.url}/b/acts/")
    offered = page.get_by_label("Договор").locator("option")
    expect(offered.filter(has_text=re.compile(f"{first}|{third}"))).to_have_count(2)
    expect(offered.filter(has_text=second)).to_have_count(0)

    business.open_contracts(page, demo)
    page.locator("summary", has_text=first).click()
    page.get_by_role("link", name=re.compile("Добавить роль")).click()
    page.get_by_label("Роль").select_option(label="Энергетик")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Все", exact=True).check()
    page.get_by_role("button", name="Назначить роль").click()
    expect(page.get_by_role("row").filter(has_text=email)).to_contain_text("Энергетик")

    guest: Page = new_context().new_page()
    business.sign_in(guest, demo, email, business.first_password_of(demo, email))
    guest.get_by_label(re.compile("пользовательское соглашение", re.IGNORECASE)).check()
    guest.get_by_label(re.compile("обработк")).check()
    guest.get_by_role("button", name="Продолжить").click()
    guest.get_by_label("Новый пароль", exact=True).fill(steps.PASSWORD)
    guest.locator("[name=again]").fill(steps.PASSWORD)
    guest.get_by_role("button", name="Сохранить").click()
    business.introduce_oneself(guest)
    business.open_contracts(guest, demo)
    expect(business.row_of(guest, first)).to_contain_text("Энергетик")

    business.add(guest.context, demo, fourth)
    guest.goto(business.link_of_letter(demo, fourth))
    guest.get_by_role("button", name="Подтвердить").click()
    business.open_contracts(guest, demo)
    expect(business.row_of(guest, fourth["number"])).to_contain_text("Руководитель")
    guest.locator("summary", has_text=first).click()
    expect(guest.get_by_text("Роли на этот договор назначает его Администратор.")).to_be_visible()


@pytest.mark.spec("READ-12", "READ-11")
def test_file_with_three_wrong_rows_sends_the_others_and_says_what_to_mend(page: Page, demo):
    contract = business.claim(demo, lambda one: sum(len(meter["registers"]) == 1 for meter in one["meters"]) >= 5)
    business.customer(page.context, demo, contract)
    # The only contract is not asked for.
    page.goto(f"{demo.url}/b/readings/files/")
    expect(page.get_by_role("main")).to_contain_text(contract["number"])
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Шаблон интегральных показаний").click()
    head, *rows = business.template_rows(downloading.value.path().read_bytes())
    good, (wordy, long_) = business.typed(rows, wrong=2)
    stranger = ["", "", "", "99999999", "", "A+", "Сутки", 1, 2]
    wordy[business.CURRENT], long_[business.CURRENT] = "двести", 123456789
    book = business.filled([head, *good, wordy, long_, stranger])

    page.get_by_label("Загрузите файл").set_input_files(
        {"name": "октябрь.xlsx", "mimeType": "application/octet-stream", "buffer": book}
    )
    page.get_by_role("button", name="Загрузить").click()
    expect(page.get_by_label("Выбранный файл")).to_contain_text("октябрь.xlsx")
    page.get_by_role("button", name="Передать показания").click()

    expect(page.get_by_text("Показания сохранены")).to_be_visible()
    expect(page.get_by_text(f"Передано: {len(good)}. Без изменений: 0. Не передано: 3.")).to_be_visible()
    for cells, number in ((wordy, len(good) + 2), (long_, len(good) + 3), (stranger, len(good) + 4)):
        row = page.get_by_role("row").filter(has_text=str(cells[business.METER]))
        expect(row).to_contain_text(f"Лист «Показания», строка {number}, ячейка I{number}")
    got = wait_for(lambda: _all_of(demo, contract, len(good)))
    assert {row["state"] for row in got} <= {"waiting", "taken"}


@pytest.mark.spec("READ-12")
def test_file_that_did_not_arrive_stays_chosen_and_goes_at_the_next_press(page: Page, demo):
    contract = business.claim(demo)
    business.customer(page.context, demo, contract)
    page.goto(f"{demo.url}/b/readings/files/")
    page.get_by_label("Загрузите файл").set_input_files(
        {"name": "показания.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n"}
    )

    page.route("**/readings/files/**", lambda route: route.abort())
    page.get_by_role("button", name="Загрузить").click()
    expect(page.get_by_role("alert")).to_contain_text("Файл не дошёл")
    page.unroute("**/readings/files/**")
    page.get_by_role("button", name="Загрузить").click()

    # What is wrong with the file is said where it would be said without a script.
    expect(page.get_by_role("alert")).to_contain_text("Проверьте, что введено")
    expect(page.get_by_role("alert")).to_be_focused()


def _all_of(demo, contract, count):
    got = business.sent_to_billing(demo, contract["number"])
    return got if len(got) == count else None


@pytest.mark.spec("ROLE-03", "TICK-02", "TICK-03")
def test_role_is_asked_for_granted_by_the_office_and_used(page: Page, new_context, demo):
    contract = business.claim(demo)
    business.customer(page.context, demo, contract)
    business.open_contracts(page, demo)
    page.locator("summary", has_text=contract["number"]).click()
    page.get_by_role("link", name=re.compile("Запросить доступ")).click()
    expect(page.get_by_role("heading", level=1, name="Направить обращение")).to_be_visible()
    expect(page.get_by_label("Договор").locator("option:checked")).to_contain_text(contract["number"])
    page.get_by_role("button", name="Дальше").click()
    expect(page.get_by_role("heading", level=1, name="Информация по обращению")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("ЛКК ЮЛ")
    page.get_by_label("Сообщение").fill("Прошу роль Администратора: я директор.")
    page.get_by_role("button", name="Отправить").click()
    number = re.search(r"ОС-\d{4}-\d+", page.get_by_role("main").inner_text())
    assert number
    business.open_contracts(page, demo)
    page.locator("summary", has_text=contract["number"]).click()
    expect(page.get_by_role("link", name=re.compile(f"Обращение {number[0]}"))).to_be_visible()

    desk: Page = new_context().new_page()
    specialist = office.specialist_of(demo, "B")
    office.sign_in(desk.context, specialist)
    desk.goto(f"{specialist['url']}tickets/")
    desk.get_by_role("link", name=number[0]).click()
    desk.get_by_label("Ответ автору").fill("Полномочия проверены, роль назначена.")
    desk.get_by_role("button", name="Назначить Администратором").click()

    page.goto(f"{demo.url}/b/tickets/")
    page.get_by_role("link", name=re.compile("Права доступа")).click()
    expect(page.get_by_text("Полномочия проверены, роль назначена.")).to_be_visible()
    business.open_contracts(page, demo)
    expect(business.row_of(page, contract["number"])).to_contain_text("Администратор")
    page.locator("summary", has_text=contract["number"]).click()
    page.get_by_role("link", name=re.compile("Добавить роль")).click()
    page.get_by_label("Роль").select_option(label="Бухгалтер")
    page.get_by_label("E-mail").fill("glavbuh@example.com")
    page.get_by_label("Все", exact=True).check()
    page.get_by_role("button", name="Назначить роль").click()
    expect(page.get_by_role("row").filter(has_text="glavbuh@example.com")).to_contain_text("Бухгалтер")
