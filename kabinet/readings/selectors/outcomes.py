"""What became of the rows of a sending, told again."""

from kabinet.infra import idempotency
from kabinet.kernel.actors import Actor
from kabinet.readings.rules.fates import outcome_from
from kabinet.readings.values import Outcome


def outcomes_under(key: str, *, by: Actor) -> list[Outcome]:
    """Return the outcomes of the sending that the actor's key is bound to; none where nothing was sent under it."""
    result = idempotency.result_under(key, by=by) or {}
    return [outcome_from(row) for row in result.get("outcomes", [])]
