"""An account is closed while another browser of the same person is at work: one order or the other, never a mixture."""

from dataclasses import replace

import pytest

from kabinet.accounts import services as people
from kabinet.accounts.models import Enrollment, Session
from kabinet.accounts.rules.profile import mark_of
from kabinet.accounts.services import PartClosed
from kabinet.contracts.models import Membership
from kabinet.contracts.services import linking
from kabinet.contracts.services.access import NotSeen
from kabinet.contracts.values import LinkByInn
from kabinet.infra.models import AuditRow
from kabinet.providers.values import Limits
from kabinet.readings.models import Draft, Submission
from tests import world
from tests.accounts.people import at_once, sign_in
from tests.home.closing import close, send_reading, type_reading

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.spec("PROF-04", "READ-01")
def test_reading_sent_meanwhile_is_there_whole_or_not_at_all(w, anna, contract, register):
    world.link(anna, contract)
    session = sign_in(anna.email, w).session

    closed, sent = at_once(lambda: close(session), lambda: send_reading(contract, register, anna))

    assert closed is None
    assert isinstance(sent, list | NotSeen), sent
    assert Submission.objects.count() == (1 if isinstance(sent, list) else 0)
    assert AuditRow.objects.filter(act="readings.sent").count() == Submission.objects.count()
    with pytest.raises(NotSeen):
        send_reading(contract, register, anna, "244")


@pytest.mark.spec("PROF-04", "READ-01")
def test_draft_typed_meanwhile_does_not_outlive_the_account(w, anna, contract, register):
    world.link(anna, contract)
    session = sign_in(anna.email, w).session

    closed, typed = at_once(lambda: close(session), lambda: type_reading(contract, register, anna, "240"))

    assert closed is None
    assert typed is None or isinstance(typed, NotSeen), typed
    assert not Draft.objects.exists()


@pytest.mark.spec("PROF-04", "CON-01")
def test_contract_linked_meanwhile_is_not_left_linked(w, anna, contract):
    session = sign_in(anna.email, w).session
    wanted = LinkByInn(inn=contract.inn, number_key=contract.number_key)

    def link():
        return linking.link_by_inn(wanted, address="127.0.0.1", allowed=Limits(), by=world.actor(anna, w),
                                   at=world.NOW, today=world.TODAY)  # fmt: skip

    closed, linked = at_once(lambda: close(session), link)

    assert closed is None
    assert isinstance(linked, type(contract) | PartClosed), linked
    assert not Membership.objects.filter(ended_at=None).exists()


@pytest.mark.spec("PROF-04")
def test_account_closed_in_two_tabs_is_closed_once(w, anna):
    here, there = sign_in(anna.email, w).session, sign_in(anna.email, w).session

    results = at_once(lambda: close(here), lambda: close(there))

    assert sorted(type(result).__name__ for result in results) == ["NoneType", "PartClosed"]
    assert AuditRow.objects.filter(act="accounts.closed").count() == 1


@pytest.mark.spec("PROF-04", "SITE-01")
def test_two_parts_closed_at_once_erase_the_person_once(w, v, anna):
    Enrollment.objects.create(user=anna, provider=v, category="legal", joined_at=world.NOW)
    sessions = [sign_in(anna.email, provider).session for provider in (w, v)]

    results = at_once(*[lambda session=session: close(session) for session in sessions])

    anna.refresh_from_db()
    assert results == [None, None]
    assert anna.erased_at
    erased = AuditRow.objects.filter(act="accounts.closed").values_list("after__erased", flat=True)
    assert sorted(erased) == [False, True]


@pytest.mark.spec("PROF-04")
def test_sign_in_meanwhile_opens_nothing(w, anna):
    session = sign_in(anna.email, w).session

    closed, _ = at_once(lambda: close(session), lambda: sign_in("anna@example.com", w))

    assert closed is None
    assert not Session.objects.exists()


@pytest.mark.spec("PROF-01")
def test_two_tabs_that_save_at_once_lose_nothing_in_silence(w, anna):
    session = sign_in(anna.email, w).session
    shown = people.personal_data_of(Enrollment.objects.select_related("user").get())

    def edit(**changed):
        wanted = replace(shown, **changed)
        people.edit_profile(wanted, shown=mark_of(shown), session=session, by=world.actor(anna, w))

    results = at_once(lambda: edit(last_name="Новикова"), lambda: edit(position="директор"))

    assert sorted(type(result).__name__ for result in results) == ["ChangedMeanwhile", "NoneType"]
