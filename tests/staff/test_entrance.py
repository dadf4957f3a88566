"""Password, then always the second factor; a session of its own; no way in from a customer's cabinet."""

import re
from datetime import timedelta

import pyotp
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from kabinet.accounts.models import SecondFactor, SpareCode, Specialist, StaffSession, User
from kabinet.accounts.services import specialists
from kabinet.accounts.values import StaffRole
from kabinet.infra import clock
from kabinet.infra.models import OutgoingLetter
from kabinet.kernel.actors import Actor, ActorKind
from kabinet.staff.http import COOKIE
from tests import world
from tests.staff import office

pytestmark = pytest.mark.django_db


def give_password(browser, email, *, password=world.PASSWORD, slug="w"):
    return browser.post(f"/{slug}/office/sign-in/", {"email": email, "password": password})


def set_up(w, email="nina@example.com", **changed):
    row = office.specialist(w, email, has_factor=False, **changed)
    browser = Client()
    give_password(browser, email)
    return row, browser


def test_first_sign_in_sets_up_the_telephone_and_shows_spare_codes_once(w):
    row, browser = set_up(w)

    page = browser.get("/w/office/second-factor/", follow=True)
    done = browser.post("/w/office/second-factor/set-up/", {"code": office.code_of(row)})
    shown = re.findall(r"<code>([A-Z2-9]{5}-[A-Z2-9]{5})</code>", done.text)

    secret = SecondFactor.objects.get(specialist=row).secret
    assert page.redirect_chain == [("/w/office/second-factor/set-up/", 302)]
    assert secret in page.text.replace(" ", "")
    assert re.search(r'<svg[^>]* viewBox="0 0 \d+ \d+"', page.text)
    assert len(set(shown)) == 10
    assert browser.get("/w/office/").status_code == 200
    assert shown[0] not in "".join(SpareCode.objects.values_list("code_hash", flat=True))
    assert [len(office.audited(act)) for act in ("staff.password_passed", "staff.factor_set", "staff.signed_in")] == [
        1,
        1,
        1,
    ]


def test_secret_is_not_shown_again(w):
    row, browser = set_up(w)
    browser.post("/w/office/second-factor/set-up/", {"code": office.code_of(row)})
    again = Client()
    give_password(again, row.user.email)

    answer = again.get("/w/office/second-factor/set-up/")

    assert (answer.status_code, answer["Location"]) == (302, "/w/office/second-factor/")


def test_password_alone_opens_nothing(olga):
    browser = Client()
    give_password(browser, "olga@example.com")

    assert browser.get("/w/office/")["Location"] == "/w/office/second-factor/"
    assert browser.post("/w/office/search/", {"phrase": "ХВС"})["Location"] == "/w/office/second-factor/"
    assert not StaffSession.objects.get().is_open


def test_code_of_the_telephone_opens_the_office_under_a_new_token(olga):
    browser = Client()
    give_password(browser, "olga@example.com")
    before = browser.cookies[COOKIE].value

    answer = browser.post("/w/office/second-factor/", {"code": office.code_of(olga)})

    assert answer["Location"] == "/w/office/"
    assert browser.cookies[COOKIE].value != before
    assert browser.get("/w/office/").status_code == 200
    browser.cookies[COOKIE] = before
    assert browser.get("/w/office/").status_code == 302


def test_cookie_goes_to_the_office_alone(olga):
    answer = give_password(Client(), "olga@example.com")

    cookie = answer.cookies[COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/w/office/", True, "Strict")
    assert answer["Cache-Control"] == "private, no-store"


def test_used_code_does_not_open_again(olga):
    code = office.code_of(olga)
    first, second = Client(), Client()
    for browser in (first, second):
        give_password(browser, "olga@example.com")
    first.post("/w/office/second-factor/", {"code": code})

    answer = second.post("/w/office/second-factor/", {"code": code})

    assert "не подошёл или уже использован" in answer.text
    assert second.get("/w/office/").status_code == 302
    assert len(office.audited("staff.factor_refused")) == 1


def test_wrong_codes_are_limited_and_written_down(olga):
    browser = Client()
    give_password(browser, "olga@example.com")

    answers = [browser.post("/w/office/second-factor/", {"code": "000000"}) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert len(office.audited("staff.factor_refused")) == 5
    assert browser.post("/w/office/second-factor/", {"code": office.code_of(olga)}).status_code == 429


def test_spare_code_opens_once_and_its_owner_is_told(w):
    row, browser = set_up(w)
    made = browser.post("/w/office/second-factor/set-up/", {"code": office.code_of(row)})
    spare = re.findall(r"<code>([A-Z2-9]{5}-[A-Z2-9]{5})</code>", made.text)[0]
    second, third = Client(), Client()
    for one in (second, third):
        give_password(one, row.user.email)

    opened = second.post("/w/office/second-factor/", {"code": spare.lower()})
    again = third.post("/w/office/second-factor/", {"code": spare})

    assert opened["Location"] == "/w/office/"
    assert "не подошёл" in again.text
    assert "Осталось запасных кодов: 9" in OutgoingLetter.objects.get(template="accounts/spare_code_used").text
    assert len(office.audited("staff.spare_code_used")) == 1


def test_new_spare_codes_need_a_code_and_end_the_old(olga, desk):
    at = clock.technical_now()
    refused = desk.post("/w/office/spare-codes/", {"code": "000000"})

    made = desk.post("/w/office/spare-codes/", {"code": office.code_of(olga, at=at)})

    assert "не подошёл" in refused.text
    assert len(re.findall(r"<code>[A-Z2-9]{5}-[A-Z2-9]{5}</code>", made.text)) == 10
    assert SpareCode.objects.filter(specialist=olga, used_at=None).count() == 10


@pytest.mark.parametrize("email", ["nobody@example.com", "anna@example.com", "vera@example.com", "olga@example.com"])
def test_whoever_is_not_of_the_office_gets_the_answer_of_a_wrong_password(olga, anna, vera, email):
    password = "не тот пароль 5" if email.startswith("olga") else world.PASSWORD

    answer = give_password(Client(), email, password=password)

    assert "Ошибка входа. Неверное имя пользователя/пароль" in answer.text
    assert COOKIE not in answer.cookies
    assert not StaffSession.objects.exists()


def test_wrong_passwords_are_limited(olga):
    answers = [give_password(Client(), "olga@example.com", password=f"не тот {place}") for place in range(11)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]


def test_dismissed_specialist_is_out_at_the_next_request(w, olga, desk):
    by = Actor(ActorKind.JOB, provider_id=w.pk)

    specialists.dismiss(olga.pk, provider=w, by=by, at=clock.technical_now())

    assert desk.get("/w/office/")["Location"] == "/w/office/sign-in/"
    assert "Ошибка входа" in give_password(Client(), "olga@example.com").text


def test_session_ends_after_half_an_hour_without_a_request(w, olga):
    browser = office.browser_of(olga, seen_at=clock.technical_now() - timedelta(minutes=31))

    assert browser.get("/w/office/")["Location"] == "/w/office/sign-in/"


def test_session_ends_after_twelve_hours_whatever_is_done(w, olga):
    browser = office.browser_of(olga, expires_at=clock.technical_now() - timedelta(seconds=1))

    assert browser.get("/w/office/")["Location"] == "/w/office/sign-in/"


def test_request_keeps_the_session_alive(olga):
    seen = clock.technical_now() - timedelta(minutes=20)
    browser = office.browser_of(olga, seen_at=seen)

    browser.get("/w/office/")

    assert StaffSession.objects.get().seen_at > seen + timedelta(minutes=19)


def test_customers_session_does_not_open_the_office(w, anna):
    browser = world.signed_in(Client(), anna, w)

    answer = browser.get("/w/office/")

    assert answer["Location"] == "/w/office/sign-in/"
    assert "Anna" not in browser.get("/w/office/sign-in/").text


def test_token_of_one_kind_of_session_means_nothing_as_the_other(w, anna, olga):
    customers, specialists_ = world.signed_in(Client(), anna, w), office.browser_of(olga)
    customers.cookies[COOKIE] = customers.cookies[settings.SESSION_COOKIE_NAME].value
    specialists_.cookies[settings.SESSION_COOKIE_NAME] = specialists_.cookies[COOKIE].value

    assert customers.get("/w/office/").status_code == 302
    assert specialists_.get("/w/start/")["Location"].startswith("/w/sign-in/")


def test_token_of_another_provider_opens_nothing(desk_of_v, v, w):
    assert desk_of_v.get("/v/office/").status_code == 200
    assert desk_of_v.get("/w/office/")["Location"] == "/w/office/sign-in/"


def test_sign_out_ends_the_session(olga, desk):
    answer = desk.post("/w/office/sign-out/")

    assert answer["Location"] == "/w/office/sign-in/"
    assert not StaffSession.objects.exists()
    assert len(office.audited("staff.signed_out")) == 1


def test_printed_password_is_changed_before_anything_else(w):
    row = office.specialist(w, "new@example.com", must_change_password=True)
    browser = office.browser_of(row)

    led = browser.get("/w/office/tickets/")
    fields = {"old": world.PASSWORD, "password": "совсем другие слова 8", "again": "совсем другие слова 8"}
    changed = browser.post("/w/office/password/", fields)

    assert led["Location"] == "/w/office/password/"
    assert changed["Location"] == "/w/office/"
    assert browser.get("/w/office/tickets/").status_code == 200


def test_changed_password_ends_the_persons_other_office_sessions(olga, desk):
    other = Client()
    other.cookies[COOKIE], _ = office.session_of(olga, token="another")
    fields = {"old": world.PASSWORD, "password": "совсем другие слова 8", "again": "совсем другие слова 8"}

    desk.post("/w/office/password/", fields)

    assert desk.get("/w/office/").status_code == 200
    assert other.get("/w/office/").status_code == 302


@pytest.mark.spec("STAFF-01")
def test_operator_makes_a_specialist_with_a_password_that_is_printed_once(w, capsys):
    call_command("create_specialist", "--provider", "w", "--email", "Nina@Example.com", "--role", "support")
    printed = capsys.readouterr().out
    password = re.search(r"Пароль: (\S+)", printed)[1]

    row = Specialist.objects.get(user__email="nina@example.com")
    assert row.held == {StaffRole.SUPPORT}
    assert row.user.has_password(password)
    assert row.user.must_change_password
    assert "/w/office/sign-in/" in printed
    assert len(office.audited("staff.appointed")) == 1


def test_device_that_is_handed_over_opens_the_office_at_once(w, capsys):
    call_command("create_specialist", "--provider", "w", "--email", "nina@example.com", "--device")
    printed = capsys.readouterr().out
    secret, password = re.search(r"фактора: (\S+)", printed)[1], re.search(r"Пароль: (\S+)", printed)[1]
    browser = Client()

    give_password(browser, "nina@example.com", password=password)
    answer = browser.post("/w/office/second-factor/", {"code": pyotp.TOTP(secret).at(clock.technical_now())})

    assert answer["Location"] == "/w/office/"
    assert len(office.audited("staff.factor_handed_over")) == 1


def test_customer_who_becomes_a_specialist_keeps_the_password(w, anna, capsys):
    call_command("create_specialist", "--provider", "w", "--email", "anna@example.com")

    assert "прежний" in capsys.readouterr().out
    assert User.objects.get(pk=anna.pk).has_password(world.PASSWORD)


@pytest.mark.parametrize(
    ("provider", "email"), [("x", "a@example.com"), ("w", "not an address"), ("w", "olga@example.com")]
)
def test_operator_is_told_what_is_wrong(olga, provider, email):
    with pytest.raises(CommandError):
        call_command("create_specialist", "--provider", provider, "--email", email)


def test_operator_gives_other_roles_and_forgets_a_lost_telephone(olga, desk):
    call_command("specialist", "--provider", "w", "--email", "olga@example.com", "--role", "editor")
    assert desk.get("/w/office/tickets/").status_code == 403

    call_command("specialist", "--provider", "w", "--email", "olga@example.com", "--forget-factor")

    assert desk.get("/w/office/").status_code == 302
    assert not SecondFactor.objects.filter(specialist=olga).exists()
