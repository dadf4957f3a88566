"""A customer asks for an act of reconciliation and receives it (DOC-03)."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from kabinet.accounts.models import User
from kabinet.billing.models import ReconciliationAct
from kabinet.billing.rules.acts import period_problem
from kabinet.billing.values import ActProblem, ActState, ActWish, Delivery
from kabinet.contracts.models import Contract
from kabinet.contracts.services.access import require
from kabinet.contracts.values import Action
from kabinet.infra import audit, events, idempotency, ids, limits
from kabinet.infra.db import use_case
from kabinet.infra.limits import Limit
from kabinet.kernel.actors import Actor

# Billing prepares acts by hand or by night: what one person asks for in a day is bounded.
PER_PERSON_A_DAY: Final = Limit("acts_of_person", 20, timedelta(days=1))


class AskRefused(Exception):
    """Raised when an act is not asked for; says why."""

    def __init__(self, problem: ActProblem) -> None:
        super().__init__(problem)
        self.problem = problem


class NotPrepared(Exception):
    """Raised when there is no file to receive yet."""


def ask(contract: Contract, wish: ActWish, *, key: str, by: Actor, at: datetime, today: date) -> ReconciliationAct:
    """Ask billing for an act of these days; the same key is one request."""
    if problem := period_problem(wish.since, wish.until, today=today):
        raise AskRefused(problem)
    person = f"{by.provider_id} {by.id}"
    limits.spend(PER_PERSON_A_DAY, person)
    try:
        return _ask(contract, wish, key=key, by=by, at=at)
    except AskRefused:
        limits.give_back(PER_PERSON_A_DAY, person)
        raise


@use_case
def _ask(contract: Contract, wish: ActWish, *, key: str, by: Actor, at: datetime) -> ReconciliationAct:
    membership = require(by, contract, Action.ASK_FOR_RECONCILIATION, at=at)
    body = {
        "act_of": str(contract.pk),
        "since": wish.since.isoformat(),
        "until": wish.until.isoformat(),
        "delivery": wish.delivery,
    }
    result = idempotency.once(
        key, body=body, by=by, act=lambda: _request(contract, wish, asker=membership.user, by=by, at=at)
    )
    return ReconciliationAct.objects.get(pk=result["act"])


def _request(contract: Contract, wish: ActWish, *, asker: User, by: Actor, at: datetime) -> dict[str, Any]:
    if wish.delivery is Delivery.EMAIL and asker.email_confirmed_at is None:
        raise AskRefused(ActProblem.EMAIL_UNCONFIRMED)
    # Two people of one contract who ask at the same moment wait here for each other.
    Contract.objects.select_for_update(no_key=True).get(pk=contract.pk)
    days = {"contract": contract, "since": wish.since, "until": wish.until}
    if ReconciliationAct.objects.filter(**days, state=ActState.REQUESTED).exists():
        raise AskRefused(ActProblem.ALREADY_ASKED)
    act = ReconciliationAct.objects.create(
        id=ids.new(), **days, delivery=wish.delivery, asked_by=asker, asked_at=at, state_at=at
    )
    after = {"since": wish.since.isoformat(), "until": wish.until.isoformat(), "delivery": wish.delivery}
    audit.record("billing.act_requested", act, before=None, after=after, by=by, contract_id=contract.pk)
    events.emit(
        "billing.act_requested",
        provider_id=contract.provider_id,
        contract_id=contract.pk,
        payload={"request": str(act.pk), "contract": contract.external_id, "asked_at": at.isoformat(), **after},
        at=at,
    )
    return {"act": str(act.pk)}


@use_case
def receive(act: ReconciliationAct, *, by: Actor, at: datetime) -> ReconciliationAct:
    """Hand the act's file over: the first time it becomes received, each time it is written down who took it."""
    require(by, act.contract, Action.ASK_FOR_RECONCILIATION, at=at)
    held = (
        ReconciliationAct.objects.select_for_update(of=("self",))
        .select_related("file__stored", "contract")
        .get(pk=act.pk)
    )
    if held.file is None:
        raise NotPrepared
    before = held.state
    if before == ActState.PREPARED:
        held.state, held.state_at = ActState.RECEIVED, at
        held.save(update_fields=["state", "state_at"])
    audit.record("billing.act_received", held, before=before, after=held.state, by=by, contract_id=held.contract_id)
    return held
