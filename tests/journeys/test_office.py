"""The provider's office: its entrance, and each duty as a specialist does it, to where the customer sees the end."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from kabinet.kernel.formats import format_number
from tests.journeys import office, steps
from tests.journeys.steps import block_of, field_of, row_of, send

pytestmark = pytest.mark.journey

WRONG = "Ошибка входа. Неверное имя пользователя/пароль"


def size_of(page: Page) -> ViewportSize:
    assert page.viewport_size
    return page.viewport_size


@pytest.fixture
def desk(new_context, demo, viewers, screen: Page) -> Page:
    """The specialist's desk on a screen of the size of the story's own; that one is the customer's."""
    page: Page = new_context(storage_state=viewers.state_of("specialist")).new_page()
    page.set_viewport_size(size_of(screen))
    page.goto(office.specialist_of(demo)["url"])
    return page


@pytest.mark.spec("STAFF-01")
def test_specialist_comes_in_by_password_and_telephone_and_goes_out(screen: Page, demo):
    specialist = office.specialist_of(demo, "V")
    screen.goto(specialist["url"])
    steps.sign_in(screen, specialist["email"], "not-my-password")
    expect(screen.get_by_role("alert").get_by_text(WRONG)).to_be_visible()
    steps.sign_in(screen, specialist["email"], specialist["password"])

    code = screen.get_by_label("Код из приложения")
    code.fill("12")
    screen.get_by_role("button", name="Открыть кабинет").click()
    expect(screen.get_by_role("alert").first).to_contain_text("В коде шесть цифр")
    code.fill(office.code_of(specialist))
    screen.get_by_role("button", name="Открыть кабинет").click()
    expect(screen.get_by_role("heading", level=1, name="Рабочий стол")).to_be_visible()

    screen.locator("summary", has_text="Кто вошёл").click()
    screen.get_by_role("button", name="Выйти").click()
    expect(screen.get_by_text("Вы вышли из кабинета специалиста.")).to_be_visible()
    screen.goto(specialist["url"])
    expect(screen.get_by_role("heading", level=1, name="Вход специалиста")).to_be_visible()


@pytest.mark.spec("STAFF-01")
def test_newly_appointed_specialist_sets_up_the_telephone_and_an_own_password(page: Page, demo):
    specialist = office.appointed(demo)
    page.goto(specialist["url"])
    steps.sign_in(page, specialist["email"], specialist["password"])
    expect(page.get_by_role("img", name=re.compile("QR-код"))).to_be_visible()
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.get_by_label("Код из приложения").fill(office.code_of({"totp_secret": secret}))
    page.get_by_role("button", name="Готово").click()
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(10)
    page.get_by_role("link", name="Коды сохранены, открыть кабинет").click()

    page.get_by_label("Новый пароль", exact=True).fill(steps.PASSWORD)
    page.locator("[name=old]").fill(specialist["password"])
    page.locator("[name=again]").fill(steps.PASSWORD)
    page.get_by_role("button", name="Сохранить").click()

    menu = page.get_by_role("navigation", name="Меню специалиста").locator("visible=true")
    expect(menu.get_by_role("link", name="Обратная связь")).to_be_visible()
    expect(menu.get_by_role("link", name="Журнал действий")).to_have_count(0)


@pytest.mark.spec("STAFF-01", "SITE-03")
def test_question_of_a_customer_is_taken_noted_and_answered_by_letter(desk: Page, screen: Page, demo):
    email = steps.customer(screen.context, demo)
    number, _ = steps.ask(screen.context, demo, email, text="Поставили новый счётчик. Когда он появится?")

    desk.reload()
    desk.get_by_role("link", name=re.compile("Обратная связь ждёт ответа")).click()
    desk.get_by_role("link", name=number).click()
    desk.get_by_role("button", name="Взять в работу").click()
    expect(desk.get_by_text("Обращение у вас в работе.")).to_be_visible()
    desk.get_by_text("Оставить заметку для своих").click()
    desk.get_by_label("Заметка для своих").fill("Акт установки в архиве.")
    desk.get_by_role("button", name="Сохранить заметку").click()
    desk.get_by_label("Ответ", exact=True).fill("Счётчик появится завтра.")
    desk.get_by_role("button", name="Отправить ответ").click()
    expect(desk.get_by_text("Ответ отправлен.")).to_be_visible()

    letter = demo.letter(email, f"ответ на обращение {number}")
    assert "Счётчик появится завтра." in letter["text"]
    assert "Акт установки" not in letter["text"]


@pytest.mark.spec("STAFF-01", "REG-06")
def test_person_who_lost_the_mailbox_is_helped_back_in(desk: Page, screen: Page, demo):
    email, reached = steps.customer(screen.context, demo), steps.new_address()
    screen.goto(f"{demo.url}/w/start/")
    office.find(desk, email, re.compile("Петрова"))
    office.say_why(desk, "Приём в офисе")
    desk.get_by_role("link", name="Восстановить вход").click()
    desk.get_by_label("Новый адрес почты").fill(reached)
    desk.get_by_label("Я убедился, что обращается сам этот человек").check()
    desk.get_by_role("button", name="Отправить код").click()
    expect(desk.get_by_text("Код для нового пароля отправлен письмом", exact=False)).to_be_visible()
    expect(desk.get_by_role("main")).to_contain_text(reached)

    screen.reload()
    expect(screen.get_by_role("heading", name="Вход в ваш кабинет")).to_be_visible()
    screen.goto(f"{demo.url}/w/recover/code/")
    screen.get_by_label("Адрес электронной почты").fill(reached)
    screen.get_by_label("Код из письма").fill(demo.code_for(reached))
    screen.get_by_label("Новый пароль").fill("Kama-2026-spring")
    screen.get_by_label("Подтверждение пароля").fill("Kama-2026-spring")
    screen.get_by_role("button", name="Изменить пароль").click()
    steps.enter(screen, demo, reached, password="Kama-2026-spring")
    assert demo.letter(email, "адрес")


@pytest.mark.spec("STAFF-01", "READ-02")
def test_window_that_has_closed_is_extended_and_the_customer_sends(desk: Page, screen: Page, demo):
    place = demo.claim(window="closed", latest_deadline=6)
    steps.customer(screen.context, demo, place)
    steps.open_readings(screen, demo)
    expect(field_of(screen, place)).to_be_disabled()

    office.open_menu(desk, "Сроки передачи")
    desk.get_by_label("Номер договора").fill(place.contract["number"])
    desk.get_by_label("Принимать по (включительно)").fill("2026-10-20")
    desk.get_by_label("Причина").select_option(label="Поручение")
    desk.get_by_role("button", name="Продлить срок").click()
    expect(desk.get_by_role("alert").first).to_contain_text("Для этой причины нужен номер")
    desk.get_by_label("Номер документа").fill("15-б")
    desk.get_by_role("button", name="Продлить срок").click()
    granted = desk.get_by_role("row").filter(has_text=place.contract["number"])
    expect(granted).to_contain_text("20 октября 2026")

    screen.reload()
    expect(block_of(screen, place)).to_contain_text("продлён")
    field_of(screen, place).fill(place.after(4))
    send(screen, place)
    expect(screen.get_by_text("Успешно! Данные переданы")).to_be_visible()

    granted.get_by_role("button", name=re.compile("Снять")).click()
    expect(granted).to_have_count(0)


@pytest.mark.spec("STAFF-01", "HELP-01")
def test_answer_is_published_read_by_customers_and_taken_back(desk: Page, screen: Page, demo):
    question = f"Можно ли передать показание по телефону ({size_of(screen)['width']})?"
    office.open_menu(desk, "Вопросы и ответы")
    desk.get_by_role("link", name="Новый вопрос").click()
    desk.get_by_role("button", name="Опубликовать").click()
    expect(desk.get_by_role("alert").first).to_contain_text("Вопрос")
    desk.get_by_label("Группа").fill("Показания")
    desk.get_by_label("Вопрос", exact=True).fill(question)
    desk.get_by_label("Ответ", exact=True).fill("Да, в рабочие дни с восьми до пяти.")
    desk.get_by_role("button", name="Опубликовать").click()
    published = desk.get_by_role("row").filter(has_text=question)
    expect(published).to_contain_text("опубликован")

    screen.goto(f"{demo.url}/w/help/")
    screen.get_by_text(question).click()
    expect(screen.get_by_text("Да, в рабочие дни с восьми до пяти.")).to_be_visible()

    published.get_by_role("button", name=re.compile("Снять")).click()
    expect(published).to_contain_text("снят")
    screen.reload()
    expect(screen.get_by_text(question)).to_have_count(0)


@pytest.mark.spec("STAFF-01", "STAFF-02", "BILL-02", "BILL-03")
def test_specialist_sees_what_a_contract_sent_and_what_billing_said(desk: Page, screen: Page, demo):
    place = demo.claim()
    steps.customer(screen.context, demo, place)
    steps.open_readings(screen, demo)
    field_of(screen, place).fill(place.after(6))
    send(screen, place)
    steps.reload_until(screen, row_of(screen, place).get_by_text("принято", exact=True))

    office.find(desk, place.contract["number"], place.contract["number"])
    office.say_why(desk, "Звонок")
    expect(desk.get_by_role("heading", level=1, name=f"Договор {place.contract['number']}")).to_be_visible()
    desk.get_by_role("link", name="Показания и биллинг").click()

    lines = desk.get_by_role("row").filter(has_text=place.meter["number"])
    for told in ("Клиент передал", "Отдано биллингу", "Биллинг подтвердил получение", "Биллинг ответил"):
        expect(lines.filter(has_text=told).first).to_be_visible()
    expect(lines.filter(has_text="Клиент передал").first).to_contain_text(format_number(Decimal(place.after(6))))
    desk.get_by_role("link", name="Карточка").click()
    desk.get_by_role("link", name="Что записано в журнале").click()
    expect(desk.get_by_role("main")).to_contain_text("Звонок")
