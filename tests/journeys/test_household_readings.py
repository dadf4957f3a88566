"""The private customer's manual, 4.1 and 4.2: readings of a flat, what may be wrong in them, and the office."""

import io
import re
from functools import partial

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys import flats, office
from tests.journeys.looking import read_json, wait_for
from tests.journeys.test_pages import FIRST_VISIT, LATER, NARROWEST, Loaded, faults_of, widths_of

pytestmark = pytest.mark.journey

THANKS = "Показания вашего счетчика были успешно отправлены."
CHECK = "Пожалуйста, проверьте правильность данных перед отправкой."
# A reading of five digits with a red one behind is too long for its dial; one with a zero in front only looks high.
LONG = 10_000


def electric(account):
    return next((meter for meter in account["meters"] if meter["resource"] == "electricity"), {"registers": []})


def shown(meter, *, run):
    """Return what each register shows after so much has run, with all its black digits."""
    return [
        str(int(float(register["previous"])) + run).zfill(register["integer_digits"]) for register in meter["registers"]
    ]


def has_both_mistakes(account):
    registers = electric(account)["registers"]
    values = [int(value) for value in shown(electric(account), run=60)]
    in_order = [register["tariff_number"] for register in registers] == [1, 2]
    return in_order and min(values) < LONG - 60 <= max(values)


def two_rooms(account):
    return sum(meter["resource"] == "hot_water" for meter in account["meters"]) == 2


def come_in(page, demo, account):
    """Sign the household up, sign in, and open the page by its task or its menu."""
    flats.sign_up(page, demo, account)
    page.goto(f"{demo.url}/p/sign-in/")
    flats.sign_in(page, account["number"])
    expect(page.get_by_text("Вы успешно авторизовались!")).to_be_visible()
    page.goto(f"{demo.url}/p/readings/household/")


def registers_on(page):
    """Return the dials of the page in their order."""
    return page.locator("input.dial__input")


def previous_on(page):
    return int(page.locator("[data-dial]").get_attribute("data-previous") or 0)


def fill(page, values):
    fields = registers_on(page)
    expect(fields).to_have_count(len(values))
    for place, value in enumerate(values):
        fields.nth(place).fill(value)


def press(page, name):
    page.get_by_role("button", name=name, exact=True).locator("visible=true").last.click()


def row_of(page, words):
    """Return a row of a table, which on a phone is a card."""
    return page.locator("tbody tr").filter(has_text=words)


@pytest.mark.spec("READ-07", "READ-08", "READ-09")
def test_both_mistakes_of_the_manual_are_mended_by_one_press_each(screen: Page, demo):
    account = flats.claim(demo, suits=has_both_mistakes)
    meter = electric(account)
    right = shown(meter, run=60)
    come_in(screen, demo, account)
    expect(screen.get_by_text("введённое сейчас войдёт в следующий период — октябрь 2026")).to_be_visible()
    expect(screen.get_by_label("Номер тарифа, день")).to_have_value("1")

    fill(screen, [f"{value.lstrip('0')}7" for value in right])
    press(screen, "Передать")
    for _ in right:
        screen.get_by_role("button", name=re.compile("^Взять ")).first.click()

    expect(screen.get_by_text(CHECK)).to_be_visible()
    for number, value in zip(("T1", "T2"), right, strict=True):
        expect(row_of(screen, number)).to_contain_text(value)
        expect(row_of(screen, number).locator("td").last).to_have_text("60")
    press(screen, "Отправить")
    expect(screen.get_by_text(THANKS)).to_be_visible()
    ids = {register["id"] for register in meter["registers"]}
    submissions = f"{demo.sandbox}/billing/p/submissions.json"
    wait_for(lambda: len([row for row in read_json(submissions) if row["register"] in ids]) == 2)


@pytest.mark.spec("READ-07", "READ-08")
def test_hot_water_of_two_rooms_goes_at_once_and_a_letter_comes(screen: Page, demo):
    account = flats.claim(demo, is_simple=False, suits=two_rooms)
    come_in(screen, demo, account)
    screen.get_by_role("button", name="Горячая вода").click()
    fields = registers_on(screen)
    expect(fields).to_have_count(2)
    for place in range(2):
        previous = int(fields.nth(place).evaluate("field => field.closest('[data-dial]').dataset.previous"))
        fields.nth(place).fill(str(previous + 3))

    press(screen, "Передать")
    expect(screen.locator("tbody tr")).to_have_count(2)
    screen.get_by_label(re.compile("для уведомления о приёме")).fill("mama@example.com")
    press(screen, "Отправить")

    expect(screen.get_by_text("Спасибо!").first).to_be_visible()
    letter = demo.letter("mama@example.com", "показания получены")
    assert account["number"] in letter["text"]
    assert letter["text"].count("расход 3 м³") == 2


@pytest.mark.spec("READ-09", "STAFF-01")
def test_truly_high_reading_goes_with_photo_and_word_and_the_office_sees_it(page: Page, demo, new_context):
    account = flats.claim(demo, suits=lambda one: len(one["meters"]) == 2)
    come_in(page, demo, account)
    page.get_by_role("button", name="Горячая вода").click()
    previous = previous_on(page)
    value = str(previous + 60).zfill(5)
    fill(page, [value])
    press(page, "Передать")
    expect(page.get_by_role("heading", name=re.compile("Расход намного больше вашего обычного"))).to_be_visible()

    press(page, "Отправить")
    expect(page.get_by_text("Возьмите предложенное или подтвердите своё.")).to_be_visible()
    page.get_by_label("Да, на счётчике именно так.").check()
    page.get_by_label("Комментарий").fill("Ремонт: промывали трубы")
    page.get_by_label("Фото счётчика").set_input_files({"name": "dial.png", "mimeType": "image/png", "buffer": photo()})
    press(page, "Отправить")
    expect(page.get_by_text(THANKS)).to_be_visible()

    desk = new_context().new_page()
    specialist = office.specialist_of(demo, "P")
    office.sign_in(desk.context, specialist)
    desk.goto(specialist["url"])
    office.open_menu(desk, "Сомнительные показания")
    row = row_of(desk, account["number"])
    expect(row).to_contain_text(value)
    expect(row).to_contain_text("Ремонт: промывали трубы")
    row.get_by_role("link").click()
    picture = desk.get_by_role("img", name=re.compile("Фото счётчика"))
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") == 640
    desk.get_by_role("button", name="Просмотрено").click()
    expect(desk.get_by_text("Показание отмечено как просмотренное.")).to_be_visible()


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "grey").save(out, "PNG")
    return out.getvalue()


@pytest.mark.spec("READ-07", "READ-08", "SITE-04")
def test_without_scripts_tabs_types_and_editing_keep_what_was_typed(new_context, demo):
    account = flats.claim(demo, suits=lambda one: len(electric(one)["registers"]) == 2 and len(one["meters"]) == 2)
    page = new_context(java_script_enabled=False).new_page()
    come_in(page, demo, account)
    right = shown(electric(account), run=50)
    fill(page, right)

    page.get_by_role("button", name="Горячая вода").click()
    page.get_by_role("button", name="Электроэнергия").click()
    expect(registers_on(page).first).to_have_value(right[0])
    page.get_by_role("button", name="3-тарифный").click()
    expect(page.get_by_text("полупик", exact=True)).to_be_visible()
    page.get_by_role("button", name="2-тарифный").click()
    press(page, "Передать")

    expect(page.get_by_text(CHECK)).to_be_visible()
    expect(page.get_by_role("heading", name="Стоимость, предварительно")).to_be_visible()
    press(page, "Редактировать")
    expect(registers_on(page).nth(1)).to_have_value(right[1])


@pytest.mark.spec("READ-07", "SITE-04")
def test_price_stands_there_while_one_types_and_the_keyboard_is_enough(page: Page, demo):
    account = flats.claim(demo, suits=lambda one: len(electric(one)["registers"]) == 1)
    come_in(page, demo, account)
    (right,) = shown(electric(account), run=50)

    registers_on(page).first.focus()
    page.keyboard.type(right)
    expect(page.get_by_text("Стоимость, предварительно")).to_be_visible()
    expect(page.get_by_text(re.compile("обычного|как обычно"))).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text(CHECK)).to_be_visible()
    page.get_by_role("button", name="Отправить").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text(THANKS)).to_be_visible()


@pytest.mark.spec("SITE-04", "READ-07", "READ-08", "READ-09")
def test_pages_of_the_flat_are_open_to_everybody_narrow_and_light(page: Page, demo, axe):
    account = flats.claim(demo, suits=lambda one: len(electric(one)["registers"]) == 2 and len(one["meters"]) == 2)
    come_in(page, demo, account)
    looked, loaded = {}, Loaded(page)

    def look(name):
        page.evaluate(axe)
        looked[name] = (faults_of(page), widths_of(page))
        page.set_viewport_size({"width": 1280, "height": 900})

    path = f"{demo.url}/p/readings/household/"
    first, later = (loaded.by(partial(page.goto, path, wait_until="networkidle")) for _ in range(2))
    look("form")
    page.goto(f"{path}?tab=hot_water")
    look("hot water")
    previous = previous_on(page)
    fill(page, [str(previous + 60)])
    press(page, "Передать")
    look("check screen with a doubt")
    press(page, "Редактировать")
    fill(page, [f"{previous + 3}"])
    press(page, "Передать")
    press(page, "Отправить")
    expect(page.get_by_text(THANKS)).to_be_visible()
    look("thanks")

    narrow = {"normal": NARROWEST["width"], "large": NARROWEST["width"]}
    assert looked == {name: ([], narrow) for name in looked}
    assert (first <= FIRST_VISIT, later <= LATER) == (True, True), (first, later)
