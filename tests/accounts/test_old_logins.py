"""Logins of a portal that this one replaces (REG-05, REG-06)."""

from io import StringIO

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from kabinet.accounts.models import LoginName, User
from kabinet.accounts.services.old_logins import OldLoginRefused, OldPerson, take_over
from kabinet.infra import clock
from tests.accounts.people import NEW_PASSWORD, PASSWORD, nobody, open_browser


def bring(of, **facts):
    person = OldPerson(**({"login": "Zavod-31", "password": make_password(PASSWORD)} | facts))
    return take_over(person, provider=of, by=nobody(of), at=clock.technical_now())


def sign_in(slug, login, password=PASSWORD):
    return open_browser().post(f"/{slug}/sign-in/", {"email": login, "password": password})


@pytest.mark.spec("REG-05")
def test_sign_in_page_says_that_the_old_login_will_do(b):
    page = open_browser().get("/b/sign-in/").content.decode()

    for words in ("E-mail", "Или прежний логин", "Пароль", "Войти", "Напомнить."):
        assert words in page


@pytest.mark.spec("REG-05")
@pytest.mark.parametrize("typed", ["zavod-31", "ZAVOD-31", "  Zavod-31 "])
def test_old_login_opens_the_cabinet(b, typed):
    bring(b)

    assert sign_in("b", typed).status_code == 302


@pytest.mark.spec("REG-05")
@pytest.mark.parametrize(("login", "password"), [("zavod-31", NEW_PASSWORD), ("zavod-32", PASSWORD)])
def test_wrong_login_and_wrong_password_are_refused_alike(b, login, password):
    bring(b)

    assert "Ошибка входа. Неверное имя пользователя/пароль" in sign_in("b", login, password).content.decode()


@pytest.mark.spec("REG-05")
def test_old_login_is_known_at_its_own_provider_alone(b, w):
    bring(b)

    page = sign_in("w", "zavod-31").content.decode()

    assert "Адрес состоит из имени, знака @ и домена" in page


@pytest.mark.spec("REG-05")
def test_person_brought_with_an_address_signs_in_by_either(b):
    bring(b, email="Zavod@Example.com")

    assert sign_in("b", "zavod@example.com").status_code == 302
    assert sign_in("b", "zavod-31").status_code == 302


@pytest.mark.spec("REG-05")
def test_address_of_somebody_else_is_not_taken_from_a_list(b, anna):
    bring(b, email=anna.email)

    assert LoginName.objects.get().user.email is None
    assert User.objects.count() == 2


@pytest.mark.spec("REG-05")
def test_same_list_twice_brings_nobody_twice(b):
    assert [bring(b), bring(b)] == [True, False]
    assert User.objects.count() == 1


@pytest.mark.spec("REG-05")
@pytest.mark.parametrize(
    "facts",
    [{"login": ""}, {"login": "a@b"}, {"login": "x" * 61}, {"password": "md5$1$2"}, {"email": "no address"}],
)
def test_person_who_cannot_be_taken_over_leaves_nothing(b, facts):
    with pytest.raises(OldLoginRefused):
        bring(b, **facts)

    assert not User.objects.exists()


@pytest.mark.spec("REG-05")
def test_without_a_password_nobody_gets_in(b):
    bring(b, password="")

    assert "Ошибка входа" in sign_in("b", "zavod-31").content.decode()


def test_command_brings_a_list_and_tells_what_it_refused(b, tmp_path):
    listed = tmp_path / "people.csv"
    listed.write_text("login;last_name\nzavod-31;Петров\n;Без логина\nzavod-31;Петров\n", encoding="utf-8-sig")
    said, complained = StringIO(), StringIO()

    call_command("take_over_logins", str(listed), provider="b", stdout=said, stderr=complained)

    assert said.getvalue().strip() == "Перенесено: 1, уже были: 1, отказано: 1"
    assert "строка без логина" in complained.getvalue()
    assert User.objects.get().last_name == "Петров"


def test_command_needs_a_policy_that_knows_old_logins(w, tmp_path):
    with pytest.raises(CommandError, match="old_logins"):
        call_command("take_over_logins", str(tmp_path / "none.csv"), provider="w")


@pytest.mark.parametrize("value", ["", "Zavod", "a@b"])
def test_login_names_are_normal(b, anna, value):
    with pytest.raises(IntegrityError, match="login_name_is_normal"), transaction.atomic():
        LoginName.objects.create(provider=b, value=value, user=anna)


def test_login_name_belongs_to_one_person(b, anna):
    LoginName.objects.create(provider=b, value="zavod", user=anna)

    with pytest.raises(IntegrityError, match="login_name_once"), transaction.atomic():
        LoginName.objects.create(provider=b, value="zavod", user=anna)
