"""The numbered feed to billing: given again until it is acknowledged (BILL-02, I7)."""

from datetime import datetime

from kabinet.exchange import selectors
from kabinet.exchange.models import Message, Partner
from kabinet.exchange.services import journal
from kabinet.exchange.values.wire import Acknowledged
from kabinet.infra import audit
from kabinet.infra.db import use_case
from kabinet.infra.models import Event
from kabinet.infra.staging import run
from kabinet.kernel.actors import Actor
from kabinet.readings.services import answers


class NotGiven(Exception):
    """Raised when billing names a number that it has not been given; says which one was the last."""

    def __init__(self, given: int) -> None:
        super().__init__(given)
        self.given = given


@use_case
def give(partner: Partner, *, after: int | None, limit: int, at: datetime) -> list[Event]:
    """Return what follows a number, or the acknowledged one; journal what goes out for the first time."""
    held = Partner.objects.select_for_update().get(pk=partner.pk)
    start = held.acknowledged_seq if after is None else after
    # Skipping would let a later acknowledgement vouch for what was never read.
    if start > held.given_seq:
        raise NotGiven(held.given_seq)
    events = selectors.feed_of(held, after=start, upto=None, limit=limit)
    if fresh := [event for event in events if (event.seq or 0) > held.given_seq]:
        journal.write_given(held, fresh)
        held.given_seq = fresh[-1].seq or 0
    held.heard_at = at
    held.save(update_fields=["given_seq", "heard_at"])
    return events


@use_case
def acknowledge(partner: Partner, *, upto: int, by: Actor, at: datetime) -> Acknowledged:
    """Move the cursor forward, never back; what it passes over is with billing now."""
    held = Partner.objects.select_for_update().get(pk=partner.pk)
    if upto > held.given_seq:
        raise NotGiven(held.given_seq)
    if upto <= held.acknowledged_seq:
        return Acknowledged(acknowledged=held.acknowledged_seq, passed=0)
    before = held.acknowledged_seq
    passed = _pass_on(held, upto=upto, at=at)
    held.acknowledged_seq, held.acknowledged_at, held.heard_at = upto, at, at
    held.save(update_fields=["acknowledged_seq", "acknowledged_at", "heard_at"])
    answer = Acknowledged(acknowledged=upto, passed=passed)
    _journal(held, answer, before=before, by=by, at=at)
    return answer


def _pass_on(partner: Partner, *, upto: int, at: datetime) -> int:
    events = selectors.feed_of(partner, after=partner.acknowledged_seq, upto=upto, limit=None)
    return sum(
        answers.pass_on(
            kind,
            [
                (event.contract_id, event.payload["submission"])
                for event in events
                if event.contract_id and event.kind == kind.sent
            ],
            at=at,
        )
        for kind in answers.KINDS
    )


def _journal(partner: Partner, answer: Acknowledged, *, before: int, by: Actor, at: datetime) -> None:
    run(
        """
        UPDATE exchange_message m SET answer = jsonb_build_object('acknowledged_at', %(at)s::timestamptz)
        FROM infra_event e
        WHERE e.provider_id = %(provider)s AND e.seq > %(before)s AND e.seq <= %(upto)s
          AND m.contract_id = e.contract_id AND m.subject = e.uid::text
          AND m.partner_id = %(partner)s AND m.direction = 'out'
        """,
        {
            "at": at,
            "provider": partner.provider_id,
            "before": before,
            "upto": answer.acknowledged,
            "partner": partner.pk,
        },
    )
    Message.objects.create(
        provider_id=partner.provider_id,
        partner=partner,
        direction=journal.IN,
        kind="acknowledgement",
        subject=str(answer.acknowledged),
        at=at,
        body={"upto": answer.acknowledged},
        answer=answer.model_dump(),
    )
    audit.record(
        "exchange.feed_acknowledged", partner, before={"seq": before}, after={"seq": answer.acknowledged}, by=by
    )
