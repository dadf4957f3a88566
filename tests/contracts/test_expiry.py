"""A role that was given until a moment, around that moment."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from kabinet.contracts import selectors
from kabinet.contracts.models import Membership
from kabinet.contracts.services import expiry, linking
from kabinet.contracts.services.access import NotSeen, require
from kabinet.contracts.values import Action, Role
from kabinet.infra.models import AuditRow, Event
from kabinet.kernel.actors import Actor, ActorKind, Channel
from tests import world
from tests.contracts.test_services import link

JOB = Actor(ActorKind.JOB, channel=Channel.SYSTEM)
MOMENT = timedelta(microseconds=1)
# Before the test's «now», so that a role that expires now was given earlier.
EARLIER = world.NOW - timedelta(days=1)


def limited(user, contract, *, until, role=Role.MANAGER):
    return Membership.objects.create(user=user, contract=contract, role=role, granted_at=EARLIER, expires_at=until)


viewer_of = world.viewer_of


@pytest.mark.spec("ROLE-01")
@pytest.mark.parametrize(("left", "seen"), [(MOMENT, True), (timedelta(0), False), (-MOMENT, False)])
def test_role_gives_sight_up_to_its_moment_and_not_at_it(anna, contract, left, seen):
    limited(anna, contract, until=world.NOW + left)

    viewer = viewer_of(anna, contract.provider)

    assert (contract in selectors.contracts_of(viewer)) is seen
    assert selectors.meters_of(viewer).exists() is seen
    assert selectors.people_of(contract.pk, at=world.NOW).exists() is seen


@pytest.mark.spec("ROLE-01")
def test_door_is_shut_at_the_moment_before_any_job_came(anna, contract):
    limited(anna, contract, until=world.NOW)
    by = world.actor(anna, contract.provider)

    with pytest.raises(NotSeen), transaction.atomic():
        require(by, contract, Action.SEE_CONTRACT, at=world.NOW)

    with transaction.atomic():
        assert require(by, contract, Action.SEE_CONTRACT, at=world.NOW - MOMENT)


@pytest.mark.spec("ROLE-01")
def test_next_request_after_the_moment_sees_nothing(anna, contract, w, visitor, at):
    limited(anna, contract, until=world.NOW + timedelta(hours=1))
    browser = world.signed_in(visitor, anna, w)
    assert contract.number in browser.get("/w/contracts/").content.decode()

    at(world.NOW + timedelta(hours=1))

    assert contract.number not in browser.get("/w/contracts/").content.decode()


@pytest.mark.django_db
def test_job_ends_them_as_of_their_moment_with_history(anna, boris, contract):
    expired = limited(anna, contract, until=world.NOW - timedelta(minutes=5))
    lasting = limited(boris, contract, until=world.NOW + MOMENT)

    ended = expiry.end_all_expired(by=JOB, at=world.NOW)

    assert ended == 1
    assert Membership.objects.get(pk=expired.pk).ended_at == world.NOW - timedelta(minutes=5)
    assert Membership.objects.get(pk=lasting.pk).ended_at is None
    row = AuditRow.objects.get(act="contracts.role_expired")
    assert (row.contract_id, row.provider_id, row.before) == (contract.pk, contract.provider_id, Role.MANAGER)
    assert Event.objects.filter(kind="contracts.role_expired", contract_id=contract.pk).count() == 1


def test_expired_link_does_not_keep_its_person_from_linking_again(anna, contract):
    limited(anna, contract, until=world.NOW)

    link(contract, anna)

    assert Membership.objects.get(user=anna, ended_at=None).expires_at is None


def test_expired_link_cannot_be_removed_any_more(anna, contract):
    limited(anna, contract, until=world.NOW)

    with pytest.raises(NotSeen):
        linking.unlink(contract, by=world.actor(anna, contract.provider), at=world.NOW)


def test_database_refuses_a_role_that_expires_before_it_is_given(anna, contract):
    with pytest.raises(IntegrityError, match="membership_expires_after_grant"):
        limited(anna, contract, until=EARLIER)


@pytest.mark.spec("ROLE-01")
def test_database_itself_forbids_two_administrators(anna, boris, contract):
    world.link(anna, contract, role=Role.ADMINISTRATOR)

    with pytest.raises(IntegrityError, match="one_administrator_a_contract"):
        world.link(boris, contract, role=Role.ADMINISTRATOR)


@pytest.mark.spec("ROLE-01")
def test_database_itself_forbids_two_roles_of_one_person(anna, contract):
    world.link(anna, contract)

    with pytest.raises(IntegrityError, match="one_role_a_contract"):
        world.link(anna, contract, role=Role.ACCOUNTANT)
