"""Use cases of people on a real database."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kabinet.accounts import selectors, services
from kabinet.accounts.backends import PortalArgon2
from kabinet.accounts.models import Consent, Enrollment, OneTimeSecret, Session, User
from kabinet.accounts.services import CodeRefused, ConsentMissing, OldPasswordWrong, SignInRefused, SignUpClosed
from kabinet.accounts.values import Acceptance, AgreementKind, NewPassword
from kabinet.infra import clock
from kabinet.infra.limits import LimitReached
from kabinet.infra.models import AuditRow, Event
from kabinet.providers.values import Limits
from tests import world
from tests.accounts import people
from tests.accounts.people import HERE, NEW_PASSWORD, PASSWORD, code_in, sign_in, sign_up


def confirm(of, code, *, email="nina@example.com", at=None, place=HERE):
    services.confirm_email(
        email, code, provider=of, place=place, allowed=Limits(), by=people.nobody(of), at=at or clock.technical_now()
    )


def start_recovery(of, email="anna@example.com"):
    services.start_recovery(email, provider=of, place=HERE, allowed=Limits())


def finish_recovery(of, code, *, email="anna@example.com", password=NEW_PASSWORD, at=None):
    services.finish_recovery(
        NewPassword(email=email, code=code, password=password),
        provider=of, place=HERE, allowed=Limits(), by=people.nobody(of), at=at or clock.technical_now(),
    )  # fmt: skip


def acts():
    return list(AuditRow.objects.order_by("id").values_list("act", flat=True))


@pytest.mark.spec("REG-04", "REG-09")
def test_sign_up_makes_user_part_and_consents_and_writes_a_code(w, agreements, letters):
    sign_up(w)

    user = User.objects.get(email="nina@example.com")
    assert user.email_confirmed_at is None
    assert user.enrollments.get().organisation == "ООО «Новая»"
    assert {consent.agreement.kind for consent in Consent.objects.all()} == set(AgreementKind)
    assert code_in(letters("nina@example.com")[0])
    assert "accounts.signed_up" in acts()


@pytest.mark.spec("REG-09")
def test_consent_keeps_version_time_and_place(w, agreements):
    at = clock.technical_now()

    sign_up(w, at=at)

    consent = Consent.objects.get(agreement__kind="terms")
    assert (consent.agreement.version, consent.given_at, consent.address, consent.agent) == (
        1, at, HERE.address, HERE.agent,
    )  # fmt: skip


@pytest.mark.spec("REG-09")
@pytest.mark.parametrize("missing", [AgreementKind.TERMS, AgreementKind.PERSONAL_DATA])
def test_without_a_required_consent_nothing_is_made(w, agreements, missing):
    others = frozenset(row.pk for kind, row in agreements.items() if kind is not missing)

    with pytest.raises(ConsentMissing):
        sign_up(w, accepted=others)

    assert not User.objects.exists()


@pytest.mark.spec("REG-09")
def test_advertising_is_given_only_by_its_own_box(w, agreements):
    sign_up(w, accepted=frozenset({agreements["terms"].pk, agreements["personal_data"].pk}))

    assert not Consent.objects.filter(agreement__kind="advertising").exists()


@pytest.mark.spec("REG-09")
def test_sign_up_is_closed_until_the_texts_are_published(w):
    people.publish(w, AgreementKind.TERMS)

    with pytest.raises(SignUpClosed):
        sign_up(w)


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
def test_sign_in_begins_a_session_under_a_new_token(w, anna):
    first, second = sign_in("anna@example.com", w), sign_in("anna@example.com", w)

    assert first.token != second.token
    assert Session.objects.get(key=selectors.key_of(first.token)).user == anna
    assert first.token not in str(Session.objects.values_list())
    assert acts() == ["accounts.signed_in"] * 2


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


@pytest.mark.spec("SITE-01")
def test_session_of_one_provider_is_nobody_at_another(w, v, anna):
    Enrollment.objects.create(user=anna, provider=v, category="legal", joined_at=world.NOW)
    key = selectors.key_of(sign_in("anna@example.com", w).token)
    at = clock.technical_now()

    assert selectors.signed_in_as(key, provider_id=w.pk, at=at)
    assert selectors.signed_in_as(key, provider_id=v.pk, at=at) is None


@pytest.mark.spec("PROF-03")
@pytest.mark.parametrize(
    ("days", "seen_days", "is_live"), [(29, 0, True), (31, 0, False), (89, 80, True), (91, 89, False)]
)
def test_session_ends_after_thirty_idle_or_ninety_days(w, anna, days, seen_days, is_live):
    start = clock.technical_now()
    started = sign_in("anna@example.com", w, at=start)
    services.note_seen(started.session, at=start + timedelta(days=seen_days))

    found = selectors.signed_in_as(started.session.key, provider_id=w.pk, at=start + timedelta(days=days))

    assert (found is not None) is is_live


def test_signed_in_as_is_one_statement(w, anna, django_assert_num_queries):
    key = sign_in("anna@example.com", w).session.key

    with django_assert_num_queries(1):
        found = selectors.signed_in_as(key, provider_id=w.pk, at=clock.technical_now())
        assert (found.user.email, found.enrollment.provider_id, found.session.key) == (anna.email, w.pk, key)


@pytest.mark.spec("PROF-03")
def test_new_family_of_browsers_is_told_once(w, anna, letters):
    chrome = people.Place(address="203.0.113.9", agent=people.CHROME)
    sign_in("anna@example.com", w)
    assert letters() == []

    for _ in range(2):
        sign_in("anna@example.com", w, place=chrome)

    [letter] = letters("anna@example.com")
    assert "Chrome 120.0, Windows" in letter["text"]
    assert "203.0.113.9" in letter["text"]


@pytest.mark.spec("REG-06")
def test_recovery_sets_the_password_and_ends_all_sessions(w, v, anna, letters):
    Enrollment.objects.create(user=anna, provider=v, category="legal", joined_at=world.NOW)
    sign_in("anna@example.com", w)
    sign_in("anna@example.com", v)
    start_recovery(w)

    finish_recovery(w, code_in(letters()[0]))

    assert not Session.objects.exists()
    assert "пароль изменён" in letters()[-1]["subject"]
    assert Event.objects.get(kind="accounts.password_changed").payload == {"user": str(anna.pk)}
    sign_in("anna@example.com", w, password=NEW_PASSWORD)
    with pytest.raises(SignInRefused):
        sign_in("anna@example.com", w)


@pytest.mark.spec("REG-06")
def test_recovery_proves_the_address(w, letters):
    world.person(w, "dina@example.com", confirmed=False)
    start_recovery(w, "dina@example.com")

    finish_recovery(w, code_in(letters()[0]), email="dina@example.com")

    assert User.objects.get().email_confirmed_at


@pytest.mark.spec("REG-06")
def test_recovery_of_nobody_writes_to_nobody(w, letters):
    start_recovery(w, "nobody@example.com")

    assert letters() == []
    with pytest.raises(CodeRefused):
        finish_recovery(w, "123456", email="nobody@example.com")


def statements(act):
    """Return the statements of an act without their values."""
    with CaptureQueriesContext(connection) as queries:
        act()
    return [re.sub(r"'[^']*'|\b\d+\b|\"s\d+_x\d+\"", "?", query["sql"]) for query in queries]


@pytest.mark.spec("REG-06")
def test_asking_for_a_code_asks_the_database_the_same_for_nobody(w, anna):
    known, unknown = (statements(lambda to=to: start_recovery(w, to)) for to in ("anna@example.com", "x@example.com"))

    assert [sql.split()[0] for sql in known] == [sql.split()[0] for sql in unknown]


@pytest.mark.spec("REG-06")
def test_wrong_code_asks_the_database_the_same_for_nobody(w, anna, letters):
    start_recovery(w)
    letters()

    def guess(email):
        with pytest.raises(CodeRefused):
            finish_recovery(w, "000000", email=email)

    known, unknown = (statements(lambda to=to: guess(to)) for to in ("anna@example.com", "x@example.com"))

    assert known == unknown


@pytest.mark.spec("REG-06")
def test_recovery_code_works_once(w, anna, letters):
    start_recovery(w)
    code = code_in(letters()[0])
    finish_recovery(w, code)

    with pytest.raises(CodeRefused):
        finish_recovery(w, code, password=PASSWORD)

    anna.refresh_from_db()
    assert anna.has_password(NEW_PASSWORD)


@pytest.mark.spec("PROF-02")
def test_code_of_sign_up_does_not_set_a_password(w, agreements, letters):
    sign_up(w)

    with pytest.raises(CodeRefused):
        finish_recovery(w, code_in(letters()[0]), email="nina@example.com")


def change(session, of, old=world.PASSWORD, new=NEW_PASSWORD):
    services.change_password(
        old, new, session=session, provider=of, by=world.actor(session.user, of), at=clock.technical_now()
    )


@pytest.mark.spec("REG-07")
def test_changed_password_ends_the_other_sessions_only(w, anna, boris, letters):
    here, _, foreign = sign_in("anna@example.com", w), sign_in("anna@example.com", w), sign_in("boris@example.com", w)

    change(here.session, w)

    assert set(Session.objects.values_list("key", flat=True)) == {here.session.key, foreign.session.key}
    assert "пароль изменён" in letters("anna@example.com")[-1]["subject"]
    assert "accounts.password_changed" in acts()


@pytest.mark.spec("REG-07")
def test_wrong_old_password_changes_nothing_and_is_limited(w, anna):
    session = sign_in("anna@example.com", w).session
    for _ in range(10):
        with pytest.raises(OldPasswordWrong):
            change(session, w, old="не тот пароль")

    with pytest.raises(LimitReached):
        change(session, w)

    anna.refresh_from_db()
    assert anna.has_password(world.PASSWORD)


@pytest.mark.spec("REG-07", "REG-06")
def test_changed_password_puts_a_waiting_recovery_code_out(w, anna, letters):
    start_recovery(w)
    code = code_in(letters()[0])
    change(sign_in("anna@example.com", w).session, w)

    with pytest.raises(CodeRefused):
        finish_recovery(w, code, password=PASSWORD)


@pytest.mark.spec("REG-08")
def test_sign_out_ends_this_session_only(w, anna):
    here, there = sign_in("anna@example.com", w), sign_in("anna@example.com", w)

    services.sign_out(here.session, by=world.actor(anna, w))

    assert Session.objects.get().key == there.session.key


@pytest.mark.spec("PROF-03")
def test_another_persons_session_cannot_be_ended(w, v, anna, boris):
    Enrollment.objects.create(user=anna, provider=v, category="legal", joined_at=world.NOW)
    own, foreign, elsewhere = sign_in("anna@example.com", w), sign_in("boris@example.com", w), sign_in(anna.email, v)

    for other in (foreign, elsewhere):
        with pytest.raises(Session.DoesNotExist):
            services.end_session(other.session.public_id, of=own.session, by=world.actor(anna, w))

    assert Session.objects.count() == 3


@pytest.mark.spec("REG-09")
def test_new_version_holds_the_next_sign_in_until_accepted(w, agreements, anna):
    people.accept_all(anna, w)
    assert not sign_in("anna@example.com", w).is_waiting
    second = people.publish(w, AgreementKind.TERMS, text="Новый текст.")

    waiting = sign_in("anna@example.com", w)

    assert waiting.is_waiting
    assert selectors.signed_in_as(waiting.session.key, provider_id=w.pk, at=clock.technical_now()) is None
    started = accept(waiting.session, w, {second.pk})
    assert selectors.signed_in_as(started.session.key, provider_id=w.pk, at=clock.technical_now())
    assert not Session.objects.filter(key=waiting.session.key).exists()


def accept(waiting, of, accepted, organisation=""):
    return services.accept_agreements(
        waiting, Acceptance(accepted=frozenset(accepted), organisation=organisation),
        provider=of, place=HERE, by=people.nobody(of), at=clock.technical_now(),
    )  # fmt: skip


@pytest.mark.spec("REG-09")
def test_old_version_does_not_count_for_the_new_one(w, agreements, anna):
    people.accept_all(anna, w)
    people.publish(w, AgreementKind.TERMS)
    waiting = sign_in("anna@example.com", w)

    with pytest.raises(ConsentMissing):
        accept(waiting.session, w, {agreements["terms"].pk})


@pytest.mark.spec("REG-05", "REG-09")
def test_person_of_another_provider_joins_only_with_consent(w, v, agreements):
    world.person(v, "vera@example.com")
    waiting = sign_in("vera@example.com", w)
    assert waiting.is_waiting
    assert not Enrollment.objects.filter(provider=w).exists()

    accept(waiting.session, w, {row.pk for row in agreements.values()}, organisation="ООО «Вера»")

    assert Enrollment.objects.get(provider=w).organisation == "ООО «Вера»"
    assert not sign_in("vera@example.com", w).is_waiting


@pytest.mark.spec("REG-09")
def test_person_who_closed_the_account_is_asked_anew(w, agreements, anna):
    people.accept_all(anna, w)
    anna.enrollments.update(closed_at=world.NOW)
    waiting = sign_in("anna@example.com", w)
    assert waiting.is_waiting

    accept(waiting.session, w, {agreements["terms"].pk, agreements["personal_data"].pk}, organisation="ООО «Анна»")

    assert anna.enrollments.get().closed_at is None
    assert Consent.objects.filter(withdrawn_at=None).count() == 2
    assert Consent.objects.exclude(withdrawn_at=None).count() == 3


@pytest.mark.spec("REG-09")
def test_published_texts_are_numbered_per_provider_and_kind(w, v):
    versions = [people.publish(of, kind).version for of, kind in [(w, AgreementKind.TERMS), (w, AgreementKind.TERMS),
                (w, AgreementKind.ADVERTISING), (v, AgreementKind.TERMS)]]  # fmt: skip

    assert versions == [1, 2, 1, 1]


@pytest.mark.spec("SITE-07")
def test_letters_speak_the_persons_language_and_show_the_providers_own_host(w, anna, letters):
    w.hosts.create(host="lk.voda.example")
    start_recovery(w)

    [letter] = letters("anna@example.com")
    assert "http://lk.voda.example/recover/code/" in letter["text"]
    assert "/w/" not in letter["text"]


def test_what_has_run_out_is_forgotten(w, anna, letters):
    started = sign_in("anna@example.com", w)
    start_recovery(w)
    letters()
    later = clock.technical_now() + timedelta(days=40)

    services.forget_expired(at=later)

    assert not Session.objects.filter(pk=started.session.pk).exists()
    assert not OneTimeSecret.objects.exists()
