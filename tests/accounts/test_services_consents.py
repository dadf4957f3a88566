"""Agreements and consents on a real database."""

import pytest

from kabinet.accounts import services
from kabinet.accounts.models import Consent, Enrollment, Session, User
from kabinet.accounts.services import ConsentMissing, SignUpClosed
from kabinet.accounts.values import Acceptance, AgreementKind
from kabinet.infra import clock
from kabinet.infra.models import AuditRow
from tests import world
from tests.accounts import people
from tests.accounts.people import HERE, code_in, sign_in, sign_up


def acts():
    return list(AuditRow.objects.order_by("id").values_list("act", flat=True))


def accept(waiting, of, accepted, organisation=""):
    return services.accept_agreements(
        waiting, Acceptance(accepted=frozenset(accepted), organisation=organisation),
        provider=of, place=HERE, by=people.nobody(of), at=clock.technical_now(),
    )  # fmt: skip


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


@pytest.mark.spec("REG-09")
def test_new_version_holds_the_next_sign_in_until_accepted(w, agreements, anna):
    people.accept_all(anna, w)
    assert not sign_in("anna@example.com", w).is_waiting
    second = people.publish(w, AgreementKind.TERMS, text="Новый текст.")

    waiting = sign_in("anna@example.com", w)

    assert waiting.is_waiting
    assert world.signed_in_as(waiting.session.key, provider_id=w.pk, at=clock.technical_now()) is None
    started = accept(waiting.session, w, {second.pk})
    assert world.signed_in_as(started.session.key, provider_id=w.pk, at=clock.technical_now())
    assert not Session.objects.filter(key=waiting.session.key).exists()


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
