"""Takes the manual's pictures from the demo: `KABINET_MANUAL_PICTURES=1 ./run test tests/journeys/test_pictures.py`."""

import re

import pytest
from playwright.sync_api import Page

from kabinet.help.formats.pictures import HEAD_BYTES, png_size
from kabinet.help.values import BOOKS
from tests.journeys import pictures, steps
from tests.journeys.pictures import set_up, take, whole
from tests.journeys.steps import block_of, field_of, row_of, send

pytestmark = pytest.mark.journey
taken_on_demand = pytest.mark.skipif(not pictures.ARE_WANTED, reason="pictures are taken on demand")
EMAIL = "petrova@example.com"


@pytest.mark.spec("HELP-03")
@pytest.mark.parametrize("name", [f"{book}/{picture.name}" for book, some in BOOKS.items() for picture in some])
def test_picture_of_the_manual_is_there_and_small(name):
    file = pictures.FOLDER / f"{name}.png"

    assert png_size(file.read_bytes()[:HEAD_BYTES])
    assert file.stat().st_size <= pictures.LARGEST_BYTES


@taken_on_demand
def test_pictures_of_the_entrance(page: Page, demo):
    set_up(page)
    page.goto(f"{demo.url}/w/")
    take(page, "front", page.get_by_role("banner"), page.get_by_role("main"))
    page.get_by_label("Адрес электронной почты").fill(EMAIL)
    page.get_by_label("Пароль", exact=True).fill(steps.PASSWORD)
    take(page, "sign-in", page.get_by_role("region", name="Вход в ваш кабинет"))
    page.goto(f"{demo.url}/w/sign-in/")
    whole(page, "send-entrance")
    page.goto(f"{demo.url}/w/sign-up/")
    steps.fill_sign_up(page, EMAIL)
    whole(page, "sign-up", tallest=1500)
    page.get_by_role("button", name="Зарегистрироваться").click()
    page.get_by_label("Код из письма").fill(demo.code_for(EMAIL))
    whole(page, "confirm-email")
    page.get_by_role("button", name="Подтвердить").click()
    whole(page, "signed-in")


@taken_on_demand
def test_pictures_of_contracts(page: Page, demo):
    first, second = demo.claim(), demo.claim(shows="заменён")
    set_up(page)
    steps.customer(page.context, demo)
    page.goto(f"{demo.url}/w/contracts/link/")
    page.get_by_label("ИНН компании").fill(first.contract["inn"])
    page.get_by_label(re.compile("Номер договора с")).fill(first.contract["number"])
    whole(page, "link-contract")
    steps.link(page, first.contract)
    take(page, "linked", page.locator(".body"))
    page.goto(f"{demo.url}/w/contracts/link/")
    steps.link(page, second.contract)
    page.goto(f"{demo.url}/w/contracts/")
    whole(page, "contracts")


@taken_on_demand
def test_pictures_of_readings(page: Page, demo):
    place = demo.claim(has_hot_water=True)
    set_up(page)
    steps.customer(page.context, demo, place)
    page.goto(f"{demo.url}/w/start/")
    whole(page, "start")
    steps.open_readings(page, demo)
    cold = [meter for meter in place.contract["meters"] if meter["resource"] == "cold_water"]
    rows = [row_of(page, type(place)(place.contract, meter)) for meter in cold]
    field_of(page, place).fill(place.after(12))
    take(page, "readings", page.get_by_role("heading", level=1), rows[0])
    page.set_viewport_size({"width": 1280, "height": 820})
    pictures.write(pictures.README_PICTURE, page.screenshot(animations="disabled", caret="hide"))
    set_up(page)
    field_of(page, place).fill(f"{int(place.after(12))}1234")
    send(page, place)
    take(page, "readings-refused", page.get_by_role("alert").first, block_of(page, place), tallest=860)
    for row, meter in zip(rows, cold, strict=True):
        row.get_by_label(steps.CURRENT).fill(type(place)(place.contract, meter).after(9))
    send(page, place)
    page.get_by_text("Успешно! Данные переданы").wait_for()
    take(page, "readings-sent", page.locator("#messages"), rows[0])
    page.goto(f"{demo.url}/w/readings/sewage-volumes/")
    block_of(page, place).get_by_label("Текущий объем").fill("31,5")
    whole(page, "sewage")
    page.goto(f"{demo.url}/w/readings/archive/")
    page.get_by_label("Адрес точки подключения").select_option(index=1)
    page.get_by_role("button", name="Применить фильтр").click()
    whole(page, "archive", tallest=1000)


@taken_on_demand
def test_pictures_of_the_rest(page: Page, demo, new_context):
    place = demo.claim()
    set_up(page)
    email = steps.customer(page.context, demo, place)
    steps.enter(new_context(user_agent=steps.FIREFOX).new_page(), demo, email)
    page.goto(f"{demo.url}/w/acts/")
    steps.ask_for_act(page)
    whole(page, "acts", tallest=900)
    page.goto(f"{demo.url}/w/profile/")
    whole(page, "profile", tallest=900)
    page.goto(f"{demo.url}/w/profile/sessions/")
    whole(page, "sessions")
    page.goto(f"{demo.url}/w/help/")
    page.get_by_label("Поисковая фраза").fill("поверк")
    page.get_by_role("button", name="Найти").click()
    whole(page, "answers")
    page.goto(f"{demo.url}/w/feedback/")
    page.get_by_label("Тема").fill("Показания и приборы учёта")
    page.get_by_label("Сообщение").fill("Поставили новый счётчик. Когда он появится в кабинете?")
    whole(page, "feedback", tallest=1000)
