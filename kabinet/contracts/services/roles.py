"""Roles on a contract: the office appoints its Администратор, who gives roles to others (ROLE-01, ROLE-04, ROLE-05).

Locks in one order for everybody: the contract, the giver's role, the person, the person's role. Two who give on one
contract wait for each other, and both see what the first one did.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from kabinet.accounts.models import User
from kabinet.accounts.services.first_passwords import Addressee, user_or_invitation
from kabinet.accounts.values import StaffAction
from kabinet.contracts import letters
from kabinet.contracts.models import Contract, Membership, SupplyPoint
from kabinet.contracts.rules import roles as rules
from kabinet.contracts.services import expiry
from kabinet.contracts.services.access import NotSeen, require
from kabinet.contracts.values import Action, AppointProblem, Grant, GrantProblem, Role
from kabinet.infra import audit, events, idempotency, limits, mail
from kabinet.infra.db import step, use_case
from kabinet.infra.idempotency import Result
from kabinet.infra.limits import Limit
from kabinet.kernel.actors import Actor

HOUR: Final = timedelta(hours=1)
# Letters go to addresses that the giver types: he is no mailing machine, and nobody's mailbox is a target.
LETTERS_OF_GIVER: Final = Limit("role_letters", 100, HOUR)
LETTERS_TO_ADDRESSEE: Final = Limit("role_letters_to", 30, HOUR)


class GrantRefused(Exception):
    """Raised when a role may not be given; says which rule forbids it, and the role that is held where it is one."""

    def __init__(self, problem: GrantProblem, *, held: Membership | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.held = held


class AppointRefused(Exception):
    """Raised when the office may not make somebody the Администратор, or let him go; says why."""

    def __init__(self, problem: AppointProblem) -> None:
        super().__init__(problem)
        self.problem = problem


class OwnRole(Exception):
    """Raised when the Администратор would take away or write about his own role."""


class AlreadyTaken(NotSeen):
    """Raised when the role was taken away before and its person has no other: whoever asks again missed the answer."""


@dataclass(frozen=True, slots=True)
class Granting:
    """One press of «Назначить роль»: under which key, in which language its letter speaks to a newcomer."""

    key: str
    language: str
    by: Actor
    at: datetime
    technical_at: datetime


def grant_role(contract: Contract, grant: Grant, *, granting: Granting) -> UUID:
    """Give a person a role on the contract, in place of the one held before; return the membership's id.

    A grant without an address is for whoever holds the role that it replaces.
    """
    _spend_letter(grant.email or str(grant.replaces), by=granting.by)
    return _grant(contract, grant, granting=granting)


@use_case
def _grant(contract: Contract, grant: Grant, *, granting: Granting) -> UUID:
    held = _hold(contract, by=granting.by, at=granting.at)
    body = {
        "role_on": str(contract.pk),
        "to": grant.email or str(grant.replaces),
        "role": grant.role,
        "points": None if grant.points is None else sorted(map(str, grant.points)),
        "until": grant.expires_at.isoformat() if grant.expires_at else None,
    }
    result = idempotency.once(
        granting.key, body=body, by=granting.by, act=lambda: _give(held, grant, granting=granting)
    )
    return UUID(result["membership"])


@step
def _give(giver: Membership, grant: Grant, *, granting: Granting) -> Result:
    contract, at = giver.contract, granting.at
    problem = rules.grant_problem(
        grant,
        giver=giver.to_value(),
        is_own=bool(grant.email) and grant.email == (giver.user.email or "").lower(),
        known_points=_known(contract, grant.points or frozenset()),
        at=at,
    )
    if problem:
        raise GrantRefused(problem)
    addressee = _addressee(giver, grant, granting=granting)
    former = _held_by(addressee.user, contract, by=granting.by, at=at)
    if problem := rules.replacing_problem(
        grant, held_id=former.pk if former else None, held_role=Role(former.role) if former else None
    ):
        raise GrantRefused(problem, held=former)
    membership = _replace(former, _membership(contract, addressee.user, grant, granting=granting), by=granting.by)
    _tell(membership, addressee)
    return {"membership": str(membership.pk)}


@step
def _addressee(giver: Membership, grant: Grant, *, granting: Granting) -> Addressee:
    if grant.email:
        return user_or_invitation(
            grant.email,
            provider=giver.contract.provider,
            language=granting.language,
            by=granting.by,
            at=granting.technical_at,
        )
    if grant.replaces is None:
        raise NotSeen
    return Addressee(_other_role(giver, grant.replaces, at=granting.at).user)


def _membership(contract: Contract, user: User, grant: Grant, *, granting: Granting) -> Membership:
    return Membership(
        user=user,
        contract=contract,
        role=grant.role,
        points=None if grant.points is None else sorted(grant.points),
        granted_at=granting.at,
        granted_by=granting.by.person,
        expires_at=grant.expires_at,
    )


@step
def _replace(former: Membership | None, new: Membership, *, by: Actor) -> Membership:
    """End the role held before and write the new one beside it: both stay in the history."""
    if former:
        former.ended_at = new.granted_at
        former.save(update_fields=["ended_at"])
    new.save(force_insert=True)
    audit.record(
        "contracts.role_given",
        new,
        before=_told(former) if former else None,
        after=_told(new),
        by=by,
        contract_id=new.contract_id,
    )
    events.emit("contracts.role_given", **_event_of(new, at=new.granted_at))
    return new


@step
def _tell(membership: Membership, addressee: Addressee) -> None:
    """Write to the person; who signs in by an old login may have no address."""
    if addressee.user.email:
        mail.post(letters.role_given(membership, password=addressee.password))


@use_case
def revoke_role(contract: Contract, membership_id: UUID, *, by: Actor, at: datetime) -> Membership:
    """Take a role away; an act of that person that has begun is finished first, the next one finds nothing."""
    giver = _hold(contract, by=by, at=at)
    try:
        membership = _other_role(giver, membership_id, at=at)
    except NotSeen:
        if _is_taken(contract, membership_id, at=at):
            raise AlreadyTaken from None
        raise
    membership.ended_at = at
    membership.save(update_fields=["ended_at"])
    audit.record(
        "contracts.role_taken", membership, before=_told(membership), after=None, by=by, contract_id=contract.pk
    )
    events.emit("contracts.role_taken", **_event_of(membership, at=at))
    if membership.user.email:
        mail.post(letters.role_taken(membership))
    return membership


@use_case
def appoint_administrator(contract: Contract, user: User, *, by: Actor, at: datetime) -> Membership:
    """Make a person who holds the contract its Администратор; the role that he had is replaced."""
    return appoint(contract, user, by=by, at=at)


@step
def appoint(contract: Contract, user: User, *, by: Actor, at: datetime) -> Membership:
    """Appoint within a use case of the office's, such as the answer to who asked for it (ROLE-03)."""
    held = _locked(contract)
    require(by, held, StaffAction.APPOINT_ADMINISTRATORS, at=at)
    expiry.end_expired(Membership.objects.filter(contract=held), by=by, at=at)
    if Membership.objects.filter(contract=held, role=Role.ADMINISTRATOR, ended_at=None).exists():
        raise AppointRefused(AppointProblem.HAS_ADMINISTRATOR)
    former = _held_by(user, held, by=by, at=at)
    if former is None:
        raise AppointRefused(AppointProblem.NOT_HELD)
    return _put_by_office(former, Role.ADMINISTRATOR, contract=held, by=by, at=at)


@use_case
def dismiss_administrator(contract: Contract, *, by: Actor, at: datetime) -> Membership:
    """Make the Администратор of a contract its Руководитель again; what he gave to others stays."""
    return dismiss(contract, by=by, at=at)


@step
def dismiss(contract: Contract, *, by: Actor, at: datetime) -> Membership:
    """Dismiss within a use case of the office's."""
    held = _locked(contract)
    require(by, held, StaffAction.APPOINT_ADMINISTRATORS, at=at)
    live = Membership.objects.live(at).filter(contract=held, role=Role.ADMINISTRATOR)
    former = live.select_for_update(of=("self",)).select_related("user").first()
    if former is None:
        raise AppointRefused(AppointProblem.NOBODY)
    return _put_by_office(former, Role.MANAGER, contract=held, by=by, at=at)


@step
def _put_by_office(former: Membership, role: Role, *, contract: Contract, by: Actor, at: datetime) -> Membership:
    new = Membership(user=former.user, contract=contract, role=role, granted_at=at, granted_by=by.person)
    membership = _replace(former, new, by=by)
    _tell(membership, Addressee(membership.user))
    return membership


def repeat_letter(
    contract: Contract, membership_id: UUID, *, by: Actor, at: datetime, technical_at: datetime
) -> Membership:
    """Write about a role once more; who never came gets a new one-time password by it."""
    _spend_letter(str(membership_id), by=by)
    return _repeat_letter(contract, membership_id, by=by, at=at, technical_at=technical_at)


@use_case
def _repeat_letter(
    contract: Contract, membership_id: UUID, *, by: Actor, at: datetime, technical_at: datetime
) -> Membership:
    giver = _hold(contract, by=by, at=at)
    membership = _other_role(giver, membership_id, at=at)
    if not membership.user.email:
        raise NotSeen
    addressee = user_or_invitation(
        membership.user.email,
        provider=giver.contract.provider,
        language=membership.user.language,
        by=by,
        at=technical_at,
    )
    _tell(membership, addressee)
    audit.record("contracts.role_letter_repeated", membership, before=None, after=None, by=by, contract_id=contract.pk)
    return membership


@step
def _hold(contract: Contract, *, by: Actor, at: datetime) -> Membership:
    """Return the role by which the actor may give others, with the contract held before it."""
    held = _locked(contract)
    giver = require(by, held, Action.GRANT_ROLES, at=at)
    giver.contract = held
    return giver


@step
def _locked(contract: Contract) -> Contract:
    return Contract.objects.select_for_update(of=("self",), no_key=True).select_related("provider").get(pk=contract.pk)


@step
def _held_by(user: User, contract: Contract, *, by: Actor, at: datetime) -> Membership | None:
    """Return the role that the person has on the contract, held; one whose time is over is ended first."""
    own = Membership.objects.filter(user=user, contract=contract)
    expiry.end_expired(own, by=by, at=at)
    return own.live(at).select_for_update(of=("self",)).select_related("user").first()


@step
def _other_role(giver: Membership, membership_id: UUID, *, at: datetime) -> Membership:
    """Return somebody else's live role on the contract, held."""
    if membership_id == giver.pk:
        raise OwnRole
    live = Membership.objects.live(at).filter(contract_id=giver.contract_id, pk=membership_id)
    membership = live.select_for_update(of=("self",)).select_related("user").first()
    if membership is None:
        raise NotSeen
    membership.contract = giver.contract
    return membership


def _is_taken(contract: Contract, membership_id: UUID, *, at: datetime) -> bool:
    """Say whether the role is one of the contract's, and its person is without any by now."""
    people = Membership.objects.live(at).filter(contract=contract).values("user")
    return Membership.objects.filter(contract=contract, pk=membership_id).exclude(user__in=people).exists()


def _known(contract: Contract, points: frozenset[UUID]) -> set[UUID]:
    return set(SupplyPoint.objects.filter(contract=contract, pk__in=points).values_list("pk", flat=True))


def _told(membership: Membership) -> Result:
    """Return what history keeps of a role: codes and figures."""
    told: Result = {"role": membership.role, "points": None if membership.points is None else len(membership.points)}
    return told | ({"until": membership.expires_at.isoformat()} if membership.expires_at else {})


def _event_of(membership: Membership, *, at: datetime) -> dict[str, Any]:
    return {
        "provider_id": membership.contract.provider_id,
        "contract_id": membership.contract_id,
        "payload": {"membership": str(membership.pk), "user": str(membership.user_id)},
        "at": at,
    }


def _spend_letter(addressee: str, *, by: Actor) -> None:
    """Count the letter, whether or not somebody has the address: the answer must not tell."""
    limits.spend(LETTERS_OF_GIVER, f"{by.provider} {by.person}")
    limits.spend(LETTERS_TO_ADDRESSEE, addressee)
