"""Roles given, changed and taken away, on a real database (ROLE-01, ROLE-04, ROLE-05)."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from kabinet.accounts.models import User
from kabinet.contracts import selectors
from kabinet.contracts.models import Membership
from kabinet.contracts.services import linking, roles
from kabinet.contracts.services.access import NotAllowed, NotSeen
from kabinet.contracts.services.roles import AppointRefused, GrantRefused, OwnRole
from kabinet.contracts.values import AppointProblem, Giver, GrantProblem, Role
from kabinet.infra.idempotency import KeyReused
from kabinet.infra.limits import LimitReached
from kabinet.infra.models import AuditRow, Event
from tests import world
from tests.contracts.roles import grant, letters_to, specialist
from tests.contracts.test_expiry import limited, viewer_of

NINA = "nina@example.com"


@pytest.fixture
def owned(contract, anna):
    """The contract with Anna as its Администратор."""
    world.link(anna, contract, role=Role.ADMINISTRATOR)
    return contract


def live(contract, user):
    return Membership.objects.get(contract=contract, user=user, ended_at=None)


def refusal_of(act):
    with pytest.raises(GrantRefused) as refused:
        act()
    return refused.value.problem


@pytest.mark.spec("ROLE-04")
def test_registered_person_sees_the_contract_at_once_and_is_told(owned, anna, boris):
    membership_id = grant(owned, boris.email, by=anna, role=Role.ENERGY_ENGINEER)

    held = live(owned, boris)
    assert (held.pk, held.role, held.points, held.granted_by) == (membership_id, "energy_engineer", None, anna.pk)
    assert owned in selectors.contracts_of(viewer_of(boris, owned.provider))
    letter = letters_to(boris.email)[-1].text
    assert (
        f"На договор {owned.customer_name}, № {owned.number} Вам назначена роль Энергетик. "
        f"Вы можете посмотреть изменения в личном кабинете http" in letter
    )
    assert "пароль" not in letter.lower()
    row = AuditRow.objects.get(act="contracts.role_given")
    assert (row.actor_id, row.contract_id, row.after) == (
        anna.pk,
        owned.pk,
        {"role": "energy_engineer", "points": None},
    )
    assert Event.objects.filter(kind="contracts.role_given", contract_id=owned.pk).count() == 1


@pytest.mark.spec("ROLE-04")
def test_unregistered_person_gets_login_and_one_time_password(owned, anna):
    grant(owned, NINA, by=anna)

    nina = User.objects.get(email=NINA)
    letter = letters_to(NINA)[-1].text
    password = re.search(r"Одноразовый пароль: (\S+)", letter)[1]
    assert "Вам назначена роль Бухгалтер." in letter
    assert f"Логин: {NINA}" in letter
    assert nina.awaits_first_password
    assert live(owned, nina).role == Role.ACCOUNTANT
    assert password not in str(list(AuditRow.objects.values()))
    assert password not in str(list(Event.objects.values()))


@pytest.mark.spec("ROLE-04")
def test_role_held_before_is_replaced_after_a_question(owned, anna, boris):
    former = world.link(boris, owned, role=Role.MANAGER)

    with pytest.raises(GrantRefused) as asked:
        grant(owned, boris.email, by=anna)
    assert (asked.value.problem, asked.value.held) == (GrantProblem.HOLDS_ROLE, former)
    assert live(owned, boris).role == Role.MANAGER
    grant(owned, boris.email, by=anna, replaces=former.pk)

    assert live(owned, boris).role == Role.ACCOUNTANT
    assert Membership.objects.get(pk=former.pk).ended_at == world.NOW
    assert AuditRow.objects.get(act="contracts.role_given").before == {"role": "manager", "points": None}


def test_answer_to_a_question_about_another_role_is_asked_anew(owned, anna, boris):
    world.link(boris, owned, role=Role.MANAGER)

    assert refusal_of(lambda: grant(owned, boris.email, by=anna, replaces=uuid4())) is GrantProblem.HOLDS_ROLE
    assert refusal_of(lambda: grant(owned, NINA, by=anna, replaces=uuid4())) is GrantProblem.CHANGED
    assert not User.objects.filter(email=NINA).exists()


@pytest.mark.spec("ROLE-04")
def test_limit_to_points_is_kept_and_touches_readings_alone(owned, anna, boris):
    mine, other = owned.points.get(), world.meter(owned).point

    grant(owned, boris.email, by=anna, role=Role.ENERGY_ENGINEER, points=frozenset({mine.pk}))

    viewer = viewer_of(boris, owned.provider)
    assert {meter.point for meter in selectors.meters_of(viewer)} == {mine}
    assert other.pk not in live(owned, boris).points
    assert owned in selectors.contracts_of(viewer)


@pytest.mark.spec("ROLE-04")
def test_points_of_another_contract_are_refused(owned, anna, w):
    own, foreign = owned.points.get(), world.meter(world.contract(w)).point

    for points in [{foreign.pk}, {own.pk, foreign.pk}, {uuid4()}]:
        problem = refusal_of(lambda points=points: grant(owned, NINA, by=anna, points=frozenset(points)))
        assert problem is GrantProblem.FOREIGN_POINT
    assert refusal_of(lambda: grant(owned, NINA, by=anna, points=frozenset())) is GrantProblem.NO_POINTS
    assert not User.objects.filter(email=NINA).exists()


@pytest.mark.spec("ROLE-05")
def test_nobody_grants_to_himself(owned, anna):
    assert refusal_of(lambda: grant(owned, anna.email, by=anna)) is GrantProblem.OWN_ROLE
    own = live(owned, anna)
    with pytest.raises(OwnRole):
        grant(owned, "", by=anna, replaces=own.pk)
    with pytest.raises(OwnRole):
        roles.revoke_role(owned, own.pk, by=world.actor(anna, owned.provider), at=world.NOW)
    assert live(owned, anna).role == Role.ADMINISTRATOR


@pytest.mark.spec("ROLE-01")
def test_administrator_is_given_by_staff_only(owned, anna):
    assert refusal_of(lambda: grant(owned, NINA, by=anna, role=Role.ADMINISTRATOR)) is GrantProblem.STAFF_ONLY


@pytest.mark.spec("ROLE-02")
@pytest.mark.parametrize("role", [Role.MANAGER, Role.ENERGY_ENGINEER, Role.ACCOUNTANT])
def test_other_roles_neither_give_nor_take(contract, anna, boris, role):
    world.link(anna, contract, role=role)
    held = world.link(boris, contract)

    with pytest.raises(NotAllowed):
        grant(contract, NINA, by=anna)
    with pytest.raises(NotAllowed):
        roles.revoke_role(contract, held.pk, by=world.actor(anna, contract.provider), at=world.NOW)
    assert not User.objects.filter(email=NINA).exists()


@pytest.mark.spec("ROLE-01")
def test_administrator_of_one_contract_is_a_stranger_to_another(owned, anna, boris, w):
    foreign = world.contract(w)
    theirs = world.link(boris, foreign)

    with pytest.raises(NotSeen):
        grant(foreign, NINA, by=anna)
    with pytest.raises(NotSeen):
        roles.revoke_role(owned, theirs.pk, by=world.actor(anna, w), at=world.NOW)
    assert live(foreign, boris)


def test_same_press_twice_is_one_role_and_one_letter(owned, anna):
    first = grant(owned, NINA, by=anna, key="k")
    second = grant(owned, NINA, by=anna, key="k")

    assert first == second
    assert len(letters_to(NINA)) == 1
    with pytest.raises(KeyReused):
        grant(owned, NINA, by=anna, key="k", role=Role.MANAGER)


@pytest.mark.spec("ROLE-04")
def test_role_until_a_day_ends_with_it_and_may_be_given_again(owned, anna, boris):
    grant(owned, boris.email, by=anna, expires_at=world.NOW + timedelta(days=1))
    assert owned in selectors.contracts_of(viewer_of(boris, owned.provider))
    later = world.NOW + timedelta(days=1)

    assert owned not in selectors.contracts_of(viewer_of(boris, owned.provider, at=later))
    assert refusal_of(lambda: grant(owned, NINA, by=anna, expires_at=world.NOW)) is GrantProblem.PAST_END


def test_expired_role_does_not_stand_in_the_way_of_another(owned, anna, boris):
    former = limited(boris, owned, until=world.NOW)

    grant(owned, boris.email, by=anna)

    assert live(owned, boris).role == Role.ACCOUNTANT
    assert AuditRow.objects.filter(act="contracts.role_expired", target_id=str(former.pk)).exists()


@pytest.mark.spec("ROLE-05")
def test_role_taken_away_is_told_and_gone(owned, anna, boris):
    held = world.link(boris, owned)

    roles.revoke_role(owned, held.pk, by=world.actor(anna, owned.provider), at=world.NOW)

    assert owned not in selectors.contracts_of(viewer_of(boris, owned.provider))
    assert "снял с вас роль Руководитель" in letters_to(boris.email)[-1].text
    row = AuditRow.objects.get(act="contracts.role_taken")
    assert (row.actor_id, row.before) == (anna.pk, {"role": "manager", "points": None})
    with pytest.raises(NotSeen):
        roles.revoke_role(owned, held.pk, by=world.actor(anna, owned.provider), at=world.NOW)


@pytest.mark.spec("ROLE-05")
def test_others_keep_theirs_when_the_administrator_leaves(owned, anna, boris):
    grant(owned, boris.email, by=anna)
    assert selectors.has_administrator(owned, at=world.NOW)

    linking.unlink(owned, by=world.actor(anna, owned.provider), at=world.NOW)

    assert live(owned, boris).role == Role.ACCOUNTANT
    assert not selectors.has_administrator(owned, at=world.NOW)


@pytest.mark.spec("ROLE-05")
def test_administrator_sees_everybody_with_role_time_and_giver(owned, anna, boris, clara):
    world.link(boris, owned)
    Membership.objects.filter(user=boris).update(granted_by=boris.pk)
    grant(owned, clara.email, by=anna, role=Role.ENERGY_ENGINEER)

    seen = selectors.holders_of(viewer_of(anna, owned.provider), owned, at=world.NOW)

    assert [(one.email, one.membership.role, one.giver, one.may_be_changed) for one in seen] == [
        (anna.email, "administrator", Giver.SELF, False),
        (boris.email, "manager", Giver.SELF, True),
        (clara.email, "energy_engineer", Giver.VIEWER, True),
    ]
    assert selectors.holders_of(viewer_of(boris, owned.provider), owned, at=world.NOW) == []


@pytest.mark.spec("ROLE-04")
def test_list_does_not_tell_who_was_registered(owned, anna, clara):
    grant(owned, clara.email, by=anna)
    grant(owned, NINA, by=anna)

    seen = selectors.holders_of(viewer_of(anna, owned.provider), owned, at=world.NOW)

    assert [(one.name, one.email) for one in seen if not one.is_own] == [("", clara.email), ("", NINA)]


def test_letter_comes_again_with_a_new_password_for_who_never_came(owned, anna, boris):
    grant(owned, boris.email, by=anna)
    grant(owned, NINA, by=anna)
    facts = {"by": world.actor(anna, owned.provider), "at": world.NOW, "technical_at": world.NOW}

    for user in (boris, User.objects.get(email=NINA)):
        roles.repeat_letter(owned, live(owned, user).pk, **facts)

    assert [("Одноразовый пароль" in one.text) for one in letters_to(boris.email)] == [False, False]
    first, second = letters_to(NINA)
    assert "Одноразовый пароль" in second.text
    assert first.text != second.text


def test_letters_are_limited_for_registered_and_unknown_alike(owned, anna, boris):
    for email in (boris.email, NINA):
        for _ in range(roles.LETTERS_TO_ADDRESSEE.times):
            roles._spend_letter(email, by=world.actor(anna, owned.provider))
            roles.limits.give_back(roles.LETTERS_OF_GIVER, f"{owned.provider_id} {anna.pk}")

        with pytest.raises(LimitReached):
            grant(owned, email, by=anna)


@pytest.mark.spec("ROLE-03")
def test_office_appoints_one_who_holds_the_contract(contract, boris):
    olga = specialist(contract.provider)
    former = limited(boris, contract, until=world.NOW + timedelta(days=3), role=Role.ACCOUNTANT)

    roles.appoint_administrator(contract, boris, by=olga, at=world.NOW)

    held = live(contract, boris)
    assert (held.role, held.points, held.expires_at, held.granted_by) == (Role.ADMINISTRATOR, None, None, olga.id)
    assert Membership.objects.get(pk=former.pk).ended_at == world.NOW
    assert "Вам назначена роль Администратор." in letters_to(boris.email)[-1].text
    assert AuditRow.objects.get(act="contracts.role_given").actor_kind == "staff"


@pytest.mark.spec("ROLE-01")
def test_office_appoints_no_second_one_and_no_stranger(owned, boris, clara):
    olga = specialist(owned.provider)
    world.link(boris, owned)

    for user, problem in [(boris, AppointProblem.HAS_ADMINISTRATOR), (clara, AppointProblem.HAS_ADMINISTRATOR)]:
        with pytest.raises(AppointRefused) as refused:
            roles.appoint_administrator(owned, user, by=olga, at=world.NOW)
        assert refused.value.problem is problem
    roles.dismiss_administrator(owned, by=olga, at=world.NOW)
    with pytest.raises(AppointRefused) as refused:
        roles.appoint_administrator(owned, clara, by=olga, at=world.NOW)
    assert refused.value.problem is AppointProblem.NOT_HELD


@pytest.mark.spec("ROLE-01")
def test_dismissed_administrator_stays_as_manager_and_others_keep_theirs(owned, anna, boris):
    olga = specialist(owned.provider)
    grant(owned, boris.email, by=anna)

    roles.dismiss_administrator(owned, by=olga, at=world.NOW)

    assert live(owned, anna).role == Role.MANAGER
    assert live(owned, boris).role == Role.ACCOUNTANT
    with pytest.raises(AppointRefused) as refused:
        roles.dismiss_administrator(owned, by=olga, at=world.NOW)
    assert refused.value.problem is AppointProblem.NOBODY
    with pytest.raises(NotAllowed):
        grant(owned, NINA, by=anna)


def test_customers_other_offices_and_other_duties_appoint_nobody(contract, boris, v):
    world.link(boris, contract)
    editor = specialist(contract.provider, "editor@office.example.com", role="editor")
    away = specialist(v, "away@office.example.com")

    for by in (world.actor(boris, contract.provider), away):
        with pytest.raises(NotSeen):
            roles.appoint_administrator(contract, boris, by=by, at=world.NOW)
    with pytest.raises(Exception, match="appoint_administrators"):
        roles.appoint_administrator(contract, boris, by=editor, at=world.NOW)
    assert live(contract, boris).role == Role.MANAGER


def test_former_administrators_expired_time_frees_the_place(contract, anna, boris):
    limited(anna, contract, until=world.NOW, role=Role.ADMINISTRATOR)
    world.link(boris, contract)

    roles.appoint_administrator(contract, boris, by=specialist(contract.provider), at=world.NOW)

    assert live(contract, boris).role == Role.ADMINISTRATOR
