"""Takes the pictures of the business portal's manual: `KABINET_MANUAL_PICTURES=1 ./run test` on this file."""

import pytest
from playwright.sync_api import Page

from tests.journeys import business, pictures, steps
from tests.journeys.pictures import set_up
from tests.journeys.viewers import ADMINISTRATOR, ID, first

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not pictures.ARE_WANTED, reason="pictures are taken on demand"),
]


def whole(page: Page, name: str, *, tallest: int = 760) -> None:
    pictures.whole(page, f"b-{name}", tallest=tallest, book="b")


def test_pictures_of_the_entrance(page: Page, demo):
    set_up(page)
    page.goto(f"{demo.url}/b/")
    page.get_by_label("E-mail").fill("petrova@example.com")
    page.get_by_label("Пароль", exact=True).fill(steps.PASSWORD)
    pictures.take(page, "b-front", page.get_by_role("banner"), page.get_by_role("main"), book="b")
    page.goto(f"{demo.url}/b/sign-up/")
    page.get_by_label("E-mail").fill("petrova@example.com")
    page.get_by_label("Пароль", exact=True).fill(steps.PASSWORD)
    whole(page, "sign-up")
    business.sign_in(page, demo, "novichok@example.com", business.user(demo, "novichok@example.com")["password"])
    for label, value in (("Фамилия", "Петрова"), ("Имя", "Мария"), ("Отчество", "Ивановна")):
        page.get_by_label(label, exact=True).fill(value)
    for label, value in (("Организация", "ООО «Новая»"), ("Должность", "Энергетик"), ("Адрес", "ул. Мира, 1")):
        page.get_by_label(label, exact=True).fill(value)
    pictures.take(page, "b-introduce", page.get_by_role("heading", level=1), page.locator("main form"), book="b")


def test_pictures_of_contracts_and_roles(page: Page, demo):
    set_up(page)
    business.come_in(page.context, demo, ADMINISTRATOR)
    page.goto(f"{demo.url}/b/start/")
    whole(page, "start")
    page.goto(f"{demo.url}/b/contracts/add/")
    page.get_by_label("Номер договора").fill("5910 2000 7311-17")
    page.get_by_label("E-mail").fill("office@example.com")
    whole(page, "add-contract")
    own = first(page.context, f"{demo.url}/b/profile/contracts/", rf"/contracts/({ID})/people/")
    page.goto(f"{demo.url}/b/contracts/{own}/")
    whole(page, "contract", tallest=900)
    page.goto(f"{demo.url}/b/contracts/{own}/people/")
    whole(page, "people")
    page.get_by_role("link", name="Добавить роль").click()
    page.get_by_label("Роль").select_option(label="Энергетик")
    page.get_by_label("E-mail").fill("ivanov@example.com")
    page.get_by_label("Все", exact=True).check()
    whole(page, "grant", tallest=900)
    section = first(page.context, f"{demo.url}/b/tickets/new/", rf'value="({ID})"[^>]*>[^<]*Работа личного кабинета')
    page.goto(f"{demo.url}/b/tickets/new/{section}/{own}/")
    page.get_by_label("Сообщение").fill("Когда появится в кабинете прибор, который поставили на складе?")
    page.get_by_role("button", name="Отправить").click()
    whole(page, "ticket", tallest=900)


def test_pictures_of_readings(page: Page, demo):
    set_up(page)
    business.come_in(page.context, demo, ADMINISTRATOR)
    url = f"{demo.url}/b"
    own = first(page.context, f"{url}/profile/contracts/", rf"/contracts/({ID})/people/")
    page.goto(f"{url}/readings/points/?contract={own}")
    page.locator(".point__fold").first.click()
    field = page.locator(".pr__field").first
    before = page.locator(".pr__previous .num").first.inner_text()
    field.fill(str(int(before.partition(",")[0]) + 120))
    field.blur()
    page.set_viewport_size({"width": 1160, "height": 1600})
    pictures.take(page, "b-points", page.locator(".points__head").first, page.locator(".point").nth(2), book="b")
    set_up(page)
    page.goto(f"{url}/readings/files/{own}/")
    whole(page, "file")
    sent = business.sent_file(page.context, f"{url}/readings/files/{own}/")
    page.goto(f"{url}/readings/files/{own}/{sent}/")
    whole(page, "file-fates", tallest=900)
    history = f"{url}/readings/history/?contract={own}"
    point = first(page.context, history, rf"open=({ID})")
    meter = first(page.context, f"{history}&open={point}", rf"/readings/meters/({ID})/")
    page.goto(f"{history}&open={point}&meter={meter}")
    pictures.take(page, "b-history", page.locator(".point").first, page.locator(".point").first, book="b")
    page.goto(f"{url}/readings/meters/{meter}/")
    whole(page, "meter", tallest=1100)
