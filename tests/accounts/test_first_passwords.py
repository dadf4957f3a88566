"""The password that a letter brings to an invited person: once, for its addressee, in time (I24)."""

from datetime import timedelta

import pytest
from django.db import transaction

from kabinet.accounts import services
from kabinet.accounts.models import Enrollment, OneTimeSecret, Session, User
from kabinet.accounts.rules import first_passwords as rules
from kabinet.accounts.services import FirstPasswordRefused, SignInRefused
from kabinet.accounts.services.first_passwords import user_or_invitation
from kabinet.accounts.values import FirstPasswordState, Purpose
from kabinet.infra import clock
from kabinet.infra.models import AuditRow
from tests import world
from tests.accounts import people
from tests.accounts.people import NEW_PASSWORD, at_once, code_in, sign_in

NINA = "nina@example.com"
NEUTRAL = "Неверное имя пользователя/пароль"


def invite(of, email=NINA, *, at=None):
    """Return the person and the password of the letter."""
    with transaction.atomic():
        found = user_or_invitation(
            email, provider=of, language="ru", by=people.nobody(of), at=at or clock.technical_now()
        )
    return found.user, found.password


def answer_of(browser, password, email=NINA):
    return browser.post("/w/sign-in/", {"email": email, "password": password}).content.decode()


@pytest.mark.spec("ROLE-04")
@pytest.mark.parametrize(
    ("is_used", "left", "state"),
    [
        (False, timedelta(microseconds=1), FirstPasswordState.OPEN),
        (False, timedelta(0), FirstPasswordState.EXPIRED),
        (True, timedelta(days=1), FirstPasswordState.USED),
        (True, -timedelta(days=1), FirstPasswordState.USED),
    ],
)
def test_password_opens_once_and_in_time(is_used, left, state):
    used_at = world.NOW if is_used else None

    assert rules.state_of(used_at=used_at, expires_at=world.NOW + left, at=world.NOW) is state


@pytest.mark.spec("ROLE-04")
def test_password_is_stored_hashed_and_opens_no_other_door(w):
    user, password = invite(w)

    kept = OneTimeSecret.objects.get(user=user, purpose=Purpose.FIRST_PASSWORD)
    assert len(password) == 14
    assert password not in kept.secret_hash
    assert not user.has_password(password)


@pytest.mark.spec("ROLE-04")
def test_invited_person_agrees_chooses_a_password_and_is_in(w, agreements):
    user, password = invite(w)
    browser = people.open_browser()

    answer = browser.post("/w/sign-in/", {"email": NINA, "password": f" {password.upper()} "})
    assert answer.url == "/w/agreements/accept/"
    boxes = {kind.value: str(agreement.pk) for kind, agreement in agreements.items()}
    browser.post("/w/agreements/accept/", boxes | {"organisation": "ООО «Новая»"})
    assert browser.get("/w/profile/").url.startswith("/w/profile/password/?next=")
    page = browser.get("/w/profile/password/").content.decode()
    answer = browser.post("/w/profile/password/", {"password": NEW_PASSWORD, "again": NEW_PASSWORD})

    assert "Вы вошли с временным паролем" in page
    assert "Старый пароль" not in page
    assert answer.url == "/w/start/"
    user.refresh_from_db()
    assert user.has_password(NEW_PASSWORD)
    assert not user.must_change_password
    assert user.email_confirmed_at
    assert browser.get("/w/profile/").status_code == 200


@pytest.mark.spec("ROLE-04")
def test_second_sign_in_by_the_same_password_says_what_to_do(w):
    _, password = invite(w)
    sign_in(NINA, w, password=password)

    page = answer_of(people.open_browser(), password)

    assert "уже использован" in page
    assert Session.objects.count() == 1


@pytest.mark.spec("ROLE-04")
def test_late_password_says_what_to_do_and_the_code_still_lets_in(w, letters):
    user, password = invite(w, at=clock.technical_now() - rules.LIVES)
    browser = people.open_browser()

    page = answer_of(browser, password)
    browser.post("/w/recover/", {"email": NINA})
    fields = {"email": NINA, "code": code_in(letters(NINA)[-1]), "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    browser.post("/w/recover/code/", fields)

    assert "Срок одноразового пароля из письма истёк" in page
    assert sign_in(NINA, w, password=NEW_PASSWORD).session.user == user
    with pytest.raises(SignInRefused):
        sign_in(NINA, w, password=password)


@pytest.mark.spec("ROLE-04")
def test_anothers_password_and_a_wrong_one_get_the_answer_of_an_unknown_person(w, anna):
    _, password = invite(w)
    invite(w, "oleg@example.com")
    browser = people.open_browser()

    answers = [
        answer_of(browser, password, "oleg@example.com"),
        answer_of(browser, password, anna.email),
        answer_of(browser, password, "nobody@example.com"),
        answer_of(browser, "abcd-efgh-jkmn"),
    ]

    assert all(NEUTRAL in page and "одноразов" not in page.lower() for page in answers)
    assert not Session.objects.exists()


def test_next_invitation_takes_the_place_of_the_one_before(w):
    user, first = invite(w)
    again, second = invite(w)

    assert again == user
    with pytest.raises(FirstPasswordRefused) as refusal:
        sign_in(NINA, w, password=first)
    assert refusal.value.state is FirstPasswordState.USED
    assert sign_in(NINA, w, password=second).session.user == user


def test_who_is_here_already_gets_no_password_and_keeps_his_own(w, anna):
    user, password = invite(w, "anna@example.com")

    assert (user, password) == (anna, "")
    assert user.has_password(world.PASSWORD)
    assert not AuditRow.objects.filter(act="accounts.invited").exists()


def test_known_and_unknown_cost_the_same_statements(w, anna, django_assert_max_num_queries):
    """The one more is the audit's row and the secret's: nothing dear is done for either."""
    with django_assert_max_num_queries(8):
        invite(w)
    with django_assert_max_num_queries(8):
        invite(w, "anna@example.com")


def test_own_password_is_chosen_once(w, agreements):
    user, password = invite(w)
    Enrollment.objects.create(user=user, provider=w, category="legal", joined_at=world.NOW)
    people.accept_all(user, w)
    started = sign_in(NINA, w, password=password)
    facts = {"session": started.session, "provider": w, "by": world.actor(user, w), "at": clock.technical_now()}
    services.choose_password(NEW_PASSWORD, **facts)

    with pytest.raises(services.OldPasswordWrong):
        services.choose_password("ещё одни слова 9", **facts)

    assert User.objects.get(pk=user.pk).has_password(NEW_PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_of_five_sign_ins_at_once_one_is_let_in(w):
    _, password = invite(w)

    found = at_once(*[lambda: sign_in(NINA, w, password=password)] * 5)

    assert sum(isinstance(one, services.Started) for one in found) == 1
    assert sum(isinstance(one, FirstPasswordRefused) for one in found) == 4
