"""Roles when many act at the same moment: real threads on a real database (I20, I23)."""

from threading import Event as Signal
from threading import Thread

import pytest
from django.db import connection

from kabinet.accounts.models import User
from kabinet.contracts.models import Membership
from kabinet.contracts.services import linking, roles
from kabinet.contracts.services.access import NotSeen, require
from kabinet.contracts.services.roles import AppointRefused, GrantRefused
from kabinet.contracts.values import Action, AppointProblem, GrantProblem, Role
from kabinet.infra.db import transaction_of
from kabinet.infra.models import AuditRow
from tests import world
from tests.accounts.people import at_once
from tests.contracts.roles import grant, letters_to, specialist

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 30


@pytest.mark.spec("ROLE-01")
def test_of_thirty_appointments_at_once_one_wins(contract, w):
    olga = specialist(w)
    people = [world.person(w, f"p{place}@example.com") for place in range(MANY)]
    for person in people:
        world.link(person, contract)

    found = at_once(
        *[
            lambda person=person: roles.appoint_administrator(contract, person, by=olga, at=world.NOW)
            for person in people
        ]
    )

    refused = [one.problem for one in found if isinstance(one, AppointRefused)]
    assert refused == [AppointProblem.HAS_ADMINISTRATOR] * (MANY - 1)
    assert Membership.objects.filter(contract=contract, role=Role.ADMINISTRATOR, ended_at=None).count() == 1
    assert AuditRow.objects.filter(act="contracts.role_given").count() == 1


@pytest.mark.spec("ROLE-04")
def test_of_thirty_grants_to_one_address_at_once_one_wins(contract, anna):
    world.link(anna, contract, role=Role.ADMINISTRATOR)

    found = at_once(*[lambda: grant(contract, "nina@example.com", by=anna)] * MANY)

    refused = [one.problem for one in found if isinstance(one, GrantRefused)]
    assert refused == [GrantProblem.HOLDS_ROLE] * (MANY - 1)
    assert User.objects.filter(email="nina@example.com").count() == 1
    assert Membership.objects.filter(contract=contract, user__email="nina@example.com").count() == 1
    assert len(letters_to("nina@example.com")) == 1


def test_same_press_thirty_times_at_once_is_one_role(contract, anna):
    world.link(anna, contract, role=Role.ADMINISTRATOR)

    found = at_once(*[lambda: grant(contract, "nina@example.com", by=anna, key="one")] * MANY)

    assert len(set(found)) == 1
    assert len(letters_to("nina@example.com")) == 1


def test_grant_and_dismissal_at_once_end_one_way_or_the_other(contract, anna, boris, w):
    """Whoever is second meets what the first one did: no role is given by somebody who may not any more."""
    world.link(anna, contract, role=Role.ADMINISTRATOR)
    olga = specialist(w)

    granted, dismissed = at_once(
        lambda: grant(contract, boris.email, by=anna),
        lambda: roles.dismiss_administrator(contract, by=olga, at=world.NOW),
    )

    assert isinstance(dismissed, Membership)
    given = Membership.objects.filter(contract=contract, user=boris, ended_at=None).exists()
    assert given is not isinstance(granted, Exception)


@pytest.mark.spec("ROLE-05")
def test_request_that_is_past_the_door_is_finished_and_the_next_finds_nothing(contract, anna, boris):
    world.link(anna, contract, role=Role.ADMINISTRATOR)
    held = world.link(boris, contract)
    by, administrator = world.actor(boris, contract.provider), world.actor(anna, contract.provider)
    may_end, order = Signal(), []

    def take_away():
        roles.revoke_role(contract, held.pk, by=administrator, at=world.NOW)
        order.append("revoked")
        connection.close()

    thread = Thread(target=take_away)
    with transaction_of("an act of the person"):
        require(by, contract, Action.SEND_READINGS, at=world.NOW)
        thread.start()
        may_end.wait(0.5)
        order.append("sent")
    thread.join(timeout=20)

    assert order == ["sent", "revoked"]
    with pytest.raises(NotSeen), transaction_of("the next act"):
        require(by, contract, Action.SEND_READINGS, at=world.NOW)


@pytest.mark.spec("ROLE-05")
def test_giving_while_the_administrator_leaves_ends_clean(contract, anna, boris):
    world.link(anna, contract, role=Role.ADMINISTRATOR)

    granted, left = at_once(
        lambda: grant(contract, boris.email, by=anna),
        lambda: linking.unlink(contract, by=world.actor(anna, contract.provider), at=world.NOW),
    )

    assert left is None
    given = Membership.objects.filter(contract=contract, user=boris, ended_at=None).exists()
    assert given is not isinstance(granted, NotSeen)
    assert not Membership.objects.filter(contract=contract, user=anna, ended_at=None).exists()
