"""Names, phone and letters on a real database."""

import pytest
from django.db import IntegrityError

from kabinet.accounts import services
from kabinet.accounts.models import Consent, Enrollment, Session, User
from kabinet.accounts.rules.profile import mark_of
from kabinet.accounts.services import ChangedMeanwhile, PartClosed
from kabinet.accounts.values import AgreementKind, PersonalData, Preferences
from kabinet.infra import clock
from kabinet.infra.models import AuditRow
from tests import world
from tests.accounts import people
from tests.accounts.people import HERE, sign_in

NINA = PersonalData("Новикова", "Нина", "Павловна", "ООО «Новая»", "директор")


@pytest.fixture
def session(w, anna) -> Session:
    return sign_in("anna@example.com", w).session


def data_of(user, of):
    return services.personal_data_of(Enrollment.objects.select_related("user").get(user=user, provider=of))


def edit(session, wanted, *, shown):
    services.edit_profile(wanted, shown=mark_of(shown), session=session, by=world.actor(session.user, session.provider))


def choose(session, *, wants_letters=True, advertising=()):
    wanted = Preferences(wants_letters=wants_letters, advertising=frozenset(row.pk for row in advertising))
    by = world.actor(session.user, session.provider)
    services.choose_letters(wanted, session=session, place=HERE, by=by, at=clock.technical_now())


def acts():
    signing = ["accounts.signed_in", "accounts.agreement_published"]
    return list(AuditRow.objects.exclude(act__in=signing).order_by("id").values_list("act", "before", "after"))


@pytest.mark.spec("PROF-01")
def test_edited_profile_is_written_and_audited_without_a_name(w, anna, session):
    edit(session, NINA, shown=data_of(anna, w))

    assert data_of(anna, w) == NINA
    fields = ["last_name", "first_name", "middle_name", "organisation", "position"]
    assert acts() == [("accounts.profile_edited", None, {"fields": fields})]


@pytest.mark.spec("PROF-01")
def test_saving_what_stands_writes_nothing(w, anna, session):
    edit(session, data_of(anna, w), shown=NINA)

    assert acts() == []


@pytest.mark.spec("PROF-01")
def test_second_tab_does_not_take_back_what_the_first_saved(w, anna, session):
    both_showed = data_of(anna, w)
    edit(session, NINA, shown=both_showed)
    wanted = PersonalData("", "Anna", "", "ООО «Другая»", "")

    with pytest.raises(ChangedMeanwhile) as refusal:
        edit(session, wanted, shown=both_showed)
    assert refusal.value.current == data_of(anna, w) == NINA
    edit(session, wanted, shown=refusal.value.current)

    assert data_of(anna, w) == wanted


@pytest.mark.spec("PROF-01")
def test_organisation_and_position_are_this_providers_alone(w, v, anna, session):
    Enrollment.objects.create(user=anna, provider=v, category="legal", organisation="ИП Анна", joined_at=world.NOW)

    edit(session, NINA, shown=data_of(anna, w))

    assert data_of(anna, v) == PersonalData("Новикова", "Нина", "Павловна", "ИП Анна", "")


@pytest.mark.spec("PROF-01")
def test_phone_is_saved_by_itself_and_once(w, anna, session):
    for _ in range(2):
        services.change_phone("+73412259259", session=session, by=world.actor(anna, w))

    anna.refresh_from_db()
    assert anna.phone == "+73412259259"
    assert acts() == [("accounts.phone_changed", None, None)]


@pytest.mark.spec("NOTE-04")
def test_letters_are_switched_for_this_provider(w, v, anna, session):
    Enrollment.objects.create(user=anna, provider=v, category="legal", joined_at=world.NOW)

    choose(session, wants_letters=False)

    switches = dict(anna.enrollments.values_list("provider__slug", "wants_letters"))
    assert switches == {"w": False, "v": True}
    assert acts() == [("accounts.letters_chosen", True, False)]


@pytest.mark.spec("NOTE-04", "REG-09")
def test_advertising_is_agreed_to_with_version_time_and_place(w, agreements, anna):
    people.accept_all(anna, w)
    Consent.objects.filter(agreement__kind="advertising").delete()
    session = sign_in("anna@example.com", w).session

    choose(session, advertising=[agreements[AgreementKind.ADVERTISING]])

    consent = Consent.objects.get(agreement__kind="advertising")
    assert (consent.agreement.version, consent.address, consent.withdrawn_at) == (1, HERE.address, None)
    assert acts() == [("accounts.consents_given", None, {"advertising": 1})]


@pytest.mark.spec("NOTE-04", "REG-09")
def test_withdrawn_consent_stays_as_proof_and_may_be_given_anew(w, agreements, anna):
    people.accept_all(anna, w)
    session = sign_in("anna@example.com", w).session
    text = agreements[AgreementKind.ADVERTISING]

    choose(session)
    choose(session, advertising=[text])
    choose(session, advertising=[text])

    rows = Consent.objects.filter(agreement=text).order_by("given_at")
    assert [row.withdrawn_at is None for row in rows] == [False, True]
    assert [act for act, *_ in acts()] == ["accounts.consents_withdrawn", "accounts.consents_given"]
    assert Consent.objects.filter(withdrawn_at=None).count() == 3


@pytest.mark.spec("NOTE-04")
def test_consent_to_a_former_text_does_not_stand_for_the_newest(w, agreements, anna):
    people.accept_all(anna, w)
    session = sign_in("anna@example.com", w).session
    newest = people.publish(w, AgreementKind.ADVERTISING, text="Другой.")

    choose(session, advertising=[newest])

    live = Consent.objects.filter(agreement__kind="advertising", withdrawn_at=None)
    assert [consent.agreement for consent in live] == [newest]


def test_text_of_another_provider_cannot_be_agreed_to(w, v, anna, session):
    foreign = people.publish(v, AgreementKind.ADVERTISING)

    choose(session, advertising=[foreign])

    assert not Consent.objects.exists()


@pytest.mark.spec("PROF-04")
def test_closed_account_cannot_be_edited_from_an_open_page(w, anna, session):
    Enrollment.objects.update(closed_at=clock.technical_now())

    for act in (
        lambda: edit(session, NINA, shown=NINA),
        lambda: services.change_phone("+73412259259", session=session, by=world.actor(anna, w)),
        lambda: choose(session, wants_letters=False),
    ):
        with pytest.raises(PartClosed):
            act()

    anna.refresh_from_db()
    assert (anna.last_name, anna.phone) == ("", "")


@pytest.mark.spec("PROF-04")
@pytest.mark.parametrize("left", ["email", "password", "last_name", "first_name", "middle_name", "phone"])
def test_erased_person_left_nothing(w, anna, left):
    """The database itself refuses an erasure that forgot something (erased_person_left_nothing)."""
    nothing = {"email": None, "password": "", "last_name": "", "first_name": "", "middle_name": "", "phone": ""}

    with pytest.raises(IntegrityError, match="erased_person_left_nothing"):
        User.objects.filter(pk=anna.pk).update(**nothing | {left: "x"}, erased_at=world.NOW)
