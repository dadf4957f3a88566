"""Sign-up by account, its letter, the password that makes the user and links the account (REG-03, REG-05, REG-06)."""

from datetime import timedelta

import pytest

from kabinet.accounts.models import LoginName, User
from kabinet.accounts.values import AgreementKind
from kabinet.contracts.models import Membership, SignUpRequest
from kabinet.contracts.services import enrolling
from kabinet.infra.models import AuditRow, Event, OutgoingLetter
from tests import world
from tests.contracts.accounts import (
    EMAIL,
    PASSWORD,
    RECOVER,
    SENT,
    SIGN_UP,
    browser,
    choose,
    letters,
    link_in,
    minute_passes,
    sign_in,
    sign_up,
    signed_up,
)

THANKS = (
    "Спасибо за регистрацию! Теперь Вам доступны закрытые разделы личного кабинета. Вся информация по вашему лицевому "
    "счету будет выгружена в течении 24 часов, после чего Вы сможете в полном объеме воспользоваться закрытыми "
    "разделами."
)
NOT_FOUND = "Лицевой счёт не найден, либо данные с ним не совпадают."

pytestmark = pytest.mark.usefixtures("texts")


@pytest.mark.spec("REG-03")
@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"first_name": "Н", "middle_name": "Н"},
        {"first_name": "н.", "middle_name": "н.", "last_name": " иванова "},
        {"meter": "11774"},
        {"meter": "СГВ-011774"},
        {"meter": "11228081"},
        {"account": "111 222 333"},
    ],
)
def test_right_claim_is_thanked_and_gets_a_letter(p, account, typed):
    answer = sign_up(p, **typed)

    assert answer["Location"] == SENT
    assert [(letter.to, letter.template) for letter in letters()] == [(EMAIL, "contracts/sign_up_link")]


@pytest.mark.spec("REG-03")
def test_thanks_are_letter_for_letter_and_name_the_address(p, account):
    visitor = browser()
    sign_up(p, by=visitor)

    page = visitor.get(SENT).content.decode()

    assert THANKS in page
    assert EMAIL in page


@pytest.mark.spec("REG-03")
@pytest.mark.parametrize(
    "wrong",
    [
        {"account": "111222334"},
        {"last_name": "Петрова"},
        {"first_name": "Нина"},
        {"first_name": "А", "middle_name": "Н"},
        {"meter": "11775"},
        {"mode": "legal", "number": "111222333", "inn": "7707083893", "organisation": "ООО «Нет»"},
    ],
)
def test_whatever_is_wrong_gets_one_neutral_answer(p, account, wrong):
    page = sign_up(p, **wrong).content.decode()

    assert "либо данные с ним не совпадают" in page
    assert not SignUpRequest.objects.exists()
    assert letters() == []


@pytest.mark.spec("REG-03")
def test_refusal_advises_initials_and_keeps_what_was_typed(p, account):
    page = sign_up(p, meter="1", account="22333").content.decode()

    assert NOT_FOUND in page
    assert "инициалы, без точек" in page
    # The zeros that were left out are put in front, and shown.
    for typed in ('value="000022333"', 'value="Иванова"', f'value="{EMAIL}"'):
        assert typed in page


@pytest.mark.spec("REG-03")
@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("account", "", "Введите номер лицевого счета"),
        ("account", "1112223334", "9 цифр"),
        ("account", "12а", "9 цифр"),
        ("account", "0", "из одних нулей"),
        ("email", "natalya", "Адрес состоит из имени"),
        ("middle_name", "", "поставьте отметку «нет отчества»"),
        ("meter", "б/н", "В номере счетчика есть цифры"),
        ("terms", "", "Без принятия соглашения"),
    ],
)
def test_each_wrong_field_says_how_to_mend_it(p, account, field, typed, words):
    page = sign_up(p, **{field: typed}).content.decode()

    assert words in page
    assert f'href="#id_{field}"' in page


@pytest.mark.spec("REG-03")
def test_organisation_is_named_by_contract_inn_and_meter(p):
    row = world.contract(p, number="ЮЛ-77", kind="business")
    world.meter(row, number="300500")

    answer = sign_up(
        p, mode="legal", account="", number="юл 77", inn=row.inn, organisation="ООО «Ромашка»", meter="300500"
    )

    assert answer["Location"] == SENT
    link = link_in(letters()[-1])
    assert "Пароль успешно сменен" in choose(link).content.decode()
    assert Membership.objects.get().contract == row
    assert sign_in("ЮЛ77", mode="legal")["Location"] == "/p/start/"


@pytest.mark.spec("REG-03")
def test_look_at_the_link_changes_nothing(p, account):
    sign_up(p)
    link = link_in(letters()[-1])

    page = browser().get(link).content.decode()

    for words in (
        "Изменение пароля",
        "Логин",
        "Новый пароль",
        "Подтверждение пароля",
        "Изменить пароль",
        "Авторизация",
    ):
        assert words in page
    assert 'value="111222333"' in page
    assert "readonly" in page
    assert not User.objects.exists()


@pytest.mark.spec("REG-03", "REG-09")
def test_password_makes_the_user_and_links_the_account(p, account, texts):
    sign_up(p, phone="8 (831) 225-92-59")
    page = choose(link_in(letters()[-1])).content.decode()

    user = User.objects.get()
    assert "Пароль успешно сменен" in page
    assert "Авторизация" in page
    assert (user.email, user.last_name, user.phone, user.email_confirmed_at is None) == (
        EMAIL, "Иванова", "+78312259259", False,
    )  # fmt: skip
    assert Membership.objects.get(user=user).contract == account
    assert Event.objects.filter(kind="contracts.linked").count() == 1
    given = user.enrollments.get().consents.values_list("agreement_id", flat=True)
    assert set(given) == {texts[AgreementKind.TERMS].pk, texts[AgreementKind.PERSONAL_DATA].pk}
    # What was typed is kept nowhere else.
    assert not SignUpRequest.objects.exists()


@pytest.mark.spec("REG-03")
def test_link_works_once(p, account):
    link = signed_up(p)

    again = choose(link, password="совсем другие слова 8")

    assert again.status_code == 404
    assert "Ссылка не действует" in again.content.decode()
    assert sign_in("111222333").status_code == 302


@pytest.mark.spec("REG-03")
def test_link_that_is_late_opens_nothing_and_is_forgotten(p, account, at):
    sign_up(p)
    link = link_in(letters()[-1])
    at(world.NOW + timedelta(hours=24))

    assert browser().get(link).status_code == 404
    assert enrolling.remove_late(at=world.NOW + timedelta(hours=24)) == 1
    assert not SignUpRequest.objects.exists()


@pytest.mark.spec("REG-03")
def test_newer_letter_takes_the_place_of_the_one_before(p, account):
    sign_up(p)
    first = link_in(letters()[-1])
    minute_passes()

    sign_up(p)
    second = link_in(letters()[-1])

    assert browser().get(first).status_code == 404
    assert browser().get(second).status_code == 200


def test_second_click_within_a_minute_writes_no_second_letter(p, account):
    sign_up(p)
    letters()

    assert sign_up(p)["Location"] == SENT
    assert len(letters()) == 1


@pytest.mark.spec("REG-05")
def test_second_person_of_the_account_signs_in_by_address_and_the_letter_says_so(p, account):
    signed_up(p)
    sign_up(p, email="ivan@example.com", first_name="Н", middle_name="Н")
    letter = letters()[-1]

    assert "По номеру этого счёта уже входит другой человек" in letter.text
    assert 'value="ivan@example.com"' in browser().get(link_in(letter)).content.decode()
    choose(link_in(letter), password="совсем другие слова 8")
    assert LoginName.objects.get().user.email == EMAIL
    assert sign_in("ivan@example.com", "совсем другие слова 8").status_code == 302
    assert sign_in("111222333").status_code == 302
    assert Membership.objects.filter(contract=account).count() == 2


@pytest.mark.spec("REG-05", "REG-03")
def test_address_that_has_a_user_gets_the_same_page_and_another_letter(p, account):
    user = world.person(p, EMAIL)

    answer = sign_up(p)
    letter = letters()[-1]

    assert answer["Location"] == SENT
    assert "вы уже зарегистрированы" in letter.text
    assert "/p/sign-in/" in letter.text
    assert "/p/contracts/link-account/" in letter.text
    assert not Membership.objects.exists()
    # Whoever forgot the password sets it by the same letter.
    assert "Пароль успешно сменен" in choose(link_in(letter)).content.decode()
    assert sign_in(EMAIL).status_code == 302
    assert User.objects.get() == user


@pytest.mark.spec("REG-03")
def test_address_that_got_a_user_meanwhile_is_not_taken_over(p, account):
    sign_up(p)
    link = link_in(letters()[-1])
    world.person(p, EMAIL)

    assert choose(link).status_code == 404
    assert not Membership.objects.exists()


@pytest.mark.spec("REG-03")
def test_twenty_first_wrong_try_of_an_address_is_refused_with_the_time(p, account):
    for _ in range(20):
        sign_up(p, meter="1")

    answer = sign_up(p)

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


@pytest.mark.spec("REG-03")
def test_account_that_is_tried_too_often_slows_down_and_never_locks_its_owner_out(p, account, monkeypatch, caplog):
    slept = []
    monkeypatch.setattr("kabinet.accounts.services.tries.time.sleep", slept.append)
    for place in range(10):
        sign_up(p, by=browser(f"198.51.100.{place}"), meter="1")
    assert slept == []

    answer = sign_up(p, by=browser("203.0.113.9"))

    assert answer["Location"] == SENT
    assert slept == [2]
    assert "slowed down" in caplog.text


def test_letter_job_that_comes_again_writes_once(p, account):
    sign_up(p)
    letters()

    letters()

    assert OutgoingLetter.objects.count() == 1


def test_account_number_is_free_again_when_the_account_is_closed(p, account):
    signed_up(p)
    visitor = browser()
    visitor.post("/p/sign-in/", {"mode": "person", "email": "111222333", "password": PASSWORD})

    visitor.post("/p/profile/delete/", {"password": PASSWORD})

    assert not LoginName.objects.exists()


def test_sign_up_leaves_its_trace_without_names(p, account):
    signed_up(p)

    acts = set(AuditRow.objects.values_list("act", flat=True))
    assert {"contracts.sign_up_asked", "accounts.signed_up", "accounts.login_name_given", "contracts.linked"} <= acts
    assert not any("Иванова" in str(row.after) for row in AuditRow.objects.all())


@pytest.mark.parametrize("address", [SIGN_UP, SENT, RECOVER, "/p/recover/account/sent/"])
def test_pages_are_there_for_their_policy_alone(w, p, address):
    assert browser().get(address).status_code == 200
    assert browser().get(address.replace("/p/", "/w/")).status_code == 404
