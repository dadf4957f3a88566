"""Recovery and change of passwords on a real database."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kabinet.accounts import services
from kabinet.accounts.models import Enrollment, Session, User
from kabinet.accounts.services import CodeRefused, OldPasswordWrong, SignInRefused
from kabinet.accounts.values import NewPassword
from kabinet.infra import clock
from kabinet.infra.limits import LimitReached
from kabinet.infra.models import AuditRow, Event
from kabinet.providers.values import Limits
from tests import world
from tests.accounts import people
from tests.accounts.people import HERE, NEW_PASSWORD, PASSWORD, code_in, sign_in, sign_up


def start_recovery(of, email="anna@example.com"):
    services.start_recovery(email, provider=of, place=HERE, allowed=Limits())


def finish_recovery(of, code, *, email="anna@example.com", password=NEW_PASSWORD, at=None):
    services.finish_recovery(
        NewPassword(email=email, code=code, password=password),
        provider=of, place=HERE, allowed=Limits(), by=people.nobody(of), at=at or clock.technical_now(),
    )  # fmt: skip


def acts():
    return list(AuditRow.objects.order_by("id").values_list("act", flat=True))


def statements(act):
    """Return the statements of an act without their values."""
    with CaptureQueriesContext(connection) as queries:
        act()
    return [re.sub(r"'[^']*'|\b\d+\b|\"s\d+_x\d+\"", "?", query["sql"]) for query in queries]


def change(session, of, old=world.PASSWORD, new=NEW_PASSWORD):
    services.change_password(
        old, new, session=session, provider=of, by=world.actor(session.user, of), at=clock.technical_now()
    )


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
