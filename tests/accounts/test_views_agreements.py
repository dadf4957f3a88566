"""Pages of agreements."""

import re

import pytest

from kabinet.accounts.models import Consent, Enrollment
from kabinet.accounts.values import AgreementKind
from tests import world
from tests.accounts import people
from tests.accounts.people import open_browser


def ticked(page):
    """Return the names of the boxes that are ticked."""
    boxes = re.findall(r'<input type="checkbox"[^>]*>', page)
    return {re.search(r'name="([^"]+)"', box)[1] for box in boxes if re.search(r"\bchecked\b", box)}


def follow(browser, answer):
    assert answer.status_code == 302, answer.content.decode()
    return browser.get(answer["Location"])


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
