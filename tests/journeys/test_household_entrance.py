"""The private customer's manual, chapters 3 and 4.1: sign-up by account, sign-in, recovery, sending without sign-in."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import flats, steps
from tests.journeys.looking import read_json, wait_for
from tests.journeys.test_pages import Loaded, faults_of, widths_of

pytestmark = pytest.mark.journey

NEW = "Kama-2026-autumn"


@pytest.mark.spec("SITE-03", "REG-03", "REG-05", "REG-09")
def test_household_signs_up_by_account_with_initials_and_signs_in_by_its_number(screen: Page, demo):
    account, email = flats.claim(demo), steps.new_address()
    screen.goto(f"{demo.url}/p/")
    screen.get_by_role("link", name="Регистрация").first.click()
    expect(screen.get_by_label("Физическое лицо")).to_be_checked()
    flats.fill_claim(screen, account, initials=True)
    screen.get_by_label("Адрес e-mail").fill(email)
    flats.tick(screen)

    screen.get_by_role("button", name="Зарегистрироваться").click()

    expect(screen.get_by_text("Спасибо за регистрацию! Теперь Вам доступны закрытые разделы")).to_be_visible()
    expect(screen.get_by_text(email)).to_be_visible()
    link = flats.link_in(demo.letter(email, "задайте пароль"))
    screen.goto(link)
    expect(screen.get_by_label("Логин")).to_have_value(account["number"])
    flats.choose_password(screen, link)
    screen.get_by_role("link", name="Авторизация").click()
    flats.sign_in(screen, account["number"])
    expect(screen.get_by_text("Вы успешно авторизовались!")).to_be_visible()
    screen.goto(link)
    expect(screen.get_by_role("heading", name="Ссылка не действует")).to_be_visible()


@pytest.mark.spec("REG-03")
def test_wrong_meter_gets_the_neutral_advice_and_all_stays_typed(page: Page, demo):
    account = flats.claim(demo)
    page.goto(f"{demo.url}/p/sign-up/")
    flats.fill_claim(page, account)
    page.get_by_label("Номер счетчика").fill("1")
    page.get_by_label("Адрес e-mail").fill(steps.new_address())
    flats.tick(page)

    page.get_by_role("button", name="Зарегистрироваться").click()

    expect(page.get_by_role("alert")).to_contain_text("Лицевой счёт не найден, либо данные с ним не совпадают")
    expect(page.get_by_role("alert")).to_contain_text("инициалы, без точек")
    expect(page.get_by_label("Номер лицевого счета")).to_have_value(account["number"])
    expect(page.get_by_label("Фамилия")).to_have_value(account["holder"]["last"])


@pytest.mark.spec("REG-03", "REG-05", "SITE-04")
def test_switch_of_modes_needs_no_script(new_context, demo):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{demo.url}/p/sign-up/")
    expect(page.get_by_label("Номер лицевого счета")).to_be_visible()
    expect(page.get_by_label("ИНН")).to_be_hidden()

    page.get_by_label("Юридическое лицо").check()

    expect(page.get_by_label("ИНН")).to_be_visible()
    expect(page.get_by_label("Номер договора")).to_be_visible()
    expect(page.get_by_label("Номер лицевого счета")).to_be_hidden()
    expect(page.get_by_label("Фамилия")).to_be_hidden()


@pytest.mark.spec("REG-06")
def test_forgotten_password_is_made_anew_by_account_and_address(page: Page, demo):
    account = flats.claim(demo)
    email = flats.sign_up(page, demo, account)
    page.goto(f"{demo.url}/p/")
    page.get_by_role("link", name="Забыли свой пароль?").click()
    page.get_by_label("Номер лицевого счета").fill(account["number"])
    page.get_by_label("Адрес электронной почты").fill(email)

    page.get_by_role("button", name="Выслать").click()

    expect(page.get_by_text("Посмотрите почту")).to_be_visible()
    flats.choose_password(page, flats.link_in(demo.letter(email, "новый пароль")), NEW)
    page.get_by_role("link", name="Авторизация").click()
    flats.sign_in(page, email, NEW)
    expect(page.get_by_text("Вы успешно авторизовались!")).to_be_visible()


@pytest.mark.spec("CON-03")
def test_second_account_comes_into_the_same_cabinet(page: Page, demo):
    first, second = flats.claim(demo), flats.claim(demo)
    flats.sign_up(page, demo, first)
    page.goto(f"{demo.url}/p/sign-in/")
    flats.sign_in(page, first["number"])
    page.goto(f"{demo.url}/p/contracts/link-account/")
    flats.fill_claim(page, second)

    page.get_by_role("button", name="Добавить").click()

    expect(page.get_by_text(f"Лицевой счёт {second['number']} подключён.")).to_be_visible()


@pytest.mark.spec("READ-18", "SITE-03")
def test_readings_go_without_signing_in_once_the_browser_has_done_its_work(screen: Page, demo):
    account = flats.claim(demo)
    screen.goto(f"{demo.url}/p/")
    screen.get_by_role("link", name=re.compile("Передать показания счетчика")).click()
    screen.get_by_label("Номер лицевого счета").fill(account["number"])
    screen.get_by_label("Номер счетчика").fill(account["meters"][0]["number"])
    expect(screen.get_by_role("button", name="Получить код")).to_be_hidden()

    screen.get_by_role("button", name="Продолжить").click()
    flats.fill_dials(screen, account, "electricity", run=11)
    screen.get_by_role("button", name="Передать", exact=True).click()
    expect(screen.get_by_text("Пожалуйста, проверьте правильность данных перед отправкой.")).to_be_visible()
    expect(screen.get_by_text(account["holder"]["last"])).to_have_count(0)
    screen.get_by_label(re.compile("для уведомления о приёме")).fill("sosed@example.com")
    screen.get_by_role("button", name="Отправить").click()

    expect(screen.get_by_text("Показания вашего счетчика были успешно отправлены.")).to_be_visible()
    ids = {register["id"] for meter in account["meters"] for register in meter["registers"]}
    submissions = f"{demo.sandbox}/billing/p/submissions.json"
    wait_for(lambda: [row for row in read_json(submissions) if row["register"] in ids])


@pytest.mark.spec("READ-18", "SITE-04")
def test_without_scripts_a_code_by_letter_opens_the_form(new_context, demo):
    account, email = flats.claim(demo), steps.new_address()
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{demo.url}/p/readings/without-sign-in/")
    page.get_by_label("Номер лицевого счета").fill(account["number"])
    page.get_by_label("Номер счетчика").fill(account["meters"][0]["number"])
    page.get_by_label("Адрес электронной почты").fill(email)

    page.get_by_role("button", name="Получить код").click()
    page.get_by_label("Код из письма").fill(demo.code_for(email))
    page.get_by_role("button", name="Продолжить").last.click()

    expect(page.get_by_role("heading", name="Текущее показание счетчика")).to_be_visible()


@pytest.mark.spec("READ-18")
def test_account_with_several_meters_is_led_to_sign_in_and_feedback(page: Page, demo):
    account = flats.claim(demo, is_simple=False)
    page.goto(f"{demo.url}/p/readings/without-sign-in/")
    page.get_by_label("Номер лицевого счета").fill(account["number"])
    page.get_by_label("Номер счетчика").fill(account["meters"][0]["number"])

    page.get_by_role("button", name="Продолжить").click()

    expect(page.get_by_text("По этому счёту показания принимаем после входа")).to_be_visible()
    main = page.get_by_role("main")
    expect(main.get_by_role("link", name="Авторизация")).to_be_visible()
    expect(main.get_by_role("link", name="Обратная связь")).to_be_visible()


@pytest.mark.spec("SITE-04")
def test_pages_of_the_way_in_are_open_to_everybody_narrow_and_light(page: Page, demo, axe):
    found = {}
    for path in ("", "sign-in/", "sign-up/account/", "sign-up/account/sent/", "recover/account/",
                 "recover/account/sent/", "sign-up/password/none/", "readings/without-sign-in/",
                 "readings/without-sign-in/sent/"):  # fmt: skip
        loaded = Loaded(page)
        first = loaded.by(lambda path=path: page.goto(f"{demo.url}/p/{path}", wait_until="networkidle"))
        page.evaluate(axe)
        faults, widths = faults_of(page), widths_of(page)
        if faults or widths != {"normal": 320, "large": 320} or first > 200_000:
            found[path] = (faults, widths, first)
    assert found == {}
