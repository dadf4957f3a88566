"""Sending the readings of a flat: the same rows as everywhere, with what goes beside them (READ-07…09).

Readings, claims about meters, explanations for the office and the letter of receipt are one act: all or nothing, once
for a key. Who sends without signing in comes by a use case of its own and calls `act` (READ-18).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from kabinet.contracts.models import Contract, Meter, Register
from kabinet.contracts.services.access import require
from kabinet.contracts.values import Action
from kabinet.infra import audit, events, idempotency, ids, limits, mail
from kabinet.infra.db import step, use_case
from kabinet.infra.limits import Limit, LimitReached
from kabinet.kernel.periods import Month
from kabinet.readings import letters
from kabinet.readings.models import DoubtfulReading, MeterClaim, Submission
from kabinet.readings.selectors.windows import window_for
from kabinet.readings.services import photos, rows
from kabinet.readings.services.rows import Sending
from kabinet.readings.services.sending import TRIES, Unsettled, held_sheet, sent_before, under_own_key
from kabinet.readings.services.storing import Going, store
from kabinet.readings.values import Entry, Outcome
from kabinet.readings.values.household import Beside, Claim, Explanation

_NOTHING: Final = Explanation()


def submit(contract: Contract, entries: Sequence[Entry], *, sending: Sending, beside: Beside) -> list[Outcome]:
    """Send what the check screen has shown; a mailbox that got too many letters gets none, and the readings go."""
    idempotency.require_good(sending.key)
    entries = sorted(entries, key=lambda entry: entry.row_id)
    beside = with_letter_allowed(beside, sending=sending)
    for _ in range(TRIES):
        if (outcomes := _submit(contract, entries, sending=sending, beside=beside)) is not None:
            return outcomes
    raise Unsettled


@use_case
def _submit(contract: Contract, entries: Sequence[Entry], *, sending: Sending, beside: Beside) -> list[Outcome] | None:
    membership = require(sending.by, contract, Action.SEND_READINGS, at=sending.at)
    meters = Meter.objects.filter(contract=contract)
    if membership.points is not None:
        meters = meters.filter(point_id__in=membership.points)
    return act(contract, entries, sending=sending, beside=beside, user_id=sending.by.person, meters=meters)


def with_letter_allowed(beside: Beside, *, sending: Sending) -> Beside:
    """Count the letter of receipt before the act; beyond the limit there is none."""
    if not beside.email:
        return beside
    times = sending.provider.policy.limits.letters_per_address_an_hour
    try:
        limits.spend(Limit("reading_receipts", times, timedelta(hours=1)), beside.email.lower())
    except LimitReached:
        return replace(beside, email="")
    return beside


@step
def act(
    contract: Contract,
    entries: Sequence[Entry],
    *,
    sending: Sending,
    beside: Beside,
    user_id: UUID | None,
    meters: QuerySet[Meter],
) -> list[Outcome] | None:
    """Store all of a sending or nothing; the same key and rows again are the same sending.

    `meters` are those of which the sender may say something; without `user_id` the caller has looked himself whether
    this may be sent. None says that something had changed just then: look again.
    """
    body = rows.body_of(entries, {"contract": str(contract.pk), "claims": beside.to_facts()["claims"]})
    if not entries:
        tell = partial(_beside, contract, [], sending=sending, beside=beside, meters=meters)
        idempotency.once(sending.key, body=body, by=sending.by, act=lambda: {"outcomes": tell() or []})
        return []
    sheet = held_sheet(contract, entries, user_id=user_id, sending=sending)
    if (before := sent_before(body, sending=sending)) is not None:
        return before
    outcomes, going = rows.decided(sheet, entries, today=sending.today, is_whole=True)
    with under_own_key():
        submissions = store(Going(sheet, going, outcomes, idempotency.hash_of(body)), sending=sending)
    if not submissions:
        return None
    _beside(contract, submissions, sending=sending, beside=beside, meters=meters)
    return outcomes


def _beside(
    contract: Contract,
    submissions: Sequence[Submission],
    *,
    sending: Sending,
    beside: Beside,
    meters: QuerySet[Meter],
) -> None:
    """Keep and tell what goes beside the readings."""
    month = _month(contract, submissions, sending)
    told = [_tell(claim, contract, meters, month=month, sending=sending) for claim in beside.claims]
    for submission in submissions:
        if submission.confirmed:
            _doubt(submission, contract, beside.explanations.get(submission.register_id, _NOTHING), sending=sending)
    if beside.email:
        to = letters.Receiver(beside.email, beside.language, month)
        mail.post(letters.received(_with_meters(submissions), told, contract, to))


def _month(contract: Contract, submissions: Sequence[Submission], sending: Sending) -> Month:
    if submissions:
        return Month.of(submissions[0].month)
    return window_for(contract, sending.provider, today=sending.today).month


@step
def _tell(claim: Claim, contract: Contract, meters: QuerySet[Meter], *, month: Month, sending: Sending) -> MeterClaim:
    """Keep what is said of a meter and tell billing; a meter that is not the sender's is no meter."""
    meter = meters.filter(pk=claim.meter_id).first()
    if meter is None:
        raise rows.NothingSent([])
    row = MeterClaim.objects.create(
        contract=contract,
        meter=meter,
        month=month.first,
        kind=claim.kind,
        made_at=sending.at,
        made_by=sending.by.id,
        **claim.to_facts(),
    )
    audit.record("readings.meter_claimed", row, before=None, after=claim.kind, by=sending.by, contract_id=contract.pk)
    events.emit(
        "readings.meter_claimed",
        provider_id=contract.provider_id,
        contract_id=contract.pk,
        payload={
            "claim": str(row.pk),
            "contract": contract.external_id,
            "meter": meter.external_id,
            "month": str(month),
            "kind": claim.kind,
            "claimed_at": sending.at.isoformat(),
        }
        | claim.to_facts(),
        at=sending.at,
    )
    return row


@step
def _doubt(submission: Submission, contract: Contract, explanation: Explanation, *, sending: Sending) -> None:
    """Put a reading that was confirmed against doubts before the office."""
    photo = explanation.photo
    stored = photos.keep(photo, provider_id=contract.provider_id, at=sending.at) if photo else None
    DoubtfulReading.objects.create(
        id=ids.new(),
        contract=contract,
        register_id=submission.register_id,
        submission_id=submission.id,
        month=submission.month,
        codes=submission.confirmed,
        comment=explanation.comment,
        photo=stored,
        made_at=sending.at,
        made_by=sending.by.id,
        state_at=sending.at,
    )


def _with_meters(submissions: Sequence[Submission]) -> list[Submission]:
    """Give each submission its register with the meter, for the words of the letter."""
    found: Mapping[UUID, Register] = Register.objects.select_related("meter").in_bulk(
        [submission.register_id for submission in submissions]
    )
    for submission in submissions:
        submission.register = found[submission.register_id]
    return sorted(submissions, key=lambda one: (one.register.meter.number, one.register.tariff_number or 0))
