"""Sending and keeping readings on a real database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.db.utils import IntegrityError, ProgrammingError

from kabinet.contracts.models import Register
from kabinet.contracts.services.access import NotAllowed, NotSeen
from kabinet.contracts.values import Role
from kabinet.infra import ids
from kabinet.infra.idempotency import KeyReused
from kabinet.infra.models import AuditRow, Event, IdempotencyKey
from kabinet.kernel.periods import Month
from kabinet.providers.models import BillingPeriod
from kabinet.readings.models import Draft, Submission
from kabinet.readings.services import drafts
from kabinet.readings.services.sending import NothingSent, Sending, submit
from kabinet.readings.values import Entry, Fate, Mistake
from tests import world

OCTOBER = Month(2026, 10)


def sending_by(user, contract, *, key=None, today=world.TODAY):
    provider = world.opened(contract.provider)
    return Sending(
        provider,
        key=key or str(ids.new()),
        by=world.actor(user, contract.provider),
        at=world.NOW + (today - world.TODAY),
        today=today,
    )


def send(contract, user, *rows, **facts):
    entries = [Entry(register.pk, raw, frozenset(confirmed)) for register, raw, *confirmed in rows]
    return submit(contract, entries, sending=sending_by(user, contract, **facts))


@pytest.mark.spec("READ-01")
def test_sent_reading_is_stored_as_typed_with_audit_and_event(contract, register, anna):
    world.link(anna, contract)

    (outcome,) = send(contract, anna, (register, "00243,7"))

    submission = Submission.objects.get()
    assert (outcome.fate, outcome.notes) == (Fate.SENT, (Mistake.FRACTION_DROPPED,))
    assert (submission.raw, submission.value, submission.month) == ("00243,7", Decimal(243), OCTOBER.first)
    assert (submission.taken_on, submission.actor_id, submission.state) == (world.TODAY, anna.pk, "sent")
    assert AuditRow.objects.filter(act="readings.sent", contract_id=contract.pk).count() == 1
    assert Event.objects.get(kind="readings.sent").payload["register"] == register.external_id


@pytest.mark.spec("READ-03")
def test_rows_that_may_go_go_and_the_others_say_why(contract, register, anna):
    world.link(anna, contract)
    wrong = world.register_of(world.meter(contract))

    outcomes = send(contract, anna, (register, "243"), (wrong, "12ab"))

    assert [(outcome.fate, outcome.problems) for outcome in outcomes] == [
        (Fate.SENT, ()),
        (Fate.REFUSED, (Mistake.NOT_A_NUMBER,)),
    ]
    assert Submission.objects.count() == 1


@pytest.mark.spec("READ-09")
@pytest.mark.parametrize(
    ("raw", "mistake", "suggestion"),
    [
        ("00230", Mistake.LESS_THAN_PREVIOUS, None),
        ("12", Mistake.VOLUME_INSTEAD_OF_READING, "00243"),
        ("2341", Mistake.DECIMALS_ENTERED, "00234"),
        ("900", Mistake.CONSUMPTION_TOO_HIGH, None),
    ],
)
def test_doubtful_reading_goes_once_it_is_confirmed(contract, register, anna, raw, mistake, suggestion):
    world.link(anna, contract)

    with pytest.raises(NothingSent) as doubt:
        send(contract, anna, (register, raw))
    (doubted,) = doubt.value.outcomes
    (outcome,) = send(contract, anna, (register, raw, mistake))

    assert (doubted.fate, doubted.problems) == (Fate.TO_CONFIRM, (mistake,))
    assert doubted.suggestions == ((suggestion,) if suggestion else ())
    assert outcome.fate is Fate.SENT
    assert Submission.objects.get().confirmed == [mistake]


@pytest.mark.spec("READ-09")
def test_rollover_is_recorded_with_the_reading(contract, anna):
    world.link(anna, contract)
    register = world.register_of(world.meter(contract, showed="99990"))

    send(contract, anna, (register, "00012", Mistake.ROLLOVER_SUSPECTED))

    assert Submission.objects.get().rolls_over


@pytest.mark.spec("READ-09")
def test_beyond_the_physical_limit_no_confirmation_helps(contract, register, anna):
    world.link(anna, contract)

    with pytest.raises(NothingSent) as refusal:
        send(contract, anna, (register, "90000", Mistake.CONSUMPTION_TOO_HIGH))

    assert refusal.value.outcomes[0].problems == (Mistake.BEYOND_PHYSICAL_LIMIT,)


@pytest.mark.spec("READ-02")
@pytest.mark.parametrize("days_later", [-1, 5])
def test_outside_the_window_nothing_goes(contract, register, anna, days_later):
    world.link(anna, contract)
    today = world.TODAY + timedelta(days=days_later)

    with pytest.raises(NothingSent) as refusal:
        send(contract, anna, (register, "243"), today=today)

    assert refusal.value.outcomes[0].problems == (Mistake.WINDOW_CLOSED,)


@pytest.mark.spec("BILL-02")
def test_period_closed_by_billing_takes_nothing(contract, register, anna):
    world.link(anna, contract)
    BillingPeriod.objects.create(provider=contract.provider, month=OCTOBER.first, state="closed")

    with pytest.raises(NothingSent) as refusal:
        send(contract, anna, (register, "243"))

    assert refusal.value.outcomes[0].problems == (Mistake.PERIOD_CLOSED,)


@pytest.mark.spec("READ-01")
def test_correction_is_a_new_row_that_names_the_old(contract, register, anna, boris):
    world.link(anna, contract)
    world.link(boris, contract)
    send(contract, anna, (register, "243"))

    send(contract, boris, (register, "244"))

    old, new = Submission.objects.order_by("value")
    assert (old.state, new.state, new.corrects) == ("superseded", "sent", old.id)


def test_the_same_value_again_is_no_new_sending(contract, register, anna):
    world.link(anna, contract)
    send(contract, anna, (register, "243"))

    with pytest.raises(NothingSent) as nothing:
        send(contract, anna, (register, "00243"))

    assert nothing.value.outcomes[0].fate is Fate.UNCHANGED


def test_same_key_and_rows_are_one_sending(contract, register, anna):
    world.link(anna, contract)

    first = send(contract, anna, (register, "243"), key="one")
    again = send(contract, anna, (register, "243"), key="one")

    assert first == again
    assert Submission.objects.count() == 1


def test_same_key_with_other_rows_shows_what_was_sent(contract, register, anna):
    world.link(anna, contract)
    send(contract, anna, (register, "243"), key="one")

    with pytest.raises(KeyReused) as reused:
        send(contract, anna, (register, "244"), key="one")

    assert reused.value.accepted["outcomes"][0]["raw"] == "243"
    assert Submission.objects.count() == 1


def test_refused_sending_stores_nothing_and_keeps_its_key(contract, register, anna):
    world.link(anna, contract)
    with pytest.raises(NothingSent):
        send(contract, anna, (register, "abc"), key="one")

    assert not IdempotencyKey.objects.exists()
    (outcome,) = send(contract, anna, (register, "243"), key="one")
    assert outcome.fate is Fate.SENT


def test_stranger_and_accountant_send_nothing(contract, register, anna, clara):
    world.link(anna, contract, role=Role.ACCOUNTANT)

    with pytest.raises(NotAllowed):
        send(contract, anna, (register, "243"))
    with pytest.raises(NotSeen):
        send(contract, clara, (register, "243"))
    assert not Submission.objects.exists()


def test_register_of_another_contract_is_not_yours(contract, register, anna):
    world.link(anna, contract)
    foreign = world.register_of(world.meter(world.contract(contract.provider)))

    outcomes = send(contract, anna, (register, "243"), (foreign, "243"))

    assert outcomes[1].problems == (Mistake.NOT_YOURS,)
    assert not Submission.objects.filter(register=foreign).exists()


def test_role_limited_to_a_point_sends_that_point_alone(contract, register, anna):
    other = world.register_of(world.meter(contract))
    world.link(anna, contract, points=[register.meter.point_id])

    outcomes = send(contract, anna, (register, "243"), (other, "243"))

    assert [outcome.fate for outcome in outcomes] == [Fate.SENT, Fate.REFUSED]


def test_expired_verification_is_taken_and_marked(contract, anna):
    world.link(anna, contract)
    register = world.register_of(world.meter(contract, verification_due=world.TODAY))

    send(contract, anna, (register, "243"))

    assert Submission.objects.get().remarks == [Mistake.VERIFICATION_EXPIRED]


def test_previous_is_what_was_sent_last_month_when_billing_is_silent(contract, register, anna):
    world.link(anna, contract)
    send(contract, anna, (register, "243"))
    november = world.TODAY + timedelta(days=31)

    send(contract, anna, (register, "250"), today=november)

    assert Submission.objects.get(value=250).previous == 243


@pytest.mark.spec("READ-01")
def test_draft_is_shared_and_gone_when_sent(contract, register, anna, boris):
    world.link(anna, contract)
    world.link(boris, contract)
    by = world.actor(anna, contract.provider)

    for _ in range(2):
        assert drafts.save(contract, [Entry(register.pk, "24x")], month=OCTOBER, by=by, at=world.NOW) == 1
    assert Draft.objects.get().raw == "24x"
    assert AuditRow.objects.filter(act="readings.draft_saved").count() == 1
    send(contract, boris, (register, "243"))

    assert not Draft.objects.exists()


def test_draft_of_a_foreign_register_is_not_kept(contract, register, anna):
    world.link(anna, contract)
    foreign = world.register_of(world.meter(world.contract(contract.provider)))
    by = world.actor(anna, contract.provider)

    kept = drafts.save(contract, [Entry(foreign.pk, "243")], month=OCTOBER, by=by, at=world.NOW)

    assert kept == 0


def test_facts_of_a_submission_cannot_be_changed(contract, register, anna):
    world.link(anna, contract)
    send(contract, anna, (register, "243"))

    with pytest.raises(ProgrammingError, match="permission denied"):
        Submission.objects.update(value=1)


@pytest.mark.django_db(transaction=True)
def test_ten_equal_sends_at_once_are_one(contract, register, anna):
    world.link(anna, contract)
    act = sending_by(anna, contract, key="one")

    def press(_):
        try:
            return submit(contract, [Entry(register.pk, "243")], sending=act)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(press, range(10)))

    assert all(answer == answers[0] for answer in answers)
    assert Submission.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_leave_one_effective_reading(contract, register, anna, boris):
    world.link(anna, contract)
    world.link(boris, contract)

    def press(turn):
        try:
            user, raw = turn
            return send(contract, user, (Register.objects.get(pk=register.pk), raw))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(press, [(anna, "243"), (boris, "244")]))

    assert sorted(Submission.objects.values_list("state", flat=True)) == ["sent", "superseded"]


def test_database_itself_forbids_two_effective_readings(contract, register, anna):
    world.link(anna, contract)
    send(contract, anna, (register, "243"))
    twin = Submission.objects.get()
    twin.id, twin.key = ids.new(), "another"
    twin.pk = (twin.contract_id, twin.id)

    with pytest.raises(IntegrityError, match="one_effective_submission"):
        twin.save(force_insert=True)


@pytest.mark.spec("READ-03")
def test_key_that_a_colleague_has_used_is_refused_and_stores_nothing(contract, register, anna, boris):
    world.link(anna, contract)
    world.link(boris, contract)
    submit(contract, [Entry(register.pk, "243")], sending=sending_by(anna, contract, key="one"))

    with pytest.raises(KeyReused):
        submit(contract, [Entry(register.pk, "244")], sending=sending_by(boris, contract, key="one"))

    assert Submission.objects.get().value == 243
