"""Signing up by an address alone, and «Давайте познакомимся» before anything opens (REG-01)."""

import re

import pytest

from kabinet.accounts.models import User
from kabinet.accounts.rules.profile import still_unknown
from kabinet.accounts.values import AgreementKind, Introduction, PersonalData
from tests import world
from tests.accounts import people
from tests.accounts.people import PASSWORD, code_in, open_browser

PERSON = {
    "last_name": "Новикова",
    "first_name": "Нина",
    "middle_name": "Павловна",
    "organisation": "ООО «Новая»",
    "position": "Главный энергетик",
    "address": "г. Белгород, ул. Преображенская, 1",
}
ADDRESS = "nina@example.com"


@pytest.fixture
def agreements(b):
    return {kind: people.publish(b, kind) for kind in AgreementKind}


def sign_up(browser, agreements, **changed):
    boxes = {kind: str(agreements[kind].pk) for kind in (AgreementKind.TERMS, AgreementKind.PERSONAL_DATA)}
    return browser.post("/b/sign-up/", {"email": ADDRESS, "password": PASSWORD, **boxes, **changed})


@pytest.fixture
def newcomer(b, agreements, letters):
    """A browser whose person has just confirmed the address."""
    browser = open_browser()
    sign_up(browser, agreements)
    assert browser.post("/b/confirm-email/", {"code": code_in(letters()[0])}).status_code == 302
    return browser


@pytest.fixture
def known(b):
    """A browser of somebody who has said who he is."""
    user = world.person(b, "known@example.com")
    User.objects.filter(pk=user.pk).update(last_name="Новикова", phone="+74722259259")
    user.enrollments.update(address="г. Белгород", organisation="ООО «Новая»", position="Энергетик")
    return world.signed_in(open_browser(), user, b)


def mark_in(page):
    return re.search(r'name="shown" value="([^"]*)"', page)[1]


def shown(browser, path):
    return browser.get(path, follow=True).content.decode()


@pytest.mark.spec("REG-01", "REG-09")
def test_form_asks_for_an_address_and_a_password_alone(b, agreements):
    page = open_browser().get("/b/sign-up/").content.decode()

    for words in ("E-mail", "Пароль", "Я принимаю пользовательское соглашение", "Зарегистрироваться",
                  "Я согласен получать рекламно-информационную рассылку", "Не короче 8 знаков"):  # fmt: skip
        assert words in page
    for words in ("Фамилия", "Подтверждение пароля", "Наименование организации"):
        assert words not in page


@pytest.mark.spec("REG-01")
def test_newcomer_is_asked_for_names_then_for_the_phone_then_is_in(newcomer):
    names = newcomer.get("/b/start/")
    assert names["Location"] == "/b/introduction/?next=%2Fb%2Fstart%2F"
    page = newcomer.get(names["Location"]).content.decode()
    for words in ("Давайте познакомимся", "Фамилия", "Имя", "Отчество", "нет отчества", "Организация",
                  "без организации", "Должность", "Адрес", "Сохранить"):  # fmt: skip
        assert words in page

    phone = newcomer.post("/b/introduction/", PERSON | {"next": "/b/start/", "shown": mark_in(page)})
    assert phone["Location"] == "/b/introduction/phone/?next=%2Fb%2Fstart%2F"
    done = newcomer.post(phone["Location"], {"phone": "8 4722 25-92-59", "next": "/b/start/"})

    assert done["Location"] == "/b/start/"
    assert newcomer.get("/b/start/").status_code == 200
    user = User.objects.get(email=ADDRESS)
    part = user.enrollments.get()
    assert (user.last_name, user.phone, part.position, part.address) == (
        "Новикова", "+74722259259", "Главный энергетик", PERSON["address"],
    )  # fmt: skip


@pytest.mark.spec("REG-01")
@pytest.mark.parametrize("path", ["start/", "profile/", "profile/sessions/", "acts/"])
def test_nothing_opens_before_the_introduction(newcomer, path):
    assert newcomer.get(f"/b/{path}")["Location"].startswith("/b/introduction/?")


@pytest.mark.spec("REG-01")
def test_a_post_does_nothing_before_the_introduction(newcomer):
    answer = newcomer.post("/b/profile/phone/", {"phone": "+7 4722 25-92-59"})

    assert answer["Location"].startswith("/b/introduction/")
    assert User.objects.get(email=ADDRESS).phone == ""


@pytest.mark.spec("REG-01")
@pytest.mark.parametrize("field", [name for name in PERSON if name != "middle_name"])
def test_every_field_is_required(newcomer, field):
    page = newcomer.post("/b/introduction/", PERSON | {field: ""}).content.decode()

    assert "Введите" in page
    assert User.objects.get(email=ADDRESS).last_name == ""


@pytest.mark.spec("REG-01")
def test_who_belongs_to_no_organisation_says_so(newcomer):
    page = shown(newcomer, "/b/start/")
    alone = {"organisation": "", "position": "", "no_organisation": "on", "middle_name": "", "no_middle_name": "on"}

    answer = newcomer.post("/b/introduction/", PERSON | alone | {"shown": mark_in(page)})

    assert answer["Location"] == "/b/introduction/phone/"


@pytest.mark.spec("REG-01")
def test_box_and_organisation_together_are_asked_about(newcomer):
    page = newcomer.post("/b/introduction/", PERSON | {"no_organisation": "on"}).content.decode()

    assert "снимите эту отметку" in page


@pytest.mark.spec("REG-01", "PROF-02")
def test_code_may_be_left_for_later(b, agreements):
    browser = open_browser()
    sign_up(browser, agreements)

    browser.post("/b/sign-in/", {"email": ADDRESS, "password": PASSWORD})
    page = shown(browser, "/b/start/")

    assert "Давайте познакомимся" in page
    assert "Подтвердите адрес электронной почты" in page


@pytest.mark.spec("REG-01")
def test_who_is_known_is_led_on(known):
    assert known.get("/b/introduction/")["Location"] == "/b/introduction/phone/"
    assert known.get("/b/introduction/phone/")["Location"] == "/b/start/"


@pytest.mark.spec("REG-01", "PROF-01")
def test_profile_shows_and_keeps_the_address(known):
    page = known.get("/b/profile/edit/").content.decode()

    known.post("/b/profile/edit/", PERSON | {"address": "г. Белгород, пр. Славы, 2", "shown": mark_in(page)})

    assert "пр. Славы, 2" in known.get("/b/profile/").content.decode()


@pytest.mark.spec("REG-01")
def test_water_portal_asks_nothing_of_the_kind(w, anna):
    browser = world.signed_in(open_browser(), anna, w)

    assert browser.get("/w/introduction/")["Location"] == "/w/introduction/phone/"
    assert browser.get("/w/introduction/phone/")["Location"] == "/w/start/"


@pytest.mark.parametrize(
    ("changed", "phone", "due"),
    [
        ({}, "+7", None),
        ({"organisation": "", "position": "", "middle_name": ""}, "+7", None),
        ({}, "", Introduction.PHONE),
        ({"last_name": ""}, "+7", Introduction.PERSON),
        ({"first_name": ""}, "", Introduction.PERSON),
        ({"address": ""}, "+7", Introduction.PERSON),
    ],
)
@pytest.mark.spec("REG-01")
def test_rule_names_what_is_still_unknown(changed, phone, due):
    assert still_unknown(PersonalData(**(PERSON | changed)), phone=phone) is due
