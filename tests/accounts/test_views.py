"""Pages of people: what each says, and what it does not tell."""

import re
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client

from kabinet.accounts import services
from kabinet.accounts.models import Consent, Enrollment, KeptInput, Session, User
from kabinet.accounts.values import AgreementKind
from kabinet.infra import clock
from tests import world
from tests.accounts import people
from tests.accounts.people import NEW_PASSWORD, PASSWORD, code_in, open_browser, sign_up_fields, signed_in_browser

KEPT = "kabinet-kept"


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


def _without_times(page):
    return re.sub(r"\d\d:\d\d:\d\d", "", page)


@pytest.mark.spec("REG-05")
def test_sign_in_says_so_and_keeps_the_cookie_to_the_providers_path(w, anna):
    browser = open_browser()

    answer = browser.post("/w/sign-in/", {"email": " Anna@Example.com", "password": world.PASSWORD})

    cookie = answer.cookies["kabinet"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/w/", True, "Lax")
    assert Session.objects.get().key != cookie.value
    assert "Вы успешно авторизовались!" in browser.get("/w/profile/sessions/").content.decode()


@pytest.mark.spec("PROF-03")
def test_session_is_noted_at_most_once_in_five_minutes(w, anna):
    browser = signed_in_browser(anna, w)
    before = clock.technical_now() - timedelta(minutes=6)
    Session.objects.update(seen_at=before)

    browser.get("/w/profile/password/")
    noted = Session.objects.get().seen_at
    browser.get("/w/profile/password/")

    assert noted > before
    assert Session.objects.get().seen_at == noted


def test_page_is_shown_though_the_session_could_not_be_noted(w, anna, monkeypatch):
    def fail(*_, **__):
        raise OperationalError

    browser = signed_in_browser(anna, w)
    Session.objects.update(seen_at=clock.technical_now() - timedelta(minutes=6))
    monkeypatch.setattr(services, "note_seen", fail)

    assert browser.get("/w/profile/password/").status_code == 200


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


@pytest.mark.spec("REG-08")
def test_sign_out_is_a_post_and_ends_the_session(w, anna):
    browser = signed_in_browser(anna, w)
    assert browser.get("/w/sign-out/").status_code == 405

    answer = browser.post("/w/sign-out/")

    assert answer["Location"] == "/w/"
    assert answer.cookies["kabinet"].value == ""
    assert not Session.objects.exists()
    assert browser.get("/w/profile/sessions/").status_code == 302


@pytest.mark.spec("REG-08")
def test_signing_out_twice_is_no_fault(w, anna):
    browser = signed_in_browser(anna, w)

    assert [browser.post("/w/sign-out/").status_code for _ in range(2)] == [302, 302]


@pytest.mark.spec("SITE-01")
def test_cookie_carried_to_another_provider_opens_nothing(w, v, anna):
    Enrollment.objects.create(user=anna, provider=v, category="legal", joined_at=world.NOW)
    token = signed_in_browser(anna, w).cookies["kabinet"].value
    thief = open_browser()
    thief.cookies["kabinet"] = token

    assert thief.get("/w/profile/sessions/").status_code == 200
    assert thief.get("/v/profile/sessions/").status_code == 302


@pytest.mark.spec("PROF-03")
def test_sessions_show_browser_system_and_which_is_this_one(w, anna):
    signed_in_browser(anna, w, agent=people.CHROME)

    page = signed_in_browser(anna, w).get("/w/profile/sessions/").content.decode()

    for words in ("Firefox 128.0", "Linux", "Chrome 120.0", "Windows", "Завершить"):
        assert words in page
    assert page.count("Текущая") == 1


@pytest.mark.spec("PROF-03")
def test_ended_session_leaves_the_list_and_the_browser_is_out(w, anna):
    here, there = signed_in_browser(anna, w), signed_in_browser(anna, w, agent=people.CHROME)
    other = Session.objects.get(agent=people.CHROME)

    here.post(f"/w/profile/sessions/{other.public_id}/end/")

    assert "Chrome" not in here.get("/w/profile/sessions/").content.decode()
    assert there.get("/w/profile/sessions/").status_code == 302


@pytest.mark.spec("PROF-03")
def test_ending_the_current_session_signs_out(w, anna):
    browser = signed_in_browser(anna, w)

    answer = browser.post(f"/w/profile/sessions/{Session.objects.get().public_id}/end/")

    assert answer["Location"] == "/w/"
    assert browser.get("/w/profile/sessions/").status_code == 302


@pytest.mark.spec("PROF-03")
def test_foreign_and_missing_sessions_are_both_not_found(w, anna, boris):
    browser = signed_in_browser(anna, w)
    signed_in_browser(boris, w)
    foreign = Session.objects.get(user=boris).public_id

    for public_id in (foreign, "01a200ba-a11f-7687-a38b-3fefaebabf27"):
        assert browser.post(f"/w/profile/sessions/{public_id}/end/").status_code == 404
    assert Session.objects.filter(user=boris).exists()


@pytest.mark.spec("REG-07")
def test_password_page_changes_it_and_stays_signed_in(w, anna):
    browser = signed_in_browser(anna, w)

    answer = browser.post(
        "/w/profile/password/", {"old": world.PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    )

    assert "Пароль изменён." in follow(browser, answer).content.decode()
    anna.refresh_from_db()
    assert anna.has_password(NEW_PASSWORD)


@pytest.mark.spec("REG-07")
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"old": "не тот"}, "Старый пароль не подошёл."),
        ({"password": "anna@example.com", "again": "anna@example.com"}, "совпадает с вашими данными"),
        ({"password": world.PASSWORD, "again": world.PASSWORD}, "совпадает со старым"),
        ({"password": "qwertyuiop", "again": "qwertyuiop"}, "в списках взломщиков"),
        ({"again": "другое"}, "Пароли не совпали"),
    ],
)
def test_refused_password_says_why(w, anna, changed, words):
    typed = {"old": world.PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD} | changed

    assert words in signed_in_browser(anna, w).post("/w/profile/password/", typed).content.decode()

    anna.refresh_from_db()
    assert anna.has_password(world.PASSWORD)


@pytest.mark.spec("REG-07")
def test_policy_may_ask_for_longer_passwords(db):
    strict = world.provider("s", policy={"password_min_length": 12})
    anna = world.person(strict, "anna@example.com")
    typed = {"old": world.PASSWORD, "password": "одинадцать1", "again": "одинадцать1"}

    assert "Не короче 12 знаков" in signed_in_browser(anna, strict).post("/s/profile/password/", typed).content.decode()


def test_letter_password_must_be_changed_first(w, anna):
    User.objects.update(must_change_password=True)
    browser = signed_in_browser(anna, w)
    assert browser.get("/w/profile/sessions/")["Location"] == "/w/profile/password/"

    browser.post("/w/profile/password/", {"old": world.PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD})

    assert browser.get("/w/profile/sessions/").status_code == 200


@pytest.mark.spec("REG-06")
def test_forgotten_password_is_made_anew_by_the_code(w, anna, letters):
    browser = open_browser()
    page = follow(browser, browser.post("/w/recover/", {"email": "ANNA@example.com"})).content.decode()
    assert 'value="anna@example.com"' in page
    typed = {
        "email": "anna@example.com",
        "code": code_in(letters()[0]),
        "password": NEW_PASSWORD,
        "again": NEW_PASSWORD,
    }

    answer = browser.post("/w/recover/code/", typed)

    assert "Пароль изменён. Войдите с новым паролем." in follow(browser, answer).content.decode()
    assert browser.post("/w/sign-in/", {"email": anna.email, "password": NEW_PASSWORD}).status_code == 302


@pytest.mark.spec("REG-09")
def test_new_terms_stand_before_everything_else(w, agreements, anna):
    people.accept_all(anna, w)
    people.publish(w, AgreementKind.TERMS, text="Новый текст.")
    browser = open_browser()
    typed = {"email": "anna@example.com", "password": world.PASSWORD, "next": "/w/profile/sessions/"}
    answer = browser.post("/w/sign-in/", typed)
    assert answer["Location"] == "/w/agreements/accept/?next=%2Fw%2Fprofile%2Fsessions%2F"
    assert browser.get("/w/profile/sessions/").status_code == 302

    page = follow(browser, answer).content.decode()
    assert "Я принимаю пользовательское соглашение" in page
    assert "Я даю согласие на обработку персональных данных" not in page
    box = re.search(r'name="terms"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="terms"', page)
    answer = browser.post("/w/agreements/accept/", {"terms": box[1] or box[2], "next": "/w/profile/sessions/"})

    assert answer["Location"] == "/w/profile/sessions/"
    assert browser.get("/w/profile/sessions/").status_code == 200


@pytest.mark.spec("REG-09")
def test_unticked_terms_hold_the_door(w, agreements, anna):
    browser = open_browser()
    browser.post("/w/sign-in/", {"email": "anna@example.com", "password": world.PASSWORD})

    page = browser.post(
        "/w/agreements/accept/", {"personal_data": str(agreements["personal_data"].pk)}
    ).content.decode()

    assert "Без принятия соглашения" in page
    assert not Consent.objects.exists()


@pytest.mark.spec("REG-05", "REG-09")
def test_person_of_another_provider_names_the_organisation_and_agrees(w, v, agreements):
    vera = world.person(v, "vera@example.com")
    vera.enrollments.update(organisation="ООО «Вера»")
    browser = open_browser()
    page = follow(
        browser, browser.post("/w/sign-in/", {"email": vera.email, "password": world.PASSWORD})
    ).content.decode()
    assert "ООО «Вера»" in page
    assert ticked(page) == set()
    assert not Enrollment.objects.filter(provider=w).exists()

    typed = {kind: str(row.pk) for kind, row in agreements.items()} | {"organisation": "ООО «Вера»"}
    browser.post("/w/agreements/accept/", typed)

    assert browser.get("/w/profile/sessions/").status_code == 200


@pytest.mark.spec("REG-09")
def test_agreements_page_is_closed_to_who_has_no_business_there(w, agreements, anna):
    assert open_browser().get("/w/agreements/accept/")["Location"] == "/w/sign-in/"


@pytest.mark.spec("HELP-03", "REG-09")
def test_agreement_is_shown_in_each_version(w, agreements):
    people.publish(w, AgreementKind.TERMS, text="Вторая <b>редакция</b>.")
    browser = open_browser()

    assert "Вторая &lt;b&gt;редакция" in browser.get("/w/agreements/terms/").content.decode()
    assert "Текст." in browser.get("/w/agreements/terms/1/").content.decode()
    assert [browser.get(f"/w/agreements/{path}/").status_code for path in ("terms/3", "else", "else/1")] == [404] * 3


@pytest.mark.spec("SITE-01")
def test_agreements_of_another_provider_are_not_shown(w, v, agreements):
    assert open_browser().get("/v/agreements/terms/").status_code == 404


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


@pytest.mark.spec("SITE-07")
def test_language_chosen_at_the_door_becomes_the_persons(w, anna):
    browser = open_browser()
    browser.post("/w/language/", {"language": "en"})
    browser.post("/w/sign-in/", {"email": anna.email, "password": world.PASSWORD})

    anna.refresh_from_db()
    assert anna.language == "en"


@pytest.mark.spec("SITE-07")
def test_language_follows_the_person_to_another_browser(w, anna):
    browser = signed_in_browser(anna, w)
    browser.post("/w/language/", {"language": "en"})

    anna.refresh_from_db()
    assert anna.language == "en"
    assert signed_in_browser(anna, w).get("/w/profile/sessions/")["Content-Language"] == "en"


def _end_quietly(browser, user):
    """Let the session run out while the person is typing."""
    past = clock.technical_now() - timedelta(seconds=1)
    Session.objects.filter(user=user).update(expires_at=past)


def _typed(browser: Client, **fields: str):
    facts = {"inn": "1831000000", "number": "ХВС-1", "password": "секрет"} | fields
    return browser.post("/w/contracts/link/", facts, HTTP_REFERER="http://testserver/w/contracts/link/")


def test_what_was_typed_when_the_session_had_ended_comes_back(w, anna, typed_on):
    browser = signed_in_browser(anna, w)
    _end_quietly(browser, anna)

    answer = _typed(browser)
    assert "введённое сохранено" in follow(browser, answer).content.decode()
    browser.post("/w/sign-in/", {"email": anna.email, "password": world.PASSWORD})

    typed = typed_on(browser, "/w/contracts/link/", anna)
    assert typed.dict() == {"inn": "1831000000", "number": "ХВС-1"}
    assert "секрет" not in str(KeptInput.objects.values_list())


def test_typed_input_is_not_shown_to_another_person_of_the_browser(w, anna, boris, typed_on):
    browser = signed_in_browser(anna, w)
    _end_quietly(browser, anna)
    _typed(browser)
    browser.post("/w/sign-in/", {"email": boris.email, "password": world.PASSWORD})

    assert typed_on(browser, "/w/contracts/link/", boris) is None


def test_typed_input_belongs_to_its_page_and_its_browser(w, anna, typed_on):
    browser = signed_in_browser(anna, w)
    _end_quietly(browser, anna)
    _typed(browser)

    assert typed_on(browser, "/w/readings/send/", anna) is None
    assert typed_on(open_browser(), "/w/contracts/link/", anna) is None


def test_typed_input_is_dropped_with_the_next_post(w, anna):
    browser = signed_in_browser(anna, w)
    _end_quietly(browser, anna)
    _typed(browser)
    browser.post("/w/sign-in/", {"email": anna.email, "password": world.PASSWORD})

    answer = _typed(browser)

    assert answer.cookies[KEPT].value == ""
    assert not KeptInput.objects.exists()


def test_too_much_typed_says_that_it_was_not_kept(w, anna):
    browser = signed_in_browser(anna, w)
    _end_quietly(browser, anna)

    answer = _typed(browser, number="я" * 100_001)

    assert "введите данные ещё раз" in follow(browser, answer).content.decode()
    assert not KeptInput.objects.exists()


def test_script_without_a_session_is_led_to_sign_in(w):
    answer = open_browser().get(
        "/w/profile/sessions/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/w/start/"}
    )

    assert answer["HX-Redirect"] == "/w/sign-in/?next=%2Fw%2Fstart%2F"


def test_forms_are_guarded_against_forgery(w, anna):
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post("/w/sign-in/", {"email": anna.email, "password": world.PASSWORD})

    assert answer.status_code == 403
