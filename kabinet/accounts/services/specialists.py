"""Specialists of a provider: appointed from the command line, held to their duties by one door (STAFF-01)."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kabinet.accounts.models import SecondFactor, SpareCode, Specialist, StaffSession, User
from kabinet.accounts.rules import staff as rules
from kabinet.accounts.values import NewSpecialist, StaffAction, StaffRole
from kabinet.infra import audit
from kabinet.infra.db import step, use_case
from kabinet.kernel.actors import Actor, ActorKind
from kabinet.providers.models import Provider


class NotOfTheOffice(Exception):
    """Raised when the actor does not work for the provider now: the same to him as what does not exist."""


class DutyNotGiven(Exception):
    """Raised when a specialist's roles lack the duty; it says which, so that he can be told whom to ask."""

    def __init__(self, action: StaffAction) -> None:
        super().__init__(action)
        self.action = action


class AlreadySpecialist(Exception):
    """Raised when the person works in the office already."""


@dataclass(frozen=True, slots=True)
class Appointed:
    """A new specialist; the one-time password is there for who had no user, and is kept nowhere."""

    specialist: Specialist
    password: str | None


@step
def require_duty(by: Actor, *, provider_id: UUID, action: StaffAction) -> Specialist:
    """Return the specialist whose roles give the duty, held for the use case, so that dismissal waits or wins."""
    if by.kind is not ActorKind.STAFF or by.provider_id != provider_id:
        raise NotOfTheOffice
    active = Specialist.objects.active().filter(pk=by.person, provider_id=provider_id)
    specialist = active.select_for_update(of=("self",), no_key=True).first()
    if specialist is None:
        raise NotOfTheOffice
    if not rules.may(specialist.held, action):
        raise DutyNotGiven(action)
    return specialist


@use_case
def appoint(wanted: NewSpecialist, *, provider: Provider, by: Actor, at: datetime) -> Appointed:
    """Let a person work in the office; whoever has a user keeps its password, others get one that works once."""
    user = User.objects.with_email(wanted.email).select_for_update(no_key=True).first()
    password = None if user else secrets.token_urlsafe(12)
    if user is None:
        user = _user_of(wanted, password=password or "", at=at)
    if Specialist.objects.filter(user=user, provider=provider).exists():
        raise AlreadySpecialist
    specialist = Specialist.objects.create(
        user=user,
        provider=provider,
        roles=sorted(wanted.roles),
        begins_at=at,
        created_at=at,
        created_by=by.id,
    )
    audit.record("staff.appointed", specialist, before=None, after={"roles": specialist.roles}, by=by)
    return Appointed(specialist, password)


@use_case
def give_roles(specialist_id: UUID, roles: frozenset[StaffRole], *, provider: Provider, by: Actor) -> Specialist:
    """Put other roles in place of those held; also who was dismissed may come back by it."""
    specialist = _locked(specialist_id, provider=provider)
    before = {"roles": specialist.roles, "ended": specialist.ends_at is not None}
    specialist.roles, specialist.ends_at = sorted(roles), None
    specialist.save(update_fields=["roles", "ends_at"])
    audit.record("staff.roles_given", specialist, before=before, after={"roles": specialist.roles}, by=by)
    return specialist


@use_case
def dismiss(specialist_id: UUID, *, provider: Provider, by: Actor, at: datetime) -> Specialist:
    """End the work in the office, at once in every browser; the person's part as a customer stays."""
    specialist = _locked(specialist_id, provider=provider)
    specialist.ends_at = at
    specialist.save(update_fields=["ends_at"])
    StaffSession.objects.filter(specialist=specialist).delete()
    audit.record("staff.dismissed", specialist, before={"roles": specialist.roles}, after=None, by=by)
    return specialist


@use_case
def hand_over_factor(specialist_id: UUID, *, provider: Provider, by: Actor, at: datetime) -> str:
    """Set the second factor up for a specialist and return its secret, to be put into a device that is handed over."""
    specialist = _locked(specialist_id, provider=provider)
    factor, _ = SecondFactor.objects.get_or_create(specialist=specialist)
    factor.confirmed_at = factor.confirmed_at or at
    factor.save(update_fields=["confirmed_at"])
    audit.record("staff.factor_handed_over", specialist, before=None, after=None, by=by)
    return factor.secret


@use_case
def forget_factor(specialist_id: UUID, *, provider: Provider, by: Actor) -> Specialist:
    """Let a specialist who lost telephone and spare codes set up the second factor anew at the next sign-in."""
    specialist = _locked(specialist_id, provider=provider)
    SecondFactor.objects.filter(specialist=specialist).delete()
    SpareCode.objects.filter(specialist=specialist).delete()
    StaffSession.objects.filter(specialist=specialist).delete()
    audit.record("staff.factor_forgotten", specialist, before=None, after=None, by=by)
    return specialist


@step
def _locked(specialist_id: UUID, *, provider: Provider) -> Specialist:
    found = Specialist.objects.filter(pk=specialist_id, provider=provider)
    specialist = found.select_for_update(of=("self",), no_key=True).first()
    if specialist is None:
        raise NotOfTheOffice
    return specialist


@step
def _user_of(wanted: NewSpecialist, *, password: str, at: datetime) -> User:
    user = User(
        email=wanted.email,
        last_name=wanted.last_name,
        first_name=wanted.first_name,
        middle_name=wanted.middle_name,
        must_change_password=True,
        joined_at=at,
    )
    user.set_password(password)
    user.save(force_insert=True)
    return user
