"""Use cases of people on a real database."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password

from kabinet.accounts import services
from kabinet.accounts.backends import PortalArgon2
from kabinet.accounts.models import OneTimeSecret, Session, User
from kabinet.accounts.services import CodeRefused, SignInRefused
from kabinet.infra import clock
from kabinet.infra.limits import LimitReached
from kabinet.infra.models import AuditRow
from kabinet.providers.values import Limits
from tests import world
from tests.accounts import people
from tests.accounts.people import HERE, code_in, sign_in, sign_up


def confirm(of, code, *, email="nina@example.com", at=None, place=HERE):
    services.confirm_email(
        email, code, provider=of, place=place, allowed=Limits(), by=people.nobody(of), at=at or clock.technical_now()
    )


def start_recovery(of, email="anna@example.com"):
    services.start_recovery(email, provider=of, place=HERE, allowed=Limits())


def acts():
    return list(AuditRow.objects.order_by("id").values_list("act", flat=True))


@pytest.mark.spec("REG-05")
def test_who_is_registered_gets_a_letter_and_keeps_the_password(w, agreements, anna, letters):
    sign_up(w, email="anna@example.com")

    [letter] = letters()
    assert "вы уже зарегистрированы" in letter["subject"]
    assert "http://localhost:8000/w/sign-in/" in letter["text"]
    anna.refresh_from_db()
    assert anna.has_password(world.PASSWORD)
    assert not OneTimeSecret.objects.exists()


@pytest.mark.spec("REG-04")
def test_second_click_writes_no_second_letter(w, agreements, letters):
    sign_up(w)
    sign_up(w)

    assert len(letters()) == 1
    assert User.objects.count() == 1


@pytest.mark.spec("REG-04", "PROF-02")
def test_right_code_confirms_the_address_once(w, agreements, letters):
    sign_up(w)
    code = code_in(letters()[0])

    confirm(w, code)

    assert User.objects.get().email_confirmed_at
    assert "accounts.email_confirmed" in acts()
    with pytest.raises(CodeRefused):
        confirm(w, code)


@pytest.mark.spec("PROF-02")
def test_five_wrong_tries_kill_a_code(w, agreements, letters):
    sign_up(w)
    code = code_in(letters()[0])
    for _ in range(5):
        with pytest.raises(CodeRefused):
            confirm(w, "000000" if code != "000000" else "000001")

    with pytest.raises(CodeRefused):
        confirm(w, code)

    assert User.objects.get().email_confirmed_at is None


@pytest.mark.spec("PROF-02")
@pytest.mark.parametrize(("minutes", "confirmed"), [(29, True), (31, False)])
def test_a_code_lives_half_an_hour(w, agreements, letters, minutes, confirmed):
    at = clock.technical_now()
    sign_up(w, at=at)

    try:
        confirm(w, code_in(letters()[0]), at=at + timedelta(minutes=minutes))
    except CodeRefused:
        assert not confirmed

    assert bool(User.objects.get().email_confirmed_at) is confirmed


@pytest.mark.spec("PROF-02", "SITE-01")
def test_code_of_one_provider_does_not_open_at_another(w, v, agreements, letters):
    sign_up(w)

    with pytest.raises(CodeRefused):
        confirm(v, code_in(letters()[0]))


@pytest.mark.spec("PROF-02")
def test_new_code_comes_at_most_once_a_minute(w, agreements, letters):
    sign_up(w)

    with pytest.raises(LimitReached) as reached:
        services.send_code_again("nina@example.com", provider=w, place=HERE, allowed=Limits())

    assert timedelta(0) < reached.value.until - clock.technical_now() <= timedelta(minutes=1)
    assert len(letters()) == 1


@pytest.mark.spec("PROF-02")
def test_new_code_puts_the_old_one_out(w, agreements, letters, minute_passes):
    sign_up(w)
    minute_passes()

    services.send_code_again("nina@example.com", provider=w, place=HERE, allowed=Limits())

    first, second = (code_in(letter) for letter in letters())
    if first != second:
        with pytest.raises(CodeRefused):
            confirm(w, first)
    confirm(w, second)


@pytest.mark.spec("PROF-02")
def test_asking_for_codes_ends_at_the_hours_limit(w, letters, minute_passes):
    for _ in range(5):
        services.send_code_again("nobody@example.com", provider=w, place=HERE, allowed=Limits())
        minute_passes()

    with pytest.raises(LimitReached) as reached:
        services.send_code_again("nobody@example.com", provider=w, place=HERE, allowed=Limits())

    assert reached.value.limit.name == "letters_an_hour"
    assert letters() == []


@pytest.mark.spec("REG-05")
@pytest.mark.parametrize(
    ("email", "password"), [("anna@example.com", "не тот пароль"), ("x@example.com", world.PASSWORD)]
)
def test_wrong_password_and_unknown_person_are_refused_alike(w, anna, email, password):
    with pytest.raises(SignInRefused):
        sign_in(email, w, password=password)

    assert not Session.objects.exists()


@pytest.mark.spec("REG-05")
@pytest.mark.parametrize("email", ["anna@example.com", "nobody@example.com"])
def test_a_password_is_hashed_for_nobody_too(w, anna, monkeypatch, email):
    hashed = []
    for name in ("encode", "verify"):
        whole = getattr(PortalArgon2, name)
        monkeypatch.setattr(PortalArgon2, name, lambda *args, _whole=whole: hashed.append(1) or _whole(*args))

    with pytest.raises(SignInRefused):
        sign_in(email, w, password="не тот пароль")

    assert hashed == [1]


@pytest.mark.spec("REG-05")
def test_eleventh_wrong_try_of_an_hour_is_refused_even_if_right(w, anna):
    for _ in range(10):
        with pytest.raises(SignInRefused):
            sign_in("anna@example.com", w, password="не тот пароль")

    with pytest.raises(LimitReached):
        sign_in("anna@example.com", w)


@pytest.mark.spec("REG-05")
def test_right_sign_ins_are_not_counted(w, anna):
    for _ in range(12):
        sign_in("anna@example.com", w)

    assert Session.objects.count() == 12


@pytest.mark.spec("REG-05")
def test_an_address_that_tries_many_logins_is_refused(w, anna):
    for number in range(60):
        with pytest.raises(SignInRefused):
            sign_in(f"person{number}@example.com", w)

    with pytest.raises(LimitReached):
        sign_in("anna@example.com", w)


def test_password_hashed_at_old_figures_is_hashed_anew(w, anna, monkeypatch):
    monkeypatch.setattr(PortalArgon2, "memory_cost", 1024)
    User.objects.update(password=make_password(world.PASSWORD))
    monkeypatch.undo()

    sign_in("anna@example.com", w)

    anna.refresh_from_db()
    assert not anna.has_outdated_hash
    assert anna.has_password(world.PASSWORD)


@pytest.mark.spec("SITE-07")
def test_letters_speak_the_persons_language_and_show_the_providers_own_host(w, anna, letters):
    w.hosts.create(host="lk.voda.example")
    start_recovery(w)

    [letter] = letters("anna@example.com")
    assert "http://lk.voda.example/recover/code/" in letter["text"]
    assert "/w/" not in letter["text"]
