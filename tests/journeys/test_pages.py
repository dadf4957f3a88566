"""Every page of the portal: nothing that axe finds, no sideways scroll, light to load, named as the manual says."""

from functools import partial

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import pages, steps
from tests.journeys.looking import watch

pytestmark = pytest.mark.journey

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
PHONE, DESKTOP = (360, 740), (1280, 900)
NARROWEST = {"width": 320, "height": 640}
LOOKS = [
    ("dark", "normal", "normal"), ("light", "high", "large"), ("dark", "high", "large"),
]  # fmt: skip
FIRST_VISIT, LATER = 200_000, 30_000


@pytest.mark.spec("SITE-04")
@pytest.mark.parametrize("visit", pages.visits(), ids=lambda visit: visit.name)
def test_page_is_open_to_everybody_narrow_and_light(visit, new_context, demo, axe, viewers, found):
    page = new_context(storage_state=viewers.state_of(visit.viewer)).new_page()
    address = visit.address(demo.url, found)
    loaded = Loaded(page)

    first = loaded.by(lambda: page.goto(address, wait_until="networkidle"))
    assert page.url == address, f"{visit.route} led on to {page.url}"
    page.goto("about:blank")
    later = loaded.by(lambda: page.goto(address))
    page.evaluate(axe)

    assert first <= FIRST_VISIT, f"{visit.route}: {first} bytes on a first visit"
    assert later <= LATER, f"{visit.route}: {later} bytes later"
    assert faults_of(page) == []
    assert widths_of(page) == {"normal": NARROWEST["width"], "large": NARROWEST["width"]}


@pytest.mark.spec("SITE-04")
@pytest.mark.parametrize(("route", "next_"), pages.LEADING_ON.items())
def test_address_that_is_no_page_leads_to_one(route, next_, new_context, demo, viewers):
    page = new_context(storage_state=viewers.state_of("accountant")).new_page()

    page.goto(f"{demo.url}/w{pages.path_of(route)}")

    assert page.url == f"{demo.url}/w{pages.path_of(next_)}"


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("document.body.setAttribute('style', 'color: red')", "Content Security Policy"),
        ("document.body.append(Object.assign(new Image(), {src: 'https://example.org/a.png'}))", "Content Security"),
        ("setTimeout(() => { throw Error('a script fails') })", "a script fails"),
    ],
)
def test_what_the_browser_reports_is_seen(act, told, browser, demo):
    """The watch over every window of every story would see a breach of the policy, and an error."""
    faults: list[str] = []
    with browser.new_context() as context:
        watch(context, faults)
        page = context.new_page()
        page.goto(f"{demo.url}/w/")
        assert faults == []

        page.evaluate(act)
        page.wait_for_timeout(300)

    assert [fault for fault in faults if told in fault]


def faults_of(page):
    """Let axe look at the page on a desk and on a phone, and at its colours in every look."""
    faults = []
    for width, height in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        faults += faults_by(page, {"type": "tag", "values": TAGS}, f"{width}")
    for look in LOOKS:
        put_on(page, *look)
        faults += faults_by(page, {"type": "rule", "values": ["color-contrast"]}, " ".join(look))
    return faults


def widths_of(page):
    """Measure the page on the narrowest telephone in both prints: nothing is to be scrolled to the side."""
    page.set_viewport_size(NARROWEST)
    widths = {}
    for print_ in ("normal", "large"):
        put_on(page, "light", "normal", print_)
        widths[print_] = page.evaluate("document.documentElement.scrollWidth")
    return widths


def put_on(page, theme, contrast, print_):
    """Give the page another look, as its own settings would."""
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.evaluate(
        "([contrast, print]) => Object.assign(document.documentElement.dataset, {contrast, print})", [contrast, print_]
    )


def faults_by(page, rules, where):
    found = page.evaluate(
        "rules => axe.run({runOnly: rules, resultTypes: ['violations']}).then(found => found.violations)", rules
    )
    return [f"{where}: {fault['id']} at {fault['nodes'][0]['target'][0]}" for fault in found]


class Loaded:
    """Counts what a page takes from the network, as it comes over the wire."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._bytes = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._count)

    def by(self, act) -> int:
        before = self._bytes
        act()
        # What the browser says arrives in order: after an answer nothing of before is on its way.
        self._page.evaluate("0")
        return self._bytes - before

    def _count(self, told) -> None:
        self._bytes += int(told["encodedDataLength"])


@pytest.mark.spec("SITE-04", "READ-01")
def test_sixty_meters_are_light_too(page: Page, demo):
    place = demo.claim(shows="60 приборов")
    steps.customer(page.context, demo, place)
    loaded = Loaded(page)

    for path in ("readings/cold-water/", "readings/archive/"):
        address = f"{demo.url}/w/{path}"
        first, later = (loaded.by(partial(page.goto, address, wait_until="networkidle")) for _ in range(2))
        assert first <= FIRST_VISIT, f"{path}: {first} bytes on a first visit"
        assert later <= LATER, f"{path}: {later} bytes later"


# What the requirement catalogue writes in «…» for W: route, role, name.
NAMES = {
    "home:front": [
        ("heading", "Вход в ваш кабинет"), ("textbox", "Адрес электронной почты"), ("textbox", "Пароль"),
        ("button", "Войти"), ("link", "Напомнить."), ("link", "Зарегистрироваться."), ("link", "Передать показания"),
        ("link", "Обратная связь"), ("link", "Инструкция пользователя"), ("link", "Пользовательское соглашение"),
    ],
    "accounts:sign_in": [("heading", "Юридическим лицам"), ("link", "Регистрация")],
    "accounts:sign_up": [
        ("textbox", "Наименование организации"), ("textbox", "Фамилия"), ("textbox", "Имя"), ("textbox", "Отчество"),
        ("checkbox", "нет отчества"), ("textbox", "Телефон"), ("textbox", "Адрес электронной почты"),
        ("textbox", "Пароль"), ("textbox", "Подтверждение пароля"),
        ("checkbox", "Я принимаю пользовательское соглашение"),
        ("checkbox", "Я согласен получать рекламно-информационную рассылку"), ("button", "Зарегистрироваться"),
    ],
    "accounts:recover": [("textbox", "Адрес электронной почты"), ("button", "Восстановить")],
    "accounts:password": [("button", "Сохранить")],
    "contracts:link": [
        ("heading", "Заявка на подключение"), ("textbox", "ИНН компании"),
        ("textbox", "Номер договора с Ижводоканал-Демо"), ("button", "Отправить заявку"),
    ],
    "contracts:list": [
        ("heading", "Мои договора"), ("columnheader", "№"), ("columnheader", "Название контрагента"),
        ("columnheader", "Сроки передачи показаний"), ("columnheader", "Дата подписания договора"),
        ("columnheader", "ИНН Компании"), ("columnheader", "Номер договора"), ("columnheader", "Действие"),
        ("link", "Удалить"),
    ],
    "readings:send": [
        ("heading", "Передача показаний приборов учёта ХВС"), ("text", "Отчётный период"),
        ("text", "Номер прибора учёта"), ("text", "Адрес установки прибора учёта"), ("text", "Марка прибора учёта"),
        ("text", "Плановая дата поверки"), ("text", "Предыдущее показание"), ("text", "Дата предыдущего показания"),
        ("textbox", "Текущее показание прибора учёта"), ("button", "Сохранить показания"),
        ("button", "Передать показания"),
    ],
    "readings:volumes": [
        ("heading", "Передача объемов по стокам ГВС"), ("text", "Отчётный период"),
        ("text", "Адрес установки прибора учета"), ("text", "Предыдущий объем"), ("text", "Дата предыдущего показания"),
        ("textbox", "Текущий объем"), ("button", "Сохранить значения"), ("button", "Передать значения"),
    ],
    "readings:archive": [
        ("heading", "Архив показаний"), ("combobox", "Адрес точки подключения"), ("option", "Выбрать адрес"),
        ("button", "Применить фильтр"), ("link", "Сбросить фильтр"), ("heading", "Результаты поиска"),
        ("columnheader", "Номер прибора учёта"), ("columnheader", "Адрес установки прибора учёта"),
        ("columnheader", "Показания прибора учёта"), ("columnheader", "Дата показаний"),
    ],
    "billing:acts": [("heading", "Акты сверки")],
    "help:answers": [("heading", "Вопрос-ответ"), ("searchbox", "Поисковая фраза")],
    "help:manual": [("heading", "Инструкция пользователя")],
    "tickets:feedback": [
        ("heading", "Обратная связь"), ("group", "Как с Вами связаться"), ("textbox", "Сообщение"),
        ("button", "Отправить"),
    ],
    "accounts:sessions": [("heading", "Профиль"), ("button", "Завершить")],
}  # fmt: skip
MENU = [
    "Заявка на подключение", "Передача показаний ХВС", "Передача объемов по стокам ГВС", "Архив показаний",
    "Мои договора", "Акты сверки",
]  # fmt: skip


@pytest.mark.spec("SITE-03", "SITE-05", "REG-04", "REG-05", "CON-04", "READ-01", "READ-04", "READ-05", "HELP-01")
@pytest.mark.parametrize("route", NAMES)
def test_words_of_the_manual_are_names_on_its_page(route, new_context, demo, viewers):
    viewer = next(visit.viewer for visit in pages.visits() if visit.route == route)
    page = new_context(storage_state=viewers.state_of(viewer)).new_page()
    page.goto(f"{demo.url}/w{pages.path_of(route)}")
    named = NAMES[route] + ([("link", name) for name in MENU] if viewer == "accountant" else [])

    assert [(role, name) for role, name in named if not is_named(page, role, name)] == []


def is_named(page, role, name):
    """Say whether something of that role has the name; a label of facts has no name but its text."""
    found = page.get_by_text(name) if role == "text" else page.get_by_role(role, name=name)
    return found.count() > 0


@pytest.mark.spec("READ-01", "READ-05")
def test_texts_that_are_not_names_stand_on_their_pages(new_context, demo, viewers):
    page = new_context(storage_state=viewers.state_of("accountant")).new_page()
    page.goto(f"{demo.url}/w/readings/cold-water/")
    expect(page.get_by_text("числа текущего месяца").first).to_be_visible()
    expect(page.get_by_text("Дата текущего показания").first).to_be_visible()
    page.goto(f"{demo.url}/w/readings/archive/")
    expect(page.get_by_label("Дата от")).to_be_visible()
    expect(page.get_by_label("Дата до")).to_be_visible()
    expect(page.get_by_text("Сведения о предыдущих показаниях")).to_be_visible()
