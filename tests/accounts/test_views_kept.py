"""What was typed when the session had ended."""

from datetime import timedelta

from django.test import Client

from kabinet.accounts.models import KeptInput, Session
from kabinet.infra import clock
from tests import world
from tests.accounts.people import open_browser, signed_in_browser

KEPT = "kabinet-kept"


def follow(browser, answer):
    assert answer.status_code == 302, answer.content.decode()
    return browser.get(answer["Location"])


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
