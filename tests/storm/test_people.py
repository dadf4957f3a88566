"""Contracts linked, roles given, taken and asked for, invitations used: by many at the same moment (I20–I24)."""

import re
from collections import Counter
from functools import partial

import pytest
from django.db.models import Count

from kabinet.accounts.models import OneTimeSecret, Session, User
from kabinet.contracts.models import Membership
from kabinet.contracts.services import linking, roles
from kabinet.contracts.services.access import NotAllowed, NotSeen
from kabinet.contracts.services.linking import LinkRefused
from kabinet.contracts.services.roles import AppointRefused, GrantRefused
from kabinet.contracts.values import LinkByInn, Role
from kabinet.infra.models import AuditRow, Event, LimitCounter
from kabinet.providers.values import Limits
from tests import world
from tests.accounts.people import sign_in
from tests.contracts.roles import grant, letters_to, specialist
from tests.deep import count
from tests.storm.crowd import crowd_of

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 30
ROUNDS = count(gate=2, deep=20)


def untruths(contract):
    """Return what breaks I20, I22 or I30 among the roles of a contract."""
    live = Membership.objects.filter(contract=contract, ended_at=None)
    if live.filter(role=Role.ADMINISTRATOR).count() > 1:
        yield "two administrators"
    twice = live.values("user").annotate(times=Count("*")).filter(times__gt=1)
    yield from (f"two live roles: {row}" for row in twice)
    every = Membership.objects.filter(contract=contract)
    acts = Counter(AuditRow.objects.filter(contract_id=contract.pk).values_list("act", flat=True))
    told = Counter(Event.objects.filter(contract_id=contract.pk).values_list("kind", flat=True))
    begun = acts["contracts.linked"] + acts["contracts.role_given"]
    if begun != every.count():
        yield f"{every.count()} roles, {begun} rows of the audit: {acts}"
    for kind in ("contracts.linked", "contracts.role_given", "contracts.role_taken", "contracts.unlinked"):
        if acts[kind] != told[kind]:
            yield f"{kind}: {acts[kind]} in the audit, {told[kind]} events"
    own = every.filter(granted_by__isnull=False).exclude(role=Role.MANAGER)
    yield from (f"gave himself a role: {row.pk}" for row in own if row.granted_by == row.user_id)


def an_hour_later():
    """So many rounds are more than the letters of one hour."""
    LimitCounter.objects.all().delete()


def link_of(person, contract, *, address):
    wanted = LinkByInn(inn=contract.inn, number_key=contract.number_key)
    return lambda: linking.link_by_inn(
        wanted,
        address=address,
        allowed=Limits(),
        by=world.actor(person, contract.provider),
        at=world.NOW,
        today=world.TODAY,
    )


@pytest.mark.spec("CON-01")
def test_thirty_people_link_one_contract_and_each_has_it_once(w, figures):
    """Each of them presses twice: fifteen pairs of hands, and then everybody once more."""
    people = [world.person(w, f"p{place}@example.com") for place in range(PEOPLE)]

    with crowd_of(PEOPLE) as crowd:
        for _ in range(ROUNDS):
            contract = world.contract(w)
            acts = [link_of(person, contract, address=f"198.51.100.{n}") for n, person in enumerate(people)]
            for hands in (acts[:15] * 2, acts):
                answers = crowd.at_once(hands)
                assert all(isinstance(one, LinkRefused | type(contract)) for one in answers), Counter(
                    map(repr, answers)
                )

            assert Membership.objects.filter(contract=contract).count() == PEOPLE
            assert list(untruths(contract)) == []
    figures(links_at_once=2 * PEOPLE * ROUNDS)


@pytest.mark.spec("CON-01")
def test_one_person_who_presses_thirty_times_is_linked_once(w, anna):
    with crowd_of(PEOPLE) as crowd:
        for _ in range(ROUNDS):
            contract = world.contract(w)
            answers = crowd.all(link_of(anna, contract, address="198.51.100.1"))

            # Tries that are under way count as wrong until they end: whoever presses so often is asked to wait.
            told = Counter(type(one).__name__ for one in answers)
            assert told.pop("Contract", 0) == 1, told
            assert set(told) <= {"LinkRefused", "LimitReached"}
            assert list(untruths(contract)) == []


@pytest.mark.spec("ROLE-01", "ROLE-03", "ROLE-04", "ROLE-05")
def test_roles_given_taken_and_asked_for_at_once_leave_one_administrator(w, figures):
    """The office appoints and dismisses, the Администратор gives, changes, takes and leaves, others link and leave."""
    olga = specialist(w)
    people = [world.person(w, f"p{place}@example.com") for place in range(8)]
    foreseen = NotSeen | NotAllowed | GrantRefused | AppointRefused | LinkRefused

    with crowd_of(PEOPLE) as crowd:
        for turn in range(ROUNDS):
            an_hour_later()
            contract = world.contract(w)
            for person in people[:5]:
                link_of(person, contract, address="198.51.100.1")()
            roles.appoint_administrator(contract, people[0], by=olga, at=world.NOW)

            answers = crowd.at_once([act_of(place, people, contract, olga) for place in range(PEOPLE)])

            faults = [one for one in answers if isinstance(one, Exception) and not isinstance(one, foreseen)]
            assert faults == [], turn
            assert list(untruths(contract)) == []
    figures(roles_at_once=PEOPLE * ROUNDS)


def act_of(place, people, contract, olga):
    """Return what one of the crowd does; each kind of act is done by several people, and to the same ones."""
    person, other = people[place % 8], people[(place * 3 + 1) % 8]
    by = world.actor(person, contract.provider)
    held = Membership.objects.filter(contract=contract, user=other, ended_at=None).first()
    acts = [
        lambda: roles.appoint_administrator(contract, person, by=olga, at=world.NOW),
        lambda: roles.dismiss_administrator(contract, by=olga, at=world.NOW),
        lambda: grant(contract, other.email, by=people[0]),
        lambda: roles.revoke_role(contract, held.pk if held else contract.pk, by=by, at=world.NOW),
        lambda: linking.unlink(contract, by=by, at=world.NOW),
        link_of(person, contract, address="198.51.100.2"),
    ]
    return acts[place % len(acts)]


@pytest.mark.spec("ROLE-01")
def test_of_two_administrators_at_once_one_is_appointed(w, anna, boris):
    olga, oleg = specialist(w), specialist(w, "oleg@office.example.com")

    with crowd_of(2) as crowd:
        for _ in range(ROUNDS * 5):
            contract = world.contract(w)
            for person in (anna, boris):
                link_of(person, contract, address="198.51.100.1")()
            answers = crowd.at_once(
                [
                    partial(roles.appoint_administrator, contract, anna, by=olga, at=world.NOW),
                    partial(roles.appoint_administrator, contract, boris, by=oleg, at=world.NOW),
                ]
            )

            assert sorted(type(one).__name__ for one in answers) == ["AppointRefused", "Membership"]
            assert list(untruths(contract)) == []


@pytest.mark.spec("CON-04", "ROLE-05")
def test_last_one_leaves_while_he_is_dismissed_and_asked(w, anna):
    """Nobody is left, or he is left: the contract is never held by a ghost, and can be linked again."""
    olga = specialist(w)

    with crowd_of(3) as crowd:
        for _ in range(ROUNDS * 5):
            an_hour_later()
            contract = world.contract(w)
            link_of(anna, contract, address="198.51.100.1")()
            roles.appoint_administrator(contract, anna, by=olga, at=world.NOW)
            left, dismissed, given = crowd.at_once(
                [
                    partial(linking.unlink, contract, by=world.actor(anna, w), at=world.NOW),
                    partial(roles.dismiss_administrator, contract, by=olga, at=world.NOW),
                    partial(grant, contract, "nina@example.com", by=anna),
                ]
            )

            assert left is None or isinstance(left, NotSeen), left
            assert isinstance(dismissed, Membership | AppointRefused), dismissed
            assert not isinstance(given, Exception) or isinstance(given, NotSeen | NotAllowed), given
            live = Membership.objects.filter(contract=contract, user=anna, ended_at=None).count()
            assert live == (1 if isinstance(left, NotSeen) else 0)
            assert list(untruths(contract)) == []


@pytest.mark.spec("ROLE-04")
def test_invitation_used_by_ten_at_once_lets_one_in(w, contract, anna, figures):
    world.link(anna, contract, role=Role.ADMINISTRATOR)

    with crowd_of(10) as crowd:
        for turn in range(ROUNDS):
            an_hour_later()
            email = f"nina{turn}@example.com"
            grant(contract, email, by=anna)
            password = re.search(r"Одноразовый пароль: (\S+)", letters_to(email)[-1].text)[1]
            answers = crowd.all(lambda email=email, password=password: sign_in(email, w, password=password))

            let_in = [one for one in answers if not isinstance(one, Exception)]
            assert len(let_in) == 1, Counter(map(repr, answers))
            user = User.objects.get(email=email)
            assert Session.objects.filter(user=user).count() == 1
            assert not OneTimeSecret.objects.filter(user=user, used_at=None, purpose="first_password").exists()
    figures(invitations_used_at_once=10 * ROUNDS)
