"""What happens to people while they type: the session ends, a click doubles, a second tab, a contract goes away."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import steps
from tests.journeys.steps import field_of, row_of, send

pytestmark = pytest.mark.journey

SENT = "Успешно! Данные переданы"
UNCHANGED = "Эти показания уже переданы: ничего не изменилось."


@pytest.mark.spec("READ-01", "REG-05")
def test_what_was_typed_comes_back_when_the_session_ended_meanwhile(page: Page, demo):
    place = demo.claim()
    email = steps.customer(page.context, demo, place)
    steps.open_readings(page, demo)
    field_of(page, place).fill(place.after(4))
    page.context.clear_cookies(name=steps.SESSION_COOKIE)

    send(page, place)
    expect(page.get_by_text("введённое сохранено", exact=False)).to_be_visible()
    steps.sign_in(page, email)

    expect(page.get_by_text("Введённое до входа сохранено", exact=False)).to_be_visible()
    expect(field_of(page, place)).to_have_value(place.after(4))
    send(page, place)
    expect(page.get_by_text(SENT)).to_be_visible()


@pytest.mark.spec("READ-03", "BILL-01")
def test_double_click_sends_once(page: Page, demo):
    place = demo.claim()
    steps.customer(page.context, demo, place)
    steps.open_readings(page, demo)
    field_of(page, place).fill(place.after(4))

    steps.block_of(page, place).get_by_role("button", name="Передать показания").dblclick()

    expect(page.get_by_text(SENT)).to_be_visible()
    steps.reload_until(page, row_of(page, place).get_by_text("принято", exact=True))
    assert [row["state"] for row in demo.submissions(place)] == ["taken"]


@pytest.mark.spec("READ-03")
def test_second_tab_is_told_what_the_first_one_sent(page: Page, demo):
    place = demo.claim()
    steps.customer(page.context, demo, place)
    steps.open_readings(page, demo)
    second = page.context.new_page()
    steps.open_readings(second, demo)

    for tab, answer in ((page, SENT), (second, UNCHANGED)):
        field_of(tab, place).fill(place.after(4))
        send(tab, place)
        expect(tab.get_by_text(answer)).to_be_visible()
    field_of(second, place).fill(place.after(6))
    send(second, place)
    expect(second.get_by_text(SENT)).to_be_visible()

    page.reload()
    expect(field_of(page, place)).to_have_value(place.after(6))


@pytest.mark.spec("CON-04", "READ-01")
def test_contract_removed_in_another_window_while_typing_is_said_and_nothing_goes(page: Page, demo, new_context):
    place = demo.claim()
    email = steps.customer(page.context, demo, place)
    steps.open_readings(page, demo)
    field_of(page, place).fill(place.after(4))
    elsewhere = new_context().new_page()
    steps.enter(elsewhere, demo, email)
    elsewhere.goto(f"{demo.url}/w/contracts/")
    elsewhere.get_by_role("link", name="Удалить").click()
    elsewhere.get_by_role("button", name="Удалить").click()
    expect(elsewhere.get_by_text("Договоров пока нет")).to_be_visible()

    send(page, place)

    told = page.get_by_role("alert").filter(has_text=f"№{place.contract['customer_number']} больше не доступен вам")
    expect(told).to_contain_text("введённое по нему не отправлено")
    expect(page.get_by_role("heading", level=1, name="Передача показаний приборов учёта ХВС")).to_be_visible()
    assert demo.submissions(place) == []


@pytest.mark.spec("PROF-03")
def test_session_ended_elsewhere_asks_to_sign_in_again(page: Page, demo, new_context):
    email = steps.customer(page.context, demo)
    page.goto(f"{demo.url}/w/start/")
    elsewhere = new_context().new_page()
    steps.enter(elsewhere, demo, email)
    elsewhere.goto(f"{demo.url}/w/profile/sessions/")
    other = elsewhere.get_by_role("row").filter(has_text="Завершить").filter(has_not_text="Текущая")
    other.get_by_role("button", name="Завершить").click()
    expect(elsewhere.get_by_text("Сессия завершена.")).to_be_visible()

    page.reload()

    expect(page.get_by_role("heading", name="Вход в ваш кабинет")).to_be_visible()
