"""Pages of passwords, sessions and language."""

import re
from datetime import timedelta

import pytest
from django.db import OperationalError

from kabinet.accounts import services
from kabinet.accounts.models import Session, User
from kabinet.infra import clock
from tests import world
from tests.accounts import people
from tests.accounts.people import NEW_PASSWORD, code_in, open_browser, signed_in_browser


def follow(browser, answer):
    assert answer.status_code == 302, answer.content.decode()
    return browser.get(answer["Location"])


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


@pytest.mark.spec("PROF-03")
def test_sessions_show_browser_system_and_which_is_this_one(w, anna):
    signed_in_browser(anna, w, agent=people.CHROME)

    page = signed_in_browser(anna, w).get("/w/profile/sessions/").content.decode()

    for words in ("Firefox 128.0", "Linux", "Chrome 120.0", "Windows", "Завершить"):
        assert words in page
    assert page.count("Текущая") == 1


@pytest.mark.spec("PROF-03")
def test_the_current_session_says_so_in_place_of_date_and_time(w, anna):
    signed_in_browser(anna, w, agent=people.CHROME)

    page = signed_in_browser(anna, w).get("/w/profile/sessions/").content.decode()

    cells = dict(
        zip(re.findall(r'cell-head">\s*(\w+)', page), re.findall(r'"Дата и время">([^<]+)</td>', page), strict=True)
    )
    assert cells["Firefox"] == "Текущая"
    assert re.fullmatch(r"\d{1,2} [а-я]+ \d{4}, \d\d:\d\d", cells["Chrome"])


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
    assert browser.get("/w/profile/sessions/")["Location"].startswith("/w/profile/password/?next=")

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


def test_script_without_a_session_is_led_to_sign_in(w):
    answer = open_browser().get(
        "/w/profile/sessions/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/w/start/"}
    )

    assert answer["HX-Redirect"] == "/w/sign-in/?next=%2Fw%2Fstart%2F"
