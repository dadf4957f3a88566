"""The page of «Удалить аккаунт»."""

import pytest

from kabinet.accounts.models import Enrollment, Session, User
from kabinet.readings.models import Draft
from tests import world
from tests.accounts.people import CHROME, signed_in_browser
from tests.home.closing import type_reading

PAGE = "/w/profile/delete/"


@pytest.mark.spec("PROF-04")
def test_profile_leads_to_the_way_out(w, anna):
    page = signed_in_browser(anna, w).get("/w/profile/").content.decode()

    assert f'href="{PAGE}">Удалить аккаунт</a>' in page


@pytest.mark.spec("PROF-04")
def test_page_names_what_goes_and_what_stays_and_changes_nothing(w, anna, contract, register):
    world.link(anna, contract)
    type_reading(contract, register, anna, "240")
    browser = signed_in_browser(anna, w)

    page = browser.get(PAGE).content.decode()

    for words in (contract.number, "ваши роли", "черновики: 1", "переданные показания и платежи", "ваши имя, телефон"):
        assert words in page
    assert Session.objects.count() == Draft.objects.count() == Enrollment.objects.filter(closed_at=None).count() == 1


@pytest.mark.spec("PROF-04", "SITE-01")
def test_page_names_the_other_providers(w, v, anna):
    Enrollment.objects.create(user=anna, provider=v, category="legal", joined_at=world.NOW)

    page = signed_in_browser(anna, w).get(PAGE).content.decode()

    assert "вход в них: Водоканал v" in page
    assert "ваши имя, телефон" not in page


@pytest.mark.spec("PROF-04")
def test_right_password_closes_and_every_browser_is_out_at_its_next_request(w, anna, contract):
    world.link(anna, contract)
    here, there = signed_in_browser(anna, w), signed_in_browser(anna, w, agent=CHROME)

    answer = here.post(PAGE, {"password": world.PASSWORD})

    assert answer["Location"] == "/w/"
    assert "Аккаунт удалён." in here.get("/w/").content.decode()
    assert answer.cookies["kabinet"].value == ""
    for path in ("/w/contracts/", "/w/readings/cold-water/", "/w/profile/"):
        assert there.get(path)["Location"].startswith("/w/sign-in/")
    signing_in = here.post("/w/sign-in/", {"email": "anna@example.com", "password": world.PASSWORD})
    assert "Ошибка входа. Неверное имя пользователя/пароль" in signing_in.content.decode()


@pytest.mark.spec("PROF-04")
@pytest.mark.parametrize(("password", "words"), [("не тот", "Пароль не подошёл."), ("", "Введите пароль.")])
def test_without_the_right_password_nothing_happens(w, anna, password, words):
    browser = signed_in_browser(anna, w)

    answer = browser.post(PAGE, {"password": password, "username": anna.email})

    assert words in answer.content.decode()
    assert browser.get("/w/profile/").status_code == 200


@pytest.mark.spec("PROF-04")
def test_too_many_tries_say_when_the_next_is_welcome(w, anna):
    browser = signed_in_browser(anna, w)
    for _ in range(10):
        browser.post(PAGE, {"password": "не тот"})

    answer = browser.post(PAGE, {"password": world.PASSWORD})

    assert (answer.status_code, "Retry-After" in answer.headers) == (429, True)
    assert User.objects.get().erased_at is None
