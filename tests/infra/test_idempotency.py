"""A repeated act is one act (TRUST 2, I2)."""

import time
from uuid import UUID

import pytest
from django.db import IntegrityError

from kabinet.infra import idempotency, ids
from kabinet.infra.db import use_case
from kabinet.infra.idempotency import BadKey, KeyReused
from kabinet.infra.models import HandlerCursor, IdempotencyKey
from kabinet.kernel.actors import Actor, ActorKind

ANNA = Actor(ActorKind.CUSTOMER, id=UUID(int=7))
BORIS = Actor(ActorKind.CUSTOMER, id=UUID(int=8))
NOBODY = Actor(ActorKind.ANONYMOUS)


@use_case
def send(key="k", *, body="00240", by=ANNA, seconds=0.0):
    return idempotency.once(key, body=body, by=by, act=lambda: act(seconds))


def act(seconds=0.0):
    row = HandlerCursor.objects.create(handler=str(ids.new()), seq=1)
    time.sleep(seconds)
    return {"row": row.pk}


@use_case
def send_and_refuse(key="k"):
    def refuse():
        act()
        raise LookupError

    idempotency.once(key, body="00240", by=ANNA, act=refuse)


@pytest.mark.django_db(transaction=True)
def test_twenty_equal_at_once_are_one_act(at_once):
    results = at_once(lambda _: send(seconds=0.1), 20)

    assert len({result["row"] for result in results}) == 1
    assert HandlerCursor.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_unequal_at_once_are_one_act_and_nineteen_refusals(at_once):
    results = at_once(lambda number: send(body=str(number), seconds=0.1), 20)

    accepted = [result for result in results if isinstance(result, dict)]
    refused = [result for result in results if isinstance(result, KeyReused)]
    assert len(accepted) == 1
    assert [refusal.accepted for refusal in refused] == accepted * 19
    assert HandlerCursor.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_waiting_repetition_acts_when_the_first_is_refused(at_once):
    def first_refused_then_sent(number):
        if number == 0:
            return send_and_refuse()
        time.sleep(0.05)
        return send()

    refused, sent = at_once(first_refused_then_sent, 2)

    assert isinstance(refused, LookupError)
    assert HandlerCursor.objects.get().pk == sent["row"]


@pytest.mark.django_db
def test_repetition_returns_the_first_result():
    assert send() == send()
    assert HandlerCursor.objects.count() == 1


@pytest.mark.django_db
def test_other_body_is_told_what_was_accepted():
    first = send()

    with pytest.raises(KeyReused) as caught:
        send(body="00241")

    assert caught.value.accepted == first
    assert HandlerCursor.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_refused_act_keeps_its_key_free():
    with pytest.raises(LookupError):
        send_and_refuse()

    assert not IdempotencyKey.objects.exists()
    assert send(body="another")


@pytest.mark.django_db
def test_key_is_each_persons_own():
    assert send() != send(by=BORIS)


@pytest.mark.django_db
def test_visitor_without_a_name_repeats_by_his_key_alone():
    assert send(by=NOBODY) == send(by=NOBODY)
    assert send(by=NOBODY) != send(by=ANNA)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "k" * 81])
def test_key_that_binds_nothing_is_refused(key):
    with pytest.raises(BadKey):
        send(key)


@pytest.mark.django_db
def test_table_forbids_one_key_twice():
    """The database holds idempotency_key_once."""
    send()

    with pytest.raises(IntegrityError, match="idempotency_key_once"):
        IdempotencyKey.objects.create(
            actor_kind=ANNA.kind, actor_id=ANNA.id, key="k", body_hash="", bound_at="2026-10-08T09:00Z"
        )
