"""Asking for acts and receiving them on a real database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.db.utils import IntegrityError

from kabinet.billing.models import ReconciliationAct
from kabinet.billing.services import acts
from kabinet.billing.services.acts import AskRefused, NotPrepared
from kabinet.billing.values import ActProblem, ActState, Delivery
from kabinet.contracts.models import Paper
from kabinet.contracts.services.access import NotAllowed, NotSeen
from kabinet.contracts.values import Role
from kabinet.infra import ids
from kabinet.infra.idempotency import KeyReused
from kabinet.infra.limits import LimitReached
from kabinet.infra.models import AuditRow, Event, StoredFile
from tests import world
from tests.billing.acts import SINCE, UNTIL, ask, prepare


@pytest.mark.spec("DOC-03")
def test_request_is_stored_with_audit_and_event(contract, anna):
    world.link(anna, contract)

    act = ask(contract, anna, delivery=Delivery.EMAIL)

    assert (act.state, act.asked_by, act.since, act.until) == (ActState.REQUESTED, anna, SINCE, UNTIL)
    assert AuditRow.objects.filter(act="billing.act_requested", contract_id=contract.pk, actor_id=anna.pk).count() == 1
    assert Event.objects.get(kind="billing.act_requested").payload == {
        "request": str(act.pk), "contract": contract.external_id, "since": "2026-01-01", "until": "2026-09-30",
        "delivery": "email", "asked_at": world.NOW.isoformat(),
    }  # fmt: skip


@pytest.mark.spec("DOC-03")
def test_bad_period_is_not_asked_for(contract, anna):
    world.link(anna, contract)

    with pytest.raises(AskRefused) as refusal:
        ask(contract, anna, until=world.TODAY + timedelta(days=1))

    assert refusal.value.problem is ActProblem.ENDS_IN_FUTURE
    assert not ReconciliationAct.objects.exists()


@pytest.mark.spec("ROLE-02")
@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.MANAGER, Role.ADMINISTRATOR])
def test_roles_of_money_ask(contract, anna, role):
    world.link(anna, contract, role=role)

    assert ask(contract, anna).state == ActState.REQUESTED


@pytest.mark.spec("ROLE-02")
def test_engineer_and_stranger_ask_for_nothing(contract, anna, clara):
    world.link(anna, contract, role=Role.ENERGY_ENGINEER)

    with pytest.raises(NotAllowed):
        ask(contract, anna)
    with pytest.raises(NotSeen):
        ask(contract, clara)
    assert not ReconciliationAct.objects.exists()


def test_letter_needs_a_confirmed_address(contract, w):
    newcomer = world.person(w, "new@example.com", confirmed=False)
    world.link(newcomer, contract)

    with pytest.raises(AskRefused) as refusal:
        ask(contract, newcomer, delivery=Delivery.EMAIL)

    assert refusal.value.problem is ActProblem.EMAIL_UNCONFIRMED
    assert ask(contract, newcomer).state == ActState.REQUESTED


def test_same_key_is_one_request_and_another_body_is_refused(contract, anna):
    world.link(anna, contract)

    first = ask(contract, anna, key="one")
    again = ask(contract, anna, key="one")

    assert first == again
    with pytest.raises(KeyReused):
        ask(contract, anna, key="one", delivery=Delivery.EMAIL)


def test_same_period_is_not_asked_for_while_it_is_prepared(contract, anna, billing):
    world.link(anna, contract)
    act = ask(contract, anna)

    with pytest.raises(AskRefused) as refusal:
        ask(contract, anna)
    assert refusal.value.problem is ActProblem.ALREADY_ASKED

    prepare(billing, act)
    assert ask(contract, anna) != act


def test_requests_of_a_day_are_bounded(contract, anna):
    world.link(anna, contract)
    for day in range(20):
        ask(contract, anna, until=UNTIL - timedelta(days=day))

    with pytest.raises(LimitReached):
        ask(contract, anna, until=UNTIL - timedelta(days=20))


@pytest.mark.spec("DOC-03")
def test_receiving_marks_once_and_is_written_down_each_time(asked, anna, billing):
    prepare(billing, asked)
    by = world.actor(anna, asked.contract.provider)

    acts.receive(asked, by=by, at=world.NOW)
    acts.receive(asked, by=by, at=world.NOW + timedelta(hours=1))

    asked.refresh_from_db()
    assert (asked.state, asked.state_at) == (ActState.RECEIVED, world.NOW)
    assert AuditRow.objects.filter(act="billing.act_received", actor_id=anna.pk).count() == 2


def test_nothing_is_received_before_it_is_prepared(asked, anna):
    with pytest.raises(NotPrepared):
        acts.receive(asked, by=world.actor(anna, asked.contract.provider), at=world.NOW)


def test_engineer_and_stranger_receive_nothing(asked, boris, clara, billing):
    prepare(billing, asked)
    world.link(boris, asked.contract, role=Role.ENERGY_ENGINEER)

    with pytest.raises(NotAllowed):
        acts.receive(asked, by=world.actor(boris, asked.contract.provider), at=world.NOW)
    with pytest.raises(NotSeen):
        acts.receive(asked, by=world.actor(clara, asked.contract.provider), at=world.NOW)


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"until": SINCE - timedelta(days=1)}, "act_ends_after_start"),
        ({"state": "prepared"}, "prepared_act_has_its_file"),
        ({"state": "received"}, "prepared_act_has_its_file"),
        ({"state": "refused"}, "refused_act_has_its_reason"),
    ],
)
def test_database_itself_holds_what_an_act_is(asked, changed, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        ReconciliationAct.objects.update(**changed)


def test_database_itself_forbids_two_open_requests(asked):
    asked.pk = ids.new()

    with pytest.raises(IntegrityError, match="one_open_request_a_period"):
        asked.save(force_insert=True)


def test_database_itself_keeps_the_same_bytes_once(asked, billing):
    file = prepare(billing, asked).file
    twin = StoredFile.objects.get()
    twin.pk = ids.new()
    twin.save(force_insert=True)

    with pytest.raises(IntegrityError, match="paper_once"):
        Paper.objects.create(provider=file.provider, stored=twin, sha256=file.sha256, uploaded_at=world.NOW)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_ask_at_once_leave_one_request(contract, anna, boris):
    world.link(anna, contract)
    world.link(boris, contract)

    def press(user):
        try:
            return ask(contract, user).state
        except AskRefused as refusal:
            return refusal.problem
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = set(pool.map(press, [anna, boris]))

    assert answers == {ActState.REQUESTED, ActProblem.ALREADY_ASKED}
    assert ReconciliationAct.objects.count() == 1
