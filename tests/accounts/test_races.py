"""Two at once: the database lets one through."""

from typing import Any

import pytest

from kabinet.accounts import services
from kabinet.accounts.models import Enrollment, OneTimeSecret, Session, User
from kabinet.accounts.services import CodeRefused, SignInRefused
from kabinet.accounts.values import Acceptance, NewPassword
from kabinet.infra import clock
from kabinet.infra.models import AuditRow
from kabinet.providers.values import Limits
from tests.accounts import people
from tests.accounts.people import HERE, NEW_PASSWORD, PASSWORD, at_once, code_in, sign_in, sign_up

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.spec("REG-04")
def test_two_sign_ups_of_one_address_make_one_user(w, agreements, letters):
    results = at_once(*[lambda: sign_up(w)] * 4)

    assert results == [None] * 4
    assert User.objects.count() == Enrollment.objects.count() == OneTimeSecret.objects.count() == 1
    assert len(letters()) == 1


@pytest.mark.spec("PROF-02")
def test_a_code_used_by_two_opens_once(w, agreements, letters):
    sign_up(w)
    code = code_in(letters()[0])

    def confirm() -> None:
        services.confirm_email("nina@example.com", code, provider=w, place=HERE, allowed=Limits(),
                               by=people.nobody(w), at=clock.technical_now())  # fmt: skip

    results = at_once(confirm, confirm, confirm)

    assert sorted(map(type, results), key=str) == sorted([type(None), CodeRefused, CodeRefused], key=str)
    assert AuditRow.objects.filter(act="accounts.email_confirmed").count() == 1


@pytest.mark.spec("PROF-02")
def test_wrong_tries_at_once_are_all_counted(w, agreements, letters):
    sign_up(w)
    wrong = "000000" if code_in(letters()[0]) != "000000" else "000001"

    def guess() -> None:
        services.confirm_email("nina@example.com", wrong, provider=w, place=HERE, allowed=Limits(),
                               by=people.nobody(w), at=clock.technical_now())  # fmt: skip

    at_once(*[guess] * 4)

    assert OneTimeSecret.objects.get().wrong_tries == 4


@pytest.mark.spec("REG-06")
def test_of_two_recoveries_by_one_code_one_sets_the_password(w, anna, letters):
    services.start_recovery("anna@example.com", provider=w, place=HERE, allowed=Limits())
    code = code_in(letters()[0])

    def finish(password: str) -> str:
        wanted = NewPassword(email="anna@example.com", code=code, password=password)
        services.finish_recovery(wanted, provider=w, place=HERE, allowed=Limits(), by=people.nobody(w),
                                 at=clock.technical_now())  # fmt: skip
        return password

    results = at_once(lambda: finish(PASSWORD), lambda: finish(NEW_PASSWORD))

    [won] = [result for result in results if isinstance(result, str)]
    anna.refresh_from_db()
    assert anna.has_password(won)
    assert sum(isinstance(result, CodeRefused) for result in results) == 1


@pytest.mark.spec("REG-06", "PROF-03")
def test_no_session_of_the_old_password_outlives_its_change(w, anna, monkeypatch):
    """The password is changed between the look and the lock of a sign-in."""
    whole = services.sign_in.__globals__["owner_of"]

    def verified_then_changed(given: Any, **found_as: Any) -> User:
        found: User = whole(given, **found_as)
        changed = User.objects.get(pk=anna.pk)
        changed.set_password(NEW_PASSWORD)
        changed.save()
        return found

    monkeypatch.setitem(services.sign_in.__globals__, "owner_of", verified_then_changed)

    with pytest.raises(SignInRefused):
        sign_in("anna@example.com", w)

    assert not Session.objects.exists()


@pytest.mark.spec("REG-09")
def test_agreements_accepted_twice_at_once_are_kept_once(w, agreements, anna):
    waiting = sign_in("anna@example.com", w)
    given = Acceptance(accepted=frozenset(row.pk for row in agreements.values()))

    def accept() -> services.Started:
        return services.accept_agreements(waiting.session, given, provider=w, place=HERE, by=people.nobody(w),
                                          at=clock.technical_now())  # fmt: skip

    results = at_once(accept, accept)

    assert sorted(type(result).__name__ for result in results) == ["DoesNotExist", "Started"]
    assert anna.enrollments.get().consents.count() == 3
    assert Session.objects.count() == 1


@pytest.mark.spec("REG-09")
def test_versions_published_at_once_get_numbers_of_their_own(w):
    at_once(*[lambda: people.publish(w)] * 3)

    assert sorted(w.agreement_set.values_list("version", flat=True)) == [1, 2, 3]
