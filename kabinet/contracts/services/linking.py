"""A contract comes into a person's cabinet, and leaves it (CON-01, CON-04)."""

from datetime import date, datetime
from uuid import UUID

from kabinet.accounts.models import User
from kabinet.accounts.services import parts
from kabinet.contracts.models import Contract, LinkRequest, Membership
from kabinet.contracts.services import expiry
from kabinet.contracts.services.access import require
from kabinet.contracts.services.guessing import WrongGuess, one_guess
from kabinet.contracts.values import Action, LinkByInn, LinkProblem, Role
from kabinet.infra import audit, events
from kabinet.infra.db import step, use_case
from kabinet.kernel.actors import Actor
from kabinet.providers import values as policy


class LinkRefused(Exception):
    """Raised when a contract may not come into the cabinet; one problem stands for all that may not be told."""

    def __init__(self, problem: LinkProblem) -> None:
        super().__init__(problem)
        self.problem = problem


class NothingFound(LinkRefused, WrongGuess):
    """Raised for a contract that is not there and for facts that are not right: one answer for both."""

    def __init__(self) -> None:
        super().__init__(LinkProblem.NOT_FOUND)


def link_by_inn(
    wanted: LinkByInn, *, address: str, allowed: policy.Limits, by: Actor, at: datetime, today: date
) -> Contract:
    """Link the contract of an INN and a number; wrong guesses are limited for the user and for the address."""
    with one_guess(user=f"{by.provider} {by.person}", address=address, allowed=allowed):
        return _link(wanted, by=by, at=at, today=today)


@use_case
def _link(wanted: LinkByInn, *, by: Actor, at: datetime, today: date) -> Contract:
    user = parts.hold(by.person, provider_id=by.provider).user
    if user.email_confirmed_at is None:
        raise LinkRefused(LinkProblem.EMAIL_UNCONFIRMED)
    contract = _find(wanted, by=by, today=today)
    join(user, contract, by=by, at=at)
    return contract


@step
def join(user: User, contract: Contract, *, by: Actor, at: datetime) -> Membership:
    """Give the person who links a contract the role of «Руководитель», also beside an Администратор (ROLE-01)."""
    expiry.end_expired(Membership.objects.filter(user=user, contract=contract), by=by, at=at)
    if Membership.objects.filter(user=user, contract=contract, ended_at=None).exists():
        raise LinkRefused(LinkProblem.ALREADY_LINKED)
    membership = Membership.objects.create(
        user=user, contract=contract, role=Role.MANAGER, granted_at=at, granted_by=user.pk
    )
    audit.record("contracts.linked", membership, before=None, after=membership.role, by=by, contract_id=contract.pk)
    events.emit(
        "contracts.linked",
        provider_id=contract.provider_id,
        contract_id=contract.pk,
        payload={"membership": str(membership.pk), "user": str(user.pk)},
        at=at,
    )
    return membership


def _find(wanted: LinkByInn, *, by: Actor, today: date) -> Contract:
    """Return the one contract that the pair names; a number that several share is as good as unknown."""
    found = list(
        Contract.objects.current(today).filter(provider_id=by.provider, inn=wanted.inn, number_key=wanted.number_key)[
            :2
        ]
    )
    if len(found) != 1:
        raise NothingFound
    return found[0]


@use_case
def unlink(contract: Contract, *, by: Actor, at: datetime) -> None:
    """End this person's link; the contract and colleagues' links stay."""
    end_link(require(by, contract, Action.UNLINK, at=at), by=by, at=at)


@step
def unlink_all(user_id: UUID, *, provider_id: UUID, by: Actor, at: datetime) -> int:
    """End every link of a person with the provider's contracts, and forget those asked for; return how many ended."""
    LinkRequest.objects.filter(user_id=user_id, provider_id=provider_id).delete()
    live = Membership.objects.filter(user_id=user_id, contract__provider_id=provider_id, ended_at=None)
    held = live.select_for_update(of=("self",)).select_related("contract").order_by("pk")
    return len([end_link(membership, by=by, at=at) for membership in held])


@step
def end_link(membership: Membership, *, by: Actor, at: datetime) -> None:
    """End a link that is held."""
    contract = membership.contract
    membership.ended_at = at
    membership.save(update_fields=["ended_at"])
    audit.record("contracts.unlinked", membership, before=membership.role, after=None, by=by, contract_id=contract.pk)
    events.emit(
        "contracts.unlinked",
        provider_id=contract.provider_id,
        contract_id=contract.pk,
        payload={"membership": str(membership.pk), "user": str(membership.user_id)},
        at=at,
    )
