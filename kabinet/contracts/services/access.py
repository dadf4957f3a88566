"""The one door: what an actor may do with a contract."""

from datetime import datetime
from typing import Final, overload

from kabinet.accounts.models import Specialist
from kabinet.accounts.services.specialists import NotOfTheOffice, require_duty
from kabinet.accounts.values import StaffAction
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


@overload
def require(by: Actor, contract: Contract, action: Action, *, at: datetime) -> Membership: ...
@overload
def require(by: Actor, contract: Contract, action: StaffAction, *, at: datetime) -> Specialist: ...
def require(by: Actor, contract: Contract, action: Action | StaffAction, *, at: datetime) -> Membership | Specialist:
    """Return what allows the action, locked for the use case, so that revoking waits or wins.

    A customer's action asks for a membership that is live at the moment, a duty of the office for a specialist of
    the contract's provider.
    """
    if isinstance(action, StaffAction):
        return _specialist(by, contract, action)
    if by.kind is not ActorKind.CUSTOMER or by.provider_id != contract.provider_id:
        raise NotSeen
    membership = (
        Membership.objects.live(at)
        .select_for_update(of=("self",))
        .select_related("user")
        .filter(user_id=by.person, contract_id=contract.pk)
        .first()
    )
    if membership is None:
        raise NotSeen
    if not rights.may(Role(membership.role), action):
        raise NotAllowed(action)
    if action in NEEDS_CONFIRMED_EMAIL and membership.user.email_confirmed_at is None:
        raise EmailUnconfirmed
    return membership


def _specialist(by: Actor, contract: Contract, action: StaffAction) -> Specialist:
    try:
        return require_duty(by, provider_id=contract.provider_id, action=action)
    except NotOfTheOffice:
        raise NotSeen from None
