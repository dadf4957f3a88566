"""What may be done with a ticket, and what it becomes by that."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from kabinet.kernel.actors import Actor, ActorKind
from kabinet.tickets.values import Deed, Status

_OPEN: Final = (Status.NEW, Status.IN_WORK, Status.ANSWERED)
_BECOMES: Final[Mapping[Deed, Mapping[Status, Status]]] = {
    # Whoever writes on after an answer waits again.
    Deed.REPLY: {Status.NEW: Status.NEW, Status.IN_WORK: Status.IN_WORK, Status.ANSWERED: Status.IN_WORK},
    Deed.TAKE: {Status.NEW: Status.IN_WORK},
    Deed.NOTE: {status: status for status in Status},
    Deed.ANSWER: dict.fromkeys(_OPEN, Status.ANSWERED),
    Deed.CLOSE: dict.fromkeys(_OPEN, Status.CLOSED),
}


def status_after(deed: Deed, status: Status) -> Status | None:
    """Return what the ticket becomes; None means that it cannot be done in this state."""
    return _BECOMES[deed].get(status)


def may_work(by: Actor, *, provider_id: UUID) -> bool:
    """Say whether the actor is of the provider's office."""
    return by.kind is ActorKind.STAFF and by.provider_id == provider_id


def may_publish(by: Actor, *, provider_id: UUID) -> bool:
    """Say whether the actor may change the provider's topics: the office, or a job that fills it."""
    return by.kind in {ActorKind.STAFF, ActorKind.JOB} and by.provider_id == provider_id
