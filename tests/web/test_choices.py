"""Language and look: chosen by a form, kept in a cookie, asked of no browser."""

import pytest
from django.middleware.csrf import get_token
from django.test import RequestFactory

from kabinet.web import languages
from kabinet.web.look import Look


@pytest.fixture
def sender(browser):
    request = RequestFactory().get("/")
    token = get_token(request)
    browser.cookies["kabinet-csrf"] = request.META["CSRF_COOKIE"]
    return lambda url, **facts: browser.post(url, {"csrfmiddlewaretoken": token, **facts})


@pytest.mark.spec("SITE-07")
def test_language_is_kept_and_the_person_comes_back(sender):
    answer = sender("/language/", language="en", next="/form/?a=1")

    assert (answer.status_code, answer["Location"]) == (303, "/form/?a=1")
    assert answer.cookies["language"].value == "en"
    assert answer.cookies["language"]["max-age"] == 365 * 24 * 3600


@pytest.mark.spec("SITE-07")
def test_language_of_the_cookie_is_spoken(browser):
    browser.cookies["language"] = "en"

    answer = browser.get("/form/")

    assert answer["Content-Language"] == "en"
    assert '<html lang="en"' in answer.text


@pytest.mark.spec("SITE-07")
def test_wish_of_the_browser_is_ignored(browser):
    answer = browser.get("/form/", headers={"accept-language": "en-US,en"})

    assert answer["Content-Language"] == "ru"


def test_choice_of_the_person_goes_over_the_cookie():
    request = RequestFactory().get("/")

    languages.use(request, "en")

    assert request.LANGUAGE_CODE == "en"
    languages.use(request, "ru")


@pytest.mark.parametrize("language", ["", "de", "ru; Path=/", "../en"])
def test_language_that_we_do_not_speak_is_russian(sender, language):
    assert sender("/language/", language=language).cookies["language"].value == "ru"


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_nobody_is_sent_to_a_foreign_place(sender, place):
    assert sender("/language/", language="en", next=place)["Location"] == "/"


def test_choice_needs_a_form_of_ours(browser):
    assert browser.post("/language/", {"language": "en"}).status_code == 403


@pytest.mark.parametrize(
    ("facts", "kept"),
    [
        ({"theme": "dark"}, "dark.normal.normal"),
        ({"theme": "auto", "contrast": "high", "print": "large"}, "auto.high.large"),
        ({"theme": "pink", "contrast": "high"}, "auto.normal.normal"),
    ],
)
def test_look_is_kept(sender, facts, kept):
    assert sender("/look/", **facts).cookies["look"].value == kept


@pytest.mark.parametrize("text", ["", "dark", "dark.high", "a.b.c", "dark.high.large.more"])
def test_look_that_is_not_understood_is_the_ordinary_one(text):
    assert Look.parse(text) == Look()


@pytest.mark.parametrize(
    ("look", "sheet"),
    [
        ("auto.normal.normal", 'dark.css" media="(prefers-color-scheme: dark)"'),
        ("dark.normal.normal", 'dark.css">'),
        ("light.high.large", 'data-contrast="high" data-print="large"'),
    ],
)
def test_look_reaches_the_page_without_scripts(browser, look, sheet):
    browser.cookies["look"] = look

    answer = browser.get("/form/").text

    assert sheet in answer
    assert ("dark.css" in answer) is not look.startswith("light")
