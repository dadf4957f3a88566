"""Signing in by account, and «Забыли свой пароль?» by account and address (REG-05, REG-06)."""

import pytest

from kabinet.accounts.models import OneTimeSecret
from tests import world
from tests.contracts.accounts import (
    EMAIL,
    PASSWORD,
    RECOVER,
    browser,
    choose,
    letters,
    link_in,
    minute_passes,
    sign_in,
    signed_up,
)

pytestmark = pytest.mark.usefixtures("texts")


@pytest.mark.spec("REG-05")
@pytest.mark.parametrize("name", ["111222333", "111-222-333", "Natalya@Example.com"])
def test_signs_in_by_account_and_by_address(p, account, name):
    signed_up(p)

    assert sign_in(name)["Location"] == "/p/start/"


@pytest.mark.spec("REG-05")
def test_account_is_typed_without_its_zeros(p):
    row = world.household(p, "000022333")
    world.hot_water(row, number="011774")
    signed_up(p, account="22333")

    assert sign_in("22333")["Location"] == "/p/start/"


@pytest.mark.spec("REG-05")
def test_sign_in_page_has_the_words_of_the_manual(p):
    page = browser().get("/p/sign-in/").content.decode()

    for words in ("Физическое лицо", "Юридическое лицо", "Исполнитель коммунальных услуг", "Номер лицевого счета",
                  "Пароль", "Забыли свой пароль?", "Войти", "Регистрация"):  # fmt: skip
        assert words in page


@pytest.mark.spec("REG-05")
@pytest.mark.parametrize(("name", "password"), [("111222333", "не тот пароль 9"), ("999888777", PASSWORD)])
def test_unknown_account_and_wrong_password_get_one_answer(p, account, name, password):
    signed_up(p)

    assert "Ошибка входа. Неверное имя пользователя/пароль" in sign_in(name, password).content.decode()


@pytest.mark.spec("REG-06")
def test_recovery_by_account_and_address_sends_a_link(p, account):
    signed_up(p)
    minute_passes()
    page = browser().get("/p/recover/", follow=True).content.decode()
    for words in ("Номер лицевого счета", "Адрес электронной почты", "Выслать"):
        assert words in page

    browser().post(RECOVER, {"number": "111222333", "email": EMAIL})
    link = link_in(letters()[-1])

    assert 'value="111222333"' in browser().get(link).content.decode()
    assert sign_in("111222333").status_code == 302
    assert "Пароль успешно сменен" in choose(link, password="совсем другие слова 8").content.decode()
    assert sign_in("111222333").status_code == 200
    assert sign_in("111222333", "совсем другие слова 8").status_code == 302
    assert choose(link).status_code == 404


@pytest.mark.spec("REG-06")
def test_recovery_answers_alike_for_every_pair(p, account):
    signed_up(p)
    pages = set()
    for number, email in [("111222333", EMAIL), ("111222334", EMAIL), ("111222333", "no@example.com"), ("1", "a@b.ru")]:
        minute_passes()
        answer = browser().post(RECOVER, {"number": number, "email": email})
        pages.add((answer.status_code, answer["Location"]))

    assert len(pages) == 1
    assert [letter.template for letter in letters()].count("accounts/recovery_link") == 1


@pytest.mark.spec("REG-06")
def test_second_person_recovers_by_the_account_he_holds(p, account):
    world.link(world.person(p, "ivan@example.com"), account)

    browser().post(RECOVER, {"number": "111222333", "email": "ivan@example.com"})

    assert [letter.template for letter in letters()] == ["accounts/recovery_link"]


@pytest.mark.spec("REG-06")
def test_of_two_links_the_newer_one_opens(p, account):
    signed_up(p)
    links = []
    for _ in range(2):
        minute_passes()
        browser().post(RECOVER, {"number": "111222333", "email": EMAIL})
        links.append(link_in(letters()[-1]))

    assert [browser().get(link).status_code for link in links] == [404, 200]


def test_secret_of_a_link_is_kept_hashed(p, account):
    signed_up(p)
    minute_passes()
    browser().post(RECOVER, {"number": "111222333", "email": EMAIL})
    link = link_in(letters()[-1])

    assert OneTimeSecret.objects.get().secret_hash not in link
