"""Sessions on a real database."""

from datetime import timedelta

import pytest

from kabinet.accounts import selectors, services
from kabinet.accounts.models import Enrollment, OneTimeSecret, Session
from kabinet.infra import clock
from kabinet.infra.models import AuditRow
from kabinet.providers.values import Limits
from tests import world
from tests.accounts import people
from tests.accounts.people import HERE, sign_in


def start_recovery(of, email="anna@example.com"):
    services.start_recovery(email, provider=of, place=HERE, allowed=Limits())


def acts():
    return list(AuditRow.objects.order_by("id").values_list("act", flat=True))


@pytest.mark.spec("REG-05")
def test_sign_in_begins_a_session_under_a_new_token(w, anna):
    first, second = sign_in("anna@example.com", w), sign_in("anna@example.com", w)

    assert first.token != second.token
    assert Session.objects.get(key=selectors.key_of(first.token)).user == anna
    assert first.token not in str(Session.objects.values_list())
    assert acts() == ["accounts.signed_in"] * 2


@pytest.mark.spec("SITE-01")
def test_session_of_one_provider_is_nobody_at_another(w, v, anna):
    Enrollment.objects.create(user=anna, provider=v, category="legal", joined_at=world.NOW)
    key = selectors.key_of(sign_in("anna@example.com", w).token)
    at = clock.technical_now()

    assert world.signed_in_as(key, provider_id=w.pk, at=at)
    assert world.signed_in_as(key, provider_id=v.pk, at=at) is None


@pytest.mark.spec("PROF-03")
@pytest.mark.parametrize(
    ("days", "seen_days", "is_live"), [(29, 0, True), (31, 0, False), (89, 80, True), (91, 89, False)]
)
def test_session_ends_after_thirty_idle_or_ninety_days(w, anna, days, seen_days, is_live):
    start = clock.technical_now()
    started = sign_in("anna@example.com", w, at=start)
    services.note_seen(started.session, at=start + timedelta(days=seen_days))

    found = world.signed_in_as(started.session.key, provider_id=w.pk, at=start + timedelta(days=days))

    assert (found is not None) is is_live


def test_signed_in_brings_person_and_part(w, anna):
    key = sign_in("anna@example.com", w).session.key

    found = world.signed_in_as(key, provider_id=w.pk, at=clock.technical_now())
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


def test_what_has_run_out_is_forgotten(w, anna, letters):
    started = sign_in("anna@example.com", w)
    start_recovery(w)
    letters()
    later = clock.technical_now() + timedelta(days=40)

    services.forget_expired(at=later)

    assert not Session.objects.filter(pk=started.session.pk).exists()
    assert not OneTimeSecret.objects.exists()
