"""The one door: what an actor may do with a contract."""

from typing import Final

from kabinet.contracts.models import Contract, Membership
from kabinet.contracts.rules import rights
from kabinet.contracts.values import Action, Role
from kabinet.kernel.actors import Actor, ActorKind


class NotSeen(Exception):
    """Raised when the actor has no sight of the contract: the same to him as a contract that does not exist."""


class NotAllowed(Exception):
    """Raised when the actor sees the contract but his role lacks the right."""

    def __init__(self, action: Action) -> None:
        super().__init__(action)
        self.action = action


class EmailUnconfirmed(Exception):
    """Raised when the act waits until the actor's address is confirmed (REG-01, REG-04)."""


NEEDS_CONFIRMED_EMAIL: Final = frozenset({Action.SEND_READINGS, Action.PAY})


def require(by: Actor, contract: Contract, action: Action) -> Membership:
    """Return the live membership that allows the action, locked for the use case, so that revoking waits or wins."""
    if by.kind is not ActorKind.CUSTOMER or by.provider_id != contract.provider_id:
        raise NotSeen
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(user_id=by.person, contract_id=contract.pk, ended_at=None)
        .first()
    )
    if membership is None:
        raise NotSeen
    if not rights.may(Role(membership.role), action):
        raise NotAllowed(action)
    if action in NEEDS_CONFIRMED_EMAIL and membership.user.email_confirmed_at is None:
        raise EmailUnconfirmed
    return membership
