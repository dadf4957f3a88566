"""«Добавить договор»: one answer in every case, a letter for the right pair alone, 24 hours (CON-02)."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kabinet.contracts.models import LinkRequest, Membership
from kabinet.contracts.values import Role
from kabinet.infra.models import AuditRow
from tests import world
from tests.contracts.adding import LIST, MAILBOX, NUMBER, ask, asked_link, letters, link_in, page

pytestmark = [pytest.mark.django_db, pytest.mark.spec("CON-02")]


@pytest.mark.parametrize("number", [NUMBER, "2000 1234 5678 90", "2000-1234-567890", " 20001234567890 "])
def test_right_pair_gets_a_letter(as_boris, klever, number):
    ask(as_boris, number=number, email="BUH@Klever.example ")

    (letter,) = letters()

    assert letter.to == MAILBOX
    for words in (NUMBER, "АО «Клевер»", "boris@example.com", "Подтвердить", "Это не мы"):
        assert words in letter.text
    assert not Membership.objects.exists()


@pytest.mark.parametrize(
    ("number", "email"),
    [(NUMBER, "other@klever.example"), ("20001234567891", MAILBOX), (NUMBER, "boris@example.com")],
)
def test_wrong_pair_is_answered_like_the_right_one_and_gets_no_letter(as_boris, klever, number, email):
    right = ask(as_boris)
    wrong = ask(as_boris, number=number, email=email)

    assert (wrong.status_code, wrong.headers["Location"]) == (right.status_code, right.headers["Location"])
    shown = page(as_boris.get(LIST))
    assert shown.count("ждёт подтверждения, осталось 24 ч 0 мин") == 2
    assert klever.customer_name not in shown
    assert [letter.to for letter in letters()] == [MAILBOX]


def test_asking_makes_the_same_statements_in_every_case(as_boris, klever):
    ask(as_boris, number="20009999999999")

    assert statements_of(as_boris, NUMBER) == statements_of(as_boris, "20009999999998")


def statements_of(as_boris, number):
    with CaptureQueriesContext(connection) as caught:
        ask(as_boris, number=number)
    return [re.sub(r"'[^']*'|\$?\d+", "?", query["sql"]) for query in caught]


@pytest.mark.parametrize(
    ("number", "email", "words"),
    [
        ("2000123456789", MAILBOX, "В номере договора 14 цифр"),
        ("2000123456789a", MAILBOX, "состоит только из цифр"),
        ("", MAILBOX, "Введите номер договора"),
        (NUMBER, "не адрес", "адрес"),
    ],
)
def test_slip_of_the_pen_is_named_and_nothing_waits(as_boris, klever, number, email, words):
    answer = ask(as_boris, number=number, email=email)

    assert answer.status_code == 200
    assert words in page(answer)
    assert not LinkRequest.objects.exists()


def test_link_shows_who_and_what_and_changes_nothing(as_boris, klever):
    link = asked_link(as_boris)

    answer = Client().get(link)

    for words in ("boris@example.com", NUMBER, "АО «Клевер»", "Подтвердить", "Это не мы"):
        assert words in page(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    assert not Membership.objects.exists()
    assert LinkRequest.objects.count() == 1


def test_post_without_a_button_changes_nothing(as_boris, klever):
    link = asked_link(as_boris)

    assert Client().post(link).status_code == 200
    assert not Membership.objects.exists()


def test_confirming_links_once_as_a_manager(as_boris, klever, boris_of_b):
    link = asked_link(as_boris)

    answer, again_ = Client().post(link, {"answer": "confirm"}), Client().post(link, {"answer": "confirm"})

    assert "подключён" in page(answer)
    assert again_.status_code == 404
    membership = Membership.objects.get()
    assert (membership.user, membership.contract, membership.role) == (boris_of_b, klever, Role.MANAGER)
    assert membership.granted_by == boris_of_b.pk
    assert not LinkRequest.objects.exists()
    assert klever.customer_name in page(as_boris.get(LIST))


def test_not_us_ends_the_link_and_who_asked_learns_nothing(as_boris, klever):
    link = asked_link(as_boris)
    before = page(as_boris.get(LIST)).count("ждёт подтверждения")

    Client().post(link, {"answer": "deny"})

    assert Client().get(link).status_code == 404
    assert page(as_boris.get(LIST)).count("ждёт подтверждения") == before == 1
    assert AuditRow.objects.filter(act="contracts.link_denied", contract_id=klever.pk).count() == 1
    request = LinkRequest.objects.get()
    as_boris.post(f"/b/contracts/requests/{request.pk}/write-again/")
    assert len(letters()) == 1
    assert not Membership.objects.exists()


@pytest.mark.parametrize("changed", [{"emails": []}, {"valid_to": world.TODAY}])
def test_link_of_what_billing_has_changed_opens_nothing(as_boris, klever, changed):
    link = asked_link(as_boris)
    type(klever).objects.filter(pk=klever.pk).update(**changed)

    assert Client().post(link, {"answer": "confirm"}).status_code == 404
    assert not Membership.objects.exists()


def test_foreign_and_missing_links_are_one(as_boris, klever, w):
    link = asked_link(as_boris)

    foreign = Client().get(link.replace("/b/", "/w/"))
    missing = Client().get("/b/contracts/confirm/nobody/")

    assert foreign.status_code == missing.status_code == 404


def test_secret_is_kept_hashed_and_writing_again_replaces_it(as_boris, klever):
    old = asked_link(as_boris)
    request = LinkRequest.objects.get()

    as_boris.post(f"/b/contracts/requests/{request.pk}/write-again/")
    new = link_in(letters()[-1])

    assert old.split("/")[-2] not in LinkRequest.objects.get().secret_hash
    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)


def test_second_letter_within_the_minute_is_refused(as_boris, klever):
    ask(as_boris)
    path = f"/b/contracts/requests/{LinkRequest.objects.get().pk}/write-again/"

    as_boris.post(path)
    answer = as_boris.post(path, follow=True)

    assert "попробуйте позже" in page(answer)
    assert LinkRequest.objects.get().letters_asked == 2


def test_job_that_comes_again_writes_nothing(as_boris, klever):
    ask(as_boris)

    assert len(letters()) == len(letters()) == 1
