"""Pages of people: what each says, and what it does not tell."""

import re

import pytest
from django.test import Client

from kabinet.accounts.models import Enrollment, Session, User
from kabinet.accounts.values import AgreementKind
from tests import world
from tests.accounts import people
from tests.accounts.people import NEW_PASSWORD, PASSWORD, code_in, open_browser, sign_up_fields, signed_in_browser


def text_of(answer):
    """Return a page without what differs at each showing."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    return page.replace("anna@example.com", "X").replace("nobody@example.com", "X")


def ticked(page):
    """Return the names of the boxes that are ticked."""
    boxes = re.findall(r'<input type="checkbox"[^>]*>', page)
    return {re.search(r'name="([^"]+)"', box)[1] for box in boxes if re.search(r"\bchecked\b", box)}


def follow(browser, answer):
    assert answer.status_code == 302, answer.content.decode()
    return browser.get(answer["Location"])


def _without_times(page):
    return re.sub(r"\d\d:\d\d:\d\d", "", page)


@pytest.mark.spec("REG-05", "SITE-03")
def test_sign_in_page_has_the_words_of_the_manual(w):
    page = open_browser().get("/w/sign-in/").content.decode()

    for words in ("Вход в ваш кабинет", "Адрес электронной почты", "Пароль", "Войти", "Напомнить.", "Регистрация",
                  "Забыли пароль от личного кабинета?", "Еще нет аккаунта?", "Зарегистрироваться.",
                  "Юридическим лицам"):  # fmt: skip
        assert words in page


@pytest.mark.spec("REG-04", "REG-09")
def test_sign_up_page_has_its_fields_and_no_box_ticked(w, agreements):
    page = open_browser().get("/w/sign-up/").content.decode()

    for words in ("Наименование организации", "Фамилия", "Имя", "Отчество", "нет отчества", "Телефон",
                  "Адрес электронной почты", "Пароль", "Подтверждение пароля", "Зарегистрироваться",
                  "Я принимаю пользовательское соглашение", "Я согласен получать рекламно-информационную рассылку",
                  "Не короче 8 знаков"):  # fmt: skip
        assert words in page
    assert ticked(page) == set()


@pytest.mark.spec("REG-04", "REG-05")
def test_newcomer_signs_up_confirms_and_is_in(w, agreements, letters):
    browser = open_browser()
    follow(browser, browser.post("/w/sign-up/", sign_up_fields(w)))

    answer = browser.post("/w/confirm-email/", {"code": code_in(letters()[0])})

    assert answer["Location"] == "/w/start/"
    user = User.objects.get()
    assert (user.email_confirmed_at is not None, user.phone, user.middle_name) == (True, "+73412259259", "Павловна")
    assert browser.get("/w/profile/sessions/").status_code == 200


@pytest.mark.spec("REG-04", "PROF-02")
def test_newcomer_may_look_round_before_confirming(w, agreements):
    browser = open_browser()
    browser.post("/w/sign-up/", sign_up_fields(w))

    answer = browser.post("/w/sign-in/", {"email": "nina@example.com", "password": PASSWORD})

    assert "Подтвердите адрес электронной почты" in browser.get("/w/profile/sessions/").content.decode()
    assert answer["Location"] == "/w/start/"


@pytest.mark.spec("REG-04")
@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("organisation", "", "Введите наименование организации."),
        ("last_name", " ", "Введите фамилию."),
        ("first_name", "", "Введите имя."),
        ("middle_name", "", "поставьте отметку «нет отчества»"),
        ("phone", "12", "Не похоже на телефон."),
        ("email", "анна@example.com", "латинскими буквами"),
        ("email", "аnna@example.com", "смешаны русские и латинские"),
        ("password", "коротко", "Не короче 8 знаков"),
        ("password", "password1", "в списках взломщиков"),
        ("password", "12345678901", "добавьте буквы"),
        ("again", "другой пароль", "Пароли не совпали"),
        ("again", "", "Введите пароль ещё раз."),
        ("terms", "", "Без принятия соглашения"),
        ("personal_data", "", "Без согласия мы не вправе"),
        ("organisation", "я" * 201, "200"),
    ],
)
def test_each_wrong_field_says_how_to_mend_it(w, agreements, field, typed, words):
    answer = open_browser().post("/w/sign-up/", sign_up_fields(w, **{field: typed}))

    page = answer.content.decode()
    assert words in page
    assert f'href="#id_{field}"' in page
    assert not User.objects.exists()


@pytest.mark.spec("REG-04")
def test_refused_form_keeps_what_was_typed_save_passwords(w, agreements):
    page = open_browser().post("/w/sign-up/", sign_up_fields(w, phone="12")).content.decode()

    for typed in ("ООО «Новая»", "Новикова", "Нина", "Павловна", "nina@example.com", 'value="12"'):
        assert typed in page
    assert PASSWORD not in page
    assert ticked(page) == {"terms", "personal_data", "advertising"}


@pytest.mark.spec("REG-04")
def test_without_a_middle_name_the_box_is_enough(w, agreements):
    open_browser().post("/w/sign-up/", sign_up_fields(w, middle_name="", no_middle_name="on"))

    assert User.objects.get().middle_name == ""


@pytest.mark.spec("REG-04")
def test_box_and_middle_name_together_are_asked_about(w, agreements):
    page = open_browser().post("/w/sign-up/", sign_up_fields(w, no_middle_name="on")).content.decode()

    assert "снимите эту отметку" in page
    assert not User.objects.exists()


@pytest.mark.spec("REG-09")
def test_text_replaced_while_the_page_was_open_is_asked_for_again(w, agreements):
    typed = sign_up_fields(w)
    people.publish(w, AgreementKind.TERMS, text="Новый текст.")

    page = open_browser().post("/w/sign-up/", typed).content.decode()

    assert "Текст изменился" in page
    assert ticked(page) == {"personal_data", "advertising"}
    assert not User.objects.exists()


@pytest.mark.spec("REG-09")
def test_sign_up_without_published_texts_says_that_it_is_closed(w):
    browser = open_browser()

    for answer in (browser.get("/w/sign-up/"), browser.post("/w/sign-up/", sign_up_fields(w))):
        assert "Регистрация пока закрыта" in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.spec("REG-05")
def test_sign_up_answers_known_and_unknown_addresses_alike(w, agreements, anna):
    pages = []
    for email in ("anna@example.com", "nobody@example.com"):
        browser = open_browser()
        first = browser.post("/w/sign-up/", sign_up_fields(w, email=email))
        second = browser.get("/w/confirm-email/")
        third = browser.post("/w/confirm-email/", {"code": "000000"})
        fourth = follow(browser, browser.post("/w/confirm-email/again/"))
        pages.append(
            [(a.status_code, a.get("Location"), _without_times(text_of(a))) for a in (first, second, third, fourth)]
        )

    assert pages[0] == pages[1]


@pytest.mark.spec("REG-06")
def test_recovery_answers_known_and_unknown_addresses_alike(w, anna):
    pages = []
    for email in ("anna@example.com", "nobody@example.com"):
        browser = open_browser()
        first = browser.post("/w/recover/", {"email": email})
        second = browser.get("/w/recover/code/")
        typed = {"email": email, "code": "000000", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
        third = browser.post("/w/recover/code/", typed)
        pages.append([(a.status_code, a.get("Location"), text_of(a)) for a in (first, second, third)])

    assert pages[0] == pages[1]


@pytest.mark.spec("REG-05")
def test_sign_in_answers_known_and_unknown_addresses_alike(w, anna):
    answers = [
        open_browser().post("/w/sign-in/", {"email": email, "password": "не тот пароль"})
        for email in ("anna@example.com", "nobody@example.com")
    ]

    assert text_of(answers[0]) == text_of(answers[1])
    assert "Ошибка входа. Неверное имя пользователя/пароль" in text_of(answers[0])


@pytest.mark.spec("REG-05")
def test_sign_in_says_so_and_keeps_the_cookie_to_the_providers_path(w, anna):
    browser = open_browser()

    answer = browser.post("/w/sign-in/", {"email": " Anna@Example.com", "password": world.PASSWORD})

    cookie = answer.cookies["kabinet"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/w/", True, "Lax")
    assert Session.objects.get().key != cookie.value
    assert "Вы успешно авторизовались!" in browser.get("/w/profile/sessions/").content.decode()


@pytest.mark.spec("REG-05")
def test_too_many_tries_are_answered_with_the_time(w, anna):
    browser = open_browser()
    for _ in range(10):
        browser.post("/w/sign-in/", {"email": "anna@example.com", "password": "не тот пароль"})

    answer = browser.post("/w/sign-in/", {"email": "anna@example.com", "password": world.PASSWORD})

    assert answer.status_code == 429
    assert 3000 < int(answer["Retry-After"]) <= 3600
    assert "Следующая возможна после" in answer.content.decode()
    assert 'value="anna@example.com"' in answer.content.decode()


@pytest.mark.spec("REG-05")
@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/w/profile/sessions/?a=1", "/w/profile/sessions/?a=1"),
        ("https://evil.example/", "/w/start/"),
        ("//evil.example/w/", "/w/start/"),
        ("/w/\\evil.example", "/w/start/"),
        ("/v/start/", "/w/start/"),
        ("/w/../v/start/", "/w/start/"),
        ("javascript:alert(1)", "/w/start/"),
        ("", "/w/start/"),
    ],
)
def test_sign_in_leads_on_only_within_the_portal(w, anna, wanted, leads_to):
    typed = {"email": "anna@example.com", "password": world.PASSWORD, "next": wanted}

    assert open_browser().post("/w/sign-in/", typed)["Location"] == leads_to


@pytest.mark.spec("REG-05")
def test_guarded_page_leads_to_sign_in_and_back(w, anna):
    browser = open_browser()

    answer = browser.get("/w/profile/sessions/?a=1")
    page = follow(browser, answer).content.decode()

    assert answer["Location"] == "/w/sign-in/?next=%2Fw%2Fprofile%2Fsessions%2F%3Fa%3D1"
    assert 'name="next" value="/w/profile/sessions/?a=1"' in page


@pytest.mark.spec("REG-05")
def test_who_is_signed_in_does_not_sign_in_again(w, anna):
    browser = signed_in_browser(anna, w)

    for page in ("/w/sign-in/", "/w/sign-up/"):
        assert browser.get(page)["Location"] == "/w/start/"


@pytest.mark.spec("SITE-01")
def test_cookie_carried_to_another_provider_opens_nothing(w, v, anna):
    Enrollment.objects.create(user=anna, provider=v, category="legal", joined_at=world.NOW)
    token = signed_in_browser(anna, w).cookies["kabinet"].value
    thief = open_browser()
    thief.cookies["kabinet"] = token

    assert thief.get("/w/profile/sessions/").status_code == 200
    assert thief.get("/v/profile/sessions/").status_code == 302


@pytest.mark.spec("PROF-02")
def test_code_can_be_asked_for_anew_and_the_minute_is_told(w, agreements, letters, minute_passes):
    browser = open_browser()
    browser.post("/w/sign-up/", sign_up_fields(w))
    early = follow(browser, browser.post("/w/confirm-email/again/")).content.decode()
    minute_passes()
    late = follow(browser, browser.post("/w/confirm-email/again/")).content.decode()

    assert "Новый код можно запросить после" in early
    assert "Новый код отправлен." in late
    assert len(letters("nina@example.com")) == 2


@pytest.mark.spec("PROF-02")
def test_another_browser_confirms_but_is_not_let_in(w, agreements, letters):
    open_browser().post("/w/sign-up/", sign_up_fields(w))
    phone = open_browser()

    answer = phone.post("/w/confirm-email/", {"email": "nina@example.com", "code": code_in(letters()[0])})

    assert answer["Location"] == "/w/sign-in/"
    assert User.objects.get().email_confirmed_at
    assert not Session.objects.exists()


def test_forms_are_guarded_against_forgery(w, anna):
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post("/w/sign-in/", {"email": anna.email, "password": world.PASSWORD})

    assert answer.status_code == 403
