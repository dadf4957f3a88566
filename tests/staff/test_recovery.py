"""A person is helped back in: an address and a code, never a password (REG-06)."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from kabinet.accounts.models import Enrollment, OneTimeSecret, Session
from kabinet.accounts.services.office_recovery import Recovery, RecoveryRefused, recover_account
from kabinet.accounts.services.specialists import DutyNotGiven, NotOfTheOffice
from kabinet.accounts.values import StaffRole
from kabinet.infra import clock
from kabinet.infra.models import OutgoingLetter
from tests import world
from tests.staff import office

pytestmark = pytest.mark.django_db


def recover(browser, user, **changed):
    path = f"/w/office/people/{user.pk}/recovery/"
    fields = {"key": "key-1", "email": "", "is_checked": "on"} | changed
    return browser.post(path, {name: value for name, value in fields.items() if value is not None})


@pytest.mark.spec("REG-06")
def test_office_sets_the_address_and_starts_the_usual_recovery(w, anna, olga, desk):
    customers = world.signed_in(Client(), anna, w)
    office.open_card(desk, f"/w/office/people/{anna.pk}/", reason="visit", reference="17")

    answer = recover(desk, anna, email="Anna.New@example.com")

    anna.refresh_from_db()
    letters = {letter.template: letter.to for letter in OutgoingLetter.objects.all()}
    assert answer["Location"] == f"/w/office/people/{anna.pk}/"
    assert (anna.email, anna.email_confirmed_at) == ("anna.new@example.com", None)
    assert not anna.has_password(world.PASSWORD)
    assert letters == {
        "accounts/recovery_code": "anna.new@example.com",
        "accounts/address_replaced": "anna@example.com",
    }
    assert not Session.objects.filter(user=anna).exists()
    assert customers.get("/w/start/").status_code == 302
    assert [row.reason for row in office.audited("accounts.email_replaced")] == ["visit:17"]
    assert [row.actor_id for row in office.audited("accounts.recovery_started")] == [olga.pk]


@pytest.mark.spec("REG-06")
def test_person_takes_the_code_and_chooses_the_password(w, anna, desk):
    office.open_card(desk, f"/w/office/people/{anna.pk}/")
    recover(desk, anna, email="anna.new@example.com")
    letter = OutgoingLetter.objects.get(template="accounts/recovery_code")
    code = next(line for line in letter.text.splitlines() if line.isdigit())
    words = "совсем другие слова 8"

    fields = {"email": "anna.new@example.com", "code": code, "password": words, "again": words}
    Client().post("/w/recover/code/", fields)

    anna.refresh_from_db()
    assert anna.has_password(words)
    assert anna.email_confirmed_at is not None


def test_recovery_to_the_address_that_stands_leaves_the_password(anna, desk):
    office.open_card(desk, f"/w/office/people/{anna.pk}/")

    recover(desk, anna)

    anna.refresh_from_db()
    assert anna.has_password(world.PASSWORD)
    assert OneTimeSecret.objects.filter(user=anna, purpose="recover_password", used_at=None).count() == 1
    assert OutgoingLetter.objects.get().to == "anna@example.com"


def test_address_that_waited_for_its_code_waits_no_longer(w, anna, desk):
    OneTimeSecret.objects.create(
        user=anna, provider=w, purpose="change_email", secret_hash="0" * 64, subject="thief@example.com",
        made_at=world.NOW, expires_at=clock.technical_now() + timedelta(minutes=30),
    )  # fmt: skip
    office.open_card(desk, f"/w/office/people/{anna.pk}/")

    recover(desk, anna)

    live = OneTimeSecret.objects.filter(user=anna, used_at=None)
    assert [secret.purpose for secret in live] == ["recover_password"]


def test_second_click_starts_nothing_anew(anna, desk):
    office.open_card(desk, f"/w/office/people/{anna.pk}/")

    recover(desk, anna)
    recover(desk, anna)

    assert OutgoingLetter.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"is_checked": None}, "Без проверки"),
        ({"email": "boris@example.com"}, "занят другим"),
        ({"email": "anna@example.com"}, "уже записан"),
        ({"email": "не адрес"}, "Новый адрес почты"),
    ],
)
def test_wrong_recovery_says_how_to_mend_it_and_changes_nothing(anna, boris, desk, changed, words):
    office.open_card(desk, f"/w/office/people/{anna.pk}/")

    answer = recover(desk, anna, **changed)

    anna.refresh_from_db()
    assert words in answer.text
    assert answer.status_code == 200
    assert anna.email == "anna@example.com"
    assert not OutgoingLetter.objects.exists()


def test_recovery_needs_the_card_open(anna, desk):
    assert recover(desk, anna)["Location"] == f"/w/office/people/{anna.pk}/"
    assert not OutgoingLetter.objects.exists()


def test_who_is_also_elsewhere_is_not_one_offices_to_help(w, v, anna, desk):
    Enrollment.objects.create(user=anna, provider=v, category="legal", joined_at=world.NOW)
    office.open_card(desk, f"/w/office/people/{anna.pk}/")

    answer = recover(desk, anna, email="thief@example.com")

    anna.refresh_from_db()
    assert "отсюда восстановить нельзя" in answer.text
    assert anna.email == "anna@example.com"


def test_staff_cannot_help_itself_to_another_specialists_way_in(w, olga, support):
    Enrollment.objects.create(user=olga.user, provider=w, category="legal", joined_at=world.NOW)

    with pytest.raises(RecoveryRefused):
        recover_account(
            Recovery(olga.user_id, "thief@example.com"),
            provider=w,
            key="k",
            by=office.actor(support),
            at=clock.technical_now(),
        )


def test_service_asks_for_the_duty_itself(w, v, anna, vera):
    editor = office.specialist(w, "editor@example.com", StaffRole.EDITOR)
    facts = {"provider": w, "key": "k", "at": clock.technical_now()}

    with pytest.raises(DutyNotGiven):
        recover_account(Recovery(anna.pk), by=office.actor(editor), **facts)
    with pytest.raises(NotOfTheOffice):
        recover_account(Recovery(anna.pk), by=office.actor(vera), **facts)


def test_operator_helps_whom_no_office_may(w, v, anna, capsys):
    Enrollment.objects.create(user=anna, provider=v, category="legal", joined_at=world.NOW)

    call_command(
        "recover_account", "--provider", "w", "--email", "anna@example.com", "--new-email", "anna.new@example.com",
        "--reason", "order:12",
    )  # fmt: skip

    anna.refresh_from_db()
    assert anna.email == "anna.new@example.com"
    assert office.audited("accounts.email_replaced")[0].reason == "order:12"
    with pytest.raises(CommandError):
        call_command("recover_account", "--provider", "w", "--email", "nobody@example.com", "--reason", "1")
