import logging
from urllib.parse import parse_qsl, urlencode

import pytest
from django.template.loader import render_to_string
from lxml import html

from kabinet.web import errors

FORM = "application/x-www-form-urlencoded"


def token_of(browser):
    browser.get("/form/")
    return browser.cookies["kabinet-csrf"].value


@pytest.mark.parametrize("name", ["operational", "interface", "pool", "wrapped"])
def test_database_out_of_reach_is_unavailable_not_broken(browser, name):
    answer = browser.get(f"/fault/{name}/")

    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert "Кабинет временно недоступен" in answer.text


@pytest.mark.parametrize("name", ["disk", "data"])
def test_full_disk_says_that_there_is_no_room_and_what_to_do(browser, name):
    answer = browser.post(f"/fault/{name}/", {"csrfmiddlewaretoken": token_of(browser)})

    assert answer.status_code == 507
    assert answer["Retry-After"] == "30"
    assert "Закончилось место для новых данных" in answer.text
    assert "второй записи не появится" in answer.text


def test_bug_shows_a_reference_that_the_log_has(browser, caplog):
    with caplog.at_level(logging.ERROR, logger="kabinet.web"):
        answer = browser.get("/fault/bug/")

    record = next(record for record in caplog.records if record.name == "kabinet.web")
    assert answer.status_code == 500
    assert record.reference in answer.text
    assert record.exc_info[0] is ZeroDivisionError
    assert "secret words" not in answer.text


@pytest.mark.parametrize("name", ["operational", "bug"])
def test_fault_while_sending_says_what_to_do_with_the_form(browser, name):
    answer = browser.post(f"/fault/{name}/", {"csrfmiddlewaretoken": token_of(browser)})

    assert "второй записи не появится" in answer.text


@pytest.mark.parametrize("name", ["operational", "bug"])
def test_page_of_a_fault_keeps_what_was_typed_in_a_form_that_may_be_repeated(browser, name):
    typed = {"csrfmiddlewaretoken": token_of(browser), "key-1": "aa", "value-1": '24"<', "box": ["1", "2"]}

    answer = browser.post(f"/fault/{name}/?a=1", urlencode(typed, doseq=True), content_type=FORM)

    (form,) = html.fromstring(answer.text).forms
    assert (form.method, form.action) == ("POST", f"/fault/{name}/?a=1")
    assert sorted(form.form_values()) == sorted(parse_qsl(urlencode(typed, doseq=True)))


def test_page_of_a_fault_shows_nothing_of_a_form_without_its_key(browser):
    typed = {"csrfmiddlewaretoken": token_of(browser), "password": "correct horse"}

    answer = browser.post("/fault/operational/", urlencode(typed), content_type=FORM)

    assert "correct horse" not in answer.text
    assert "Вернитесь к ней" in answer.text


def test_form_with_a_file_is_not_said_to_be_kept(browser):
    answer = browser.post("/fault/operational/", {"csrfmiddlewaretoken": token_of(browser), "key": "aa"})

    assert html.fromstring(answer.text).forms == []


def test_fault_of_the_page_of_faults_still_says_it_in_words(browser, monkeypatch):
    monkeypatch.setattr(errors, "render_to_string", lambda *_: 1 / 0)

    answer = browser.get("/fault/bug/")

    assert answer.status_code == 500
    assert "Номер ошибки" in answer.text


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("suspicious", 400, "Запрос не понят"),
        ("denied", 403, "Попросите Администратора договора."),
        ("missing", 404, "Страница не найдена"),
        ("key", 409, "Эта форма уже отправлена"),
        ("big", 413, "Слишком много за один раз"),
        ("limit", 429, "через 4 минут"),
    ],
)
def test_refusal_is_a_page_that_says_what_was_kept(browser, name, status, words):
    answer = browser.get(f"/fault/{name}/")

    assert answer.status_code == status
    assert words in answer.text
    assert "сохранено" in answer.text


def test_limit_says_when_to_come_again(browser):
    assert 180 <= int(browser.get("/fault/limit/")["Retry-After"]) <= 185


def test_conflict_shows_what_was_accepted_and_offers_a_correction(browser):
    answer = browser.get("/conflict/")

    assert answer.status_code == 409
    assert "300963" in answer.text
    assert 'href="/again/">отправить как исправление</a>' in answer.text


def test_old_form_says_that_nothing_was_sent_and_offers_it_anew(browser):
    answer = browser.post("/conflict/", headers={"referer": "http://testserver/form/?a=1"})

    assert answer.status_code == 403
    assert "Ничего не отправлено" in answer.text
    assert 'href="/form/?a=1"' in answer.text


def test_old_form_never_links_to_a_foreign_page(browser):
    answer = browser.post("/conflict/", headers={"referer": "https://evil.example/form/"})

    assert "evil.example" not in answer.text
    assert 'href="/conflict/"' in answer.text


@pytest.mark.parametrize("status", [500, 503, 507])
def test_page_of_faults_needs_no_context(status):
    html = render_to_string(f"errors/{status}.html", {"reference": "AAAA-BBBB"})

    assert "AAAA-BBBB" in html
    assert "<h1>" in html


@pytest.mark.parametrize("name", ["bug", "operational", "missing"])
def test_page_of_faults_speaks_the_chosen_language(browser, name):
    browser.cookies["language"] = "en"

    assert '<html lang="en"' in browser.get(f"/fault/{name}/").text
