"""Links and roles by a machine: who holds what is what its book says, and nobody sees more (I20–I23, I30)."""

import pytest
from hypothesis import seed
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from kabinet.contracts.models import Membership
from kabinet.contracts.services import linking, roles
from kabinet.contracts.services.access import NotAllowed, NotSeen
from kabinet.contracts.services.linking import LinkRefused
from kabinet.contracts.services.roles import AppointRefused, GrantRefused, OwnRole
from kabinet.contracts.values import Role
from tests import world
from tests.contracts.roles import grant, specialist
from tests.deep import SEED
from tests.machines.worlds import STEADY, Machine, outcome_of
from tests.storm.test_people import link_of, untruths

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at"), pytest.mark.spec("ROLE-01", "ROLE-04", "ROLE-05")]

PEOPLE = st.integers(0, 3)
ROLES = st.sampled_from(list(Role))


class Roles(Machine):
    """Four people, the office, one contract, and a book of who holds which role."""

    def made(self):
        provider = world.provider("w")
        self.people = [world.person(provider, f"p{place}@example.com") for place in range(4)]
        self.office = specialist(provider)
        self.held = {}
        return world.contract(provider)

    def actor(self, place):
        return world.actor(self.people[place], self.contract.provider)

    def membership(self, place):
        return Membership.objects.filter(user=self.people[place], contract=self.contract, ended_at=None).first()

    @property
    def administrator(self):
        return next((place for place, role in self.held.items() if role is Role.ADMINISTRATOR), None)

    @rule(place=PEOPLE)
    def link(self, place):
        Roles.steps += 1
        met = outcome_of(link_of(self.people[place], self.contract, address=f"198.51.100.{place}"))
        if place in self.held:
            assert isinstance(met, LinkRefused), met
        else:
            assert met == self.contract
            self.held[place] = Role.MANAGER

    @rule(place=PEOPLE)
    def unlink(self, place):
        Roles.steps += 1
        met = outcome_of(lambda: linking.unlink(self.contract, by=self.actor(place), at=world.NOW))
        assert (met is None) if place in self.held else isinstance(met, NotSeen), met
        self.held.pop(place, None)

    @rule(place=PEOPLE)
    def appoint(self, place):
        Roles.steps += 1
        person = self.people[place]
        met = outcome_of(lambda: roles.appoint_administrator(self.contract, person, by=self.office, at=world.NOW))
        if self.administrator is not None or place not in self.held:
            assert isinstance(met, AppointRefused), met
        else:
            assert isinstance(met, Membership), met
            self.held[place] = Role.ADMINISTRATOR

    @rule()
    def dismiss(self):
        Roles.steps += 1
        former = self.administrator
        met = outcome_of(lambda: roles.dismiss_administrator(self.contract, by=self.office, at=world.NOW))
        if former is None:
            assert isinstance(met, AppointRefused), met
        else:
            self.held[former] = Role.MANAGER

    @rule(giver=PEOPLE, place=PEOPLE, role=ROLES)
    def give(self, giver, place, role):
        Roles.steps += 1
        met = outcome_of(lambda: grant(self.contract, self.people[place].email, by=self.people[giver], role=role))
        if giver not in self.held:
            assert isinstance(met, NotSeen), met
        elif self.held[giver] is not Role.ADMINISTRATOR:
            assert isinstance(met, NotAllowed), met
        elif role is Role.ADMINISTRATOR or place in self.held:
            assert isinstance(met, GrantRefused), met
        else:
            assert not isinstance(met, Exception), met
            self.held[place] = role

    @rule(giver=PEOPLE, place=PEOPLE)
    def take(self, giver, place):
        Roles.steps += 1
        held = self.membership(place)
        wanted = held.pk if held else self.contract.pk
        met = outcome_of(lambda: roles.revoke_role(self.contract, wanted, by=self.actor(giver), at=world.NOW))
        if giver not in self.held or (self.held[giver] is Role.ADMINISTRATOR and place not in self.held):
            assert isinstance(met, NotSeen), met
        elif self.held[giver] is not Role.ADMINISTRATOR:
            assert isinstance(met, NotAllowed), met
        elif giver == place:
            assert isinstance(met, OwnRole), met
        else:
            assert isinstance(met, Membership), met
            del self.held[place]

    @invariant()
    def the_book_is_the_truth(self):
        live = Membership.objects.filter(contract=self.contract, ended_at=None)
        by_user = {membership.user_id: membership.role for membership in live}
        assert by_user == {self.people[place].pk: role for place, role in self.held.items()}
        assert list(untruths(self.contract)) == []

    @rule(place=PEOPLE)
    def look(self, place):
        """Each request reads anew whose eyes it has: no more than the book says, from the next moment on."""
        seen = world.viewer_of(self.people[place], self.contract.provider).role_on(self.contract.pk)
        assert seen == self.held.get(place)


def test_roles_hold_whatever_is_pressed(figures):
    Roles.steps = 0
    run_state_machine_as_test(seed(SEED)(Roles), settings=STEADY)
    figures(machine_roles=Roles.steps, broken=0)
