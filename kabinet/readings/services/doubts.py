"""The office looks at doubtful readings, each once (READ-09)."""

from datetime import datetime
from uuid import UUID

from kabinet.accounts.services.specialists import require_duty
from kabinet.accounts.values import StaffAction
from kabinet.infra import audit
from kabinet.infra.db import step, use_case
from kabinet.kernel.actors import Actor
from kabinet.readings.models import DoubtfulReading
from kabinet.readings.values.household import DoubtState


class DoubtUnknown(Exception):
    """Raised when the provider has no such doubtful reading."""


class LookedAt(Exception):
    """Raised when a colleague was faster; says what he did."""

    def __init__(self, state: DoubtState) -> None:
        super().__init__(state)
        self.state = state


@use_case
def look_at(doubt_id: UUID, *, provider_id: UUID, by: Actor, at: datetime) -> DoubtfulReading:
    """Mark a doubtful reading as looked at: nothing is to be asked."""
    doubt = hold(doubt_id, provider_id=provider_id, by=by)
    return settle(doubt, DoubtState.LOOKED_AT, by=by, at=at)


@step
def hold(doubt_id: UUID, *, provider_id: UUID, by: Actor) -> DoubtfulReading:
    """Hold a doubt that nobody has looked at yet."""
    require_duty(by, provider_id=provider_id, action=StaffAction.LOOK_AT_READINGS)
    found = DoubtfulReading.objects.select_for_update(of=("self",)).select_related("contract", "register__meter")
    doubt = found.filter(pk=doubt_id, contract__provider_id=provider_id).first()
    if doubt is None:
        raise DoubtUnknown
    if doubt.state != DoubtState.NEW:
        raise LookedAt(DoubtState(doubt.state))
    return doubt


@step
def settle(doubt: DoubtfulReading, state: DoubtState, *, by: Actor, at: datetime, ticket: str = "") -> DoubtfulReading:
    """Write down what became of a held doubt."""
    doubt.state, doubt.state_at, doubt.looked_by, doubt.ticket = state, at, by.id, ticket
    doubt.save(update_fields=["state", "state_at", "looked_by", "ticket"])
    audit.record("readings.doubt_settled", doubt, before="new", after=state, by=by, contract_id=doubt.contract_id)
    return doubt
