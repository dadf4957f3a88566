"""The office helps a person back in: it sets the address and starts the usual recovery, never a password (REG-06)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.contrib.auth.hashers import make_password

from kabinet.accounts import letters
from kabinet.accounts.models import Enrollment, OneTimeSecret, Specialist, User
from kabinet.accounts.services import codes, sessions
from kabinet.accounts.services.specialists import require_duty
from kabinet.accounts.values import Purpose, RecoveryProblem, StaffAction
from kabinet.infra import audit, limits, mail
from kabinet.infra.db import step, use_case
from kabinet.infra.idempotency import Result, once
from kabinet.infra.limits import Limit
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider

RECOVERIES: Final = Limit("office_recoveries", 30, timedelta(hours=1))


class RecoveryRefused(Exception):
    """Raised when the office may not help this person; says why as far as it may be told."""

    def __init__(self, problem: RecoveryProblem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Recovery:
    """Whom to help; `email` is the new address, or empty where the one that stands is right."""

    user_id: UUID
    email: str = ""


def recover_account(wanted: Recovery, *, provider: Provider, key: str, by: Actor, at: datetime) -> None:
    """End the person's sessions and send a code to the address, a new one if need be; the former address is told."""
    limits.spend(RECOVERIES, str(by.id))
    _recover(wanted, provider=provider, key=key, by=by, at=at)


@use_case
def _recover(wanted: Recovery, *, provider: Provider, key: str, by: Actor, at: datetime) -> None:
    require_duty(by, provider_id=provider.pk, action=StaffAction.RECOVER_ACCOUNTS)

    def act() -> Result:
        _require_ours(wanted.user_id, provider=provider)
        _help(wanted, provider=provider, by=by, at=at)
        return {"user": str(wanted.user_id)}

    once(key, body=[str(wanted.user_id), wanted.email], by=by, act=act)


@use_case
def recover_by_operator(wanted: Recovery, *, provider: Provider, by: Actor, at: datetime) -> None:
    """Help anybody: the operator of the installation answers for all providers."""
    _help(wanted, provider=provider, by=by, at=at)


@step
def _help(wanted: Recovery, *, provider: Provider, by: Actor, at: datetime) -> None:
    user = User.objects.select_for_update(no_key=True).get(pk=wanted.user_id)
    if wanted.email:
        _replace_address(user, wanted.email, provider=provider, by=by)
    elif not user.email:
        raise RecoveryRefused(RecoveryProblem.NO_ADDRESS)
    _start(user, provider=provider, by=by, at=at)


@step
def _require_ours(user_id: UUID, *, provider: Provider) -> None:
    """Refuse who is not ours alone: one user has the way in everywhere, and staff must not help itself to staff's."""
    enrolled = Enrollment.objects.filter(user_id=user_id, closed_at=None)
    is_ours = enrolled.filter(provider=provider).exists() and not enrolled.exclude(provider=provider).exists()
    if not is_ours or Specialist.objects.filter(user_id=user_id).exists():
        raise RecoveryRefused(RecoveryProblem.NOT_HERE)


@step
def _replace_address(user: User, email: str, *, provider: Provider, by: Actor) -> None:
    """Put the new address in place; with it goes the password, which may be known to whoever reads the former one."""
    former = user.email
    if former == email:
        raise RecoveryRefused(RecoveryProblem.SAME_ADDRESS)
    if User.objects.with_email(email).exclude(pk=user.pk).exists():
        raise RecoveryRefused(RecoveryProblem.ADDRESS_TAKEN)
    user.email, user.email_confirmed_at, user.password = email, None, make_password(None)
    user.save(update_fields=["email", "email_confirmed_at", "password"])
    audit.record("accounts.email_replaced", user, before=None, after=None, by=by)
    if former:
        mail.post(letters.address_replaced(user, former=former, provider=provider))


@step
def _start(user: User, *, provider: Provider, by: Actor, at: datetime) -> None:
    sessions.end_others(user, keep=None)
    # An address that waited for its code was asked for by whoever was in; he may not be the person.
    OneTimeSecret.objects.filter(user=user, used_at=None).update(used_at=at)
    OneTimeSecret.objects.filter(user=user, purpose=Purpose.CHANGE_EMAIL, used_at=None).update(used_at=at)
    codes.write_code(user, Purpose.RECOVER_PASSWORD, provider=provider, at=at)
    audit.record("accounts.recovery_started", user, before=None, after=None, by=by)
