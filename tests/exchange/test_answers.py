"""What billing's answers do to submissions, and closing a period to the month (BILL-02)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection, transaction

from kabinet.exchange import selectors
from kabinet.infra import ids
from kabinet.infra.models import Event
from kabinet.providers.models import BillingPeriod
from kabinet.readings.models import Reading, Submission
from tests import world
from tests.exchange import rows
from tests.exchange.test_batches import problems_of

pytestmark = [pytest.mark.django_db, pytest.mark.spec("BILL-02")]

REFUSAL = {"verdict": "refused", "reason_code": "below_previous", "reason": "Показание меньше предыдущего."}


def sent(register, *, state="sent", value="240", **changed):
    """Store what a customer sent."""
    facts = {
        "contract": register.contract, "provider_id": register.provider_id, "register": register, "raw": value,
        "month": date(2026, 10, 1), "value": Decimal(value), "taken_on": world.TODAY, "sent_at": world.NOW,
        "actor_kind": "customer", "channel": "web", "key": str(ids.new()), "state": state, "state_at": world.NOW,
    }  # fmt: skip
    return Submission.objects.create(**(facts | changed))


def state_of(submission):
    stored = Submission.objects.get(contract_id=submission.contract_id, id=submission.id)
    return stored.state, stored.reason_code, stored.reason, stored.billed_in


def answered():
    return [
        (event.payload["verdict"], event.payload["reason_code"])
        for event in Event.objects.filter(kind="readings.answered")
    ]


@pytest.mark.parametrize("state", ["sent", "passed"])
def test_taken_is_written_and_told(billing, register, state):
    submission = sent(register, state=state)

    response = billing.send(rows.answer(submission.id, register.contract.external_id, billed_in="2026-10"))

    assert response.json()["entities"]["submission_answer"]["updated"] == 1
    assert state_of(submission) == ("taken", "", "", date(2026, 10, 1))
    event = Event.objects.get(kind="readings.answered")
    assert (event.contract_id, event.payload) == (
        register.contract_id, {"submission": str(submission.id), "verdict": "taken", "reason_code": ""},
    )  # fmt: skip


def test_refused_carries_its_reason(billing, register):
    submission = sent(register)

    billing.send(rows.answer(submission.id, register.contract.external_id, **REFUSAL))

    assert state_of(submission) == ("refused", "below_previous", "Показание меньше предыдущего.", None)
    assert answered() == [("refused", "below_previous")]


def test_refusal_without_reason_is_refused(billing, register):
    submission = sent(register)

    response = billing.send(rows.answer(submission.id, register.contract.external_id, "refused"))

    assert [problem[3:] for problem in problems_of(response)] == [("reason", "reason_required")]
    assert state_of(submission)[0] == "sent"


def test_same_answer_again_changes_nothing(billing, register):
    submission = sent(register)
    billing.send(rows.answer(submission.id, register.contract.external_id, **REFUSAL))

    response = billing.send(rows.answer(submission.id, register.contract.external_id, **REFUSAL))

    assert response.json()["entities"]["submission_answer"]["unchanged"] == 1
    assert len(answered()) == 1


@pytest.mark.parametrize("second", [REFUSAL, {"verdict": "taken", "billed_in": "2026-11"}])
def test_second_answer_that_contradicts_is_refused(billing, register, second):
    submission = sent(register)
    billing.send(rows.answer(submission.id, register.contract.external_id, billed_in="2026-10"))

    response = billing.send(rows.answer(submission.id, register.contract.external_id, **second))

    assert [problem[3:] for problem in problems_of(response)] == [("verdict", "already_answered")]
    assert state_of(submission) == ("taken", "", "", date(2026, 10, 1))


def test_taken_reading_may_learn_its_bill_later(billing, register):
    submission = sent(register)
    billing.send(rows.answer(submission.id, register.contract.external_id))

    response = billing.send(rows.answer(submission.id, register.contract.external_id, billed_in="2026-10"))

    assert response.json()["entities"]["submission_answer"]["updated"] == 1
    assert state_of(submission)[3] == date(2026, 10, 1)
    assert len(answered()) == 1


def test_superseded_keeps_its_state_and_notes_the_answer(billing, register):
    submission = sent(register, state="superseded")

    billing.send(rows.answer(submission.id, register.contract.external_id))
    again = billing.send(rows.answer(submission.id, register.contract.external_id))

    assert state_of(submission) == ("superseded", "taken", "", None)
    assert again.json()["entities"]["submission_answer"]["unchanged"] == 1
    assert selectors.messages_of(register.contract).get().answer == {"state": "superseded"}


def test_answer_for_another_contract_quarantines_the_batch(billing, register, w):
    submission, stranger = sent(register), world.contract(w)

    response = billing.send(rows.contract("dog-9"), rows.answer(submission.id, stranger.external_id))

    assert problems_of(response) == [
        (2, "submission_answer", f"otv-{submission.id}", "submission", "unknown_submission")
    ]
    assert state_of(submission)[0] == "sent"
    report = billing.client.get(f"{billing.base}batches/{response.json()['details']['batch']}/").json()
    assert (report["outcome"], report["problems_total"]) == ("refused", 1)


def test_answer_to_another_providers_submission_is_unknown(billing_v, billing, register):
    submission = sent(register)

    response = billing_v.send(rows.contract(), rows.answer(submission.id, "dog-1"))

    assert [problem[-1] for problem in problems_of(response)] == ["unknown_submission"]
    assert state_of(submission)[0] == "sent"


def test_submission_answered_twice_in_a_batch_is_refused(billing, register):
    submission = sent(register)

    response = billing.send(
        rows.answer(submission.id, register.contract.external_id),
        rows.answer(submission.id, register.contract.external_id, external_id="other", **REFUSAL),
    )

    assert [problem[-1] for problem in problems_of(response)] == ["duplicate_row"]


def test_answer_and_its_reading_come_together(billing, register):
    submission = sent(register)

    response = billing.send(
        rows.reading(
            "pok-9",
            register=register.external_id,
            month="2026-10",
            value="240",
            origin="customer",
            submission=str(submission.id),
        ),
        rows.answer(submission.id, register.contract.external_id),
    )

    assert response.status_code == 200, response.content.decode()
    assert Reading.objects.get(external_id="pok-9").submission_id == submission.id


def test_reading_cannot_name_a_strangers_submission(billing, register, w):
    stranger = world.meter(world.contract(w)).registers.get()
    submission = sent(stranger)

    response = billing.send(rows.reading("pok-9", register=register.external_id, submission=str(submission.id)))

    assert [problem[3:] for problem in problems_of(response)] == [("submission", "unknown_submission")]


def test_history_of_a_contract_holds_the_answer_in_codes(billing, register):
    submission = sent(register)

    billing.send(rows.answer(submission.id, register.contract.external_id, **REFUSAL))

    message = selectors.messages_of(register.contract).get()
    assert (message.kind, message.subject, message.body["verdict"]) == (
        "submission_answer",
        str(submission.id),
        "refused",
    )
    assert "меньше" not in str(message.body)


def test_application_cannot_touch_what_was_sent(register):
    submission = sent(register)

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE readings_submission SET value = 0 WHERE id = %s", [submission.id])


def test_closing_a_period_is_kept_with_its_moment(billing, w, at):
    billing.send(rows.period(state="open"))

    billing.send(rows.period(state="closed", version=2))

    period = BillingPeriod.objects.get(provider=w, month=date(2026, 10, 1))
    assert (period.state, period.closed_at, period.source_version) == ("closed", world.NOW, 2)


def test_closing_again_changes_nothing(billing, w):
    billing.send(rows.period())
    before = BillingPeriod.objects.get(provider=w).closed_at

    response = billing.send(rows.period())

    assert response.json()["entities"]["billing_period"]["unchanged"] == 1
    assert BillingPeriod.objects.get(provider=w).closed_at == before


def test_closed_period_is_never_opened_again(billing, w):
    billing.send(rows.period())

    response = billing.send(rows.period(state="open", version=2))

    assert [problem[3:] for problem in problems_of(response)] == [("state", "period_closed")]
    assert BillingPeriod.objects.get(provider=w).state == "closed"


def test_period_that_a_sender_made_first_can_be_closed(billing, w):
    BillingPeriod.objects.create(provider=w, month=date(2026, 10, 1))

    response = billing.send(rows.period())

    assert response.json()["entities"]["billing_period"]["updated"] == 1


def test_other_providers_period_stays_open(billing, billing_v, v):
    billing_v.send(rows.period(state="open"))

    billing.send(rows.period())

    assert BillingPeriod.objects.get(provider=v).state == "open"
