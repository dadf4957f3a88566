"""The office's own entrance: password, then always the second factor (TRUST 11)."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.crypto import salted_hmac

from kabinet.accounts import letters, selectors
from kabinet.accounts.models import SecondFactor, SpareCode, Specialist, StaffSession, User
from kabinet.accounts.rules import factors
from kabinet.accounts.rules.staff import HALF_WAY, LONGEST
from kabinet.accounts.services import tries
from kabinet.accounts.services.sign_in import SignInRefused, owner_of
from kabinet.accounts.values import Credentials, Place
from kabinet.infra import audit, limits, mail
from kabinet.infra.db import step, use_case
from kabinet.infra.limits import Limit
from kabinet.kernel.actors import Actor, ActorKind, Channel
from kabinet.providers import values as policy
from kabinet.providers.models import Provider

FACTOR_TRIES: Final = Limit("office_factor", 5, timedelta(minutes=10))


class FactorRefused(Exception):
    """Raised for a wrong code, one that was used before, and one that is too old, all alike."""


class FactorSetAlready(Exception):
    """Raised when the second factor stands: it is passed now, not set up."""


@dataclass(frozen=True, slots=True)
class OfficeStarted:
    """An office session with the only copy of its token; spare codes are there when the factor has just been set up."""

    token: str
    session: StaffSession
    spare_codes: tuple[str, ...] = ()


def actor_of(specialist: Specialist) -> Actor:
    """Return as whom a specialist acts."""
    return Actor(ActorKind.STAFF, id=specialist.pk, provider_id=specialist.provider_id, channel=Channel.OFFICE)


def sign_in(
    given: Credentials, *, provider: Provider, place: Place, replaces: str, allowed: policy.Limits, at: datetime
) -> OfficeStarted:
    """Take the password of a specialist of this provider; to anybody else it is a wrong one."""
    by_login = Limit("office_login", allowed.wrong_sign_ins_per_login_an_hour, tries.HOUR)
    by_address = Limit("office_address", allowed.wrong_sign_ins_per_address_an_hour, tries.HOUR)
    tries.spend_address(by_address, place.address)
    limits.spend(by_login, f"{provider.pk} {given.login}")
    holder = User.objects.with_email(given.login).first()
    started = _half_way(owner_of(given, user=holder), provider=provider, place=place, replaces=replaces, at=at)
    limits.give_back(by_login, f"{provider.pk} {given.login}")
    tries.give_back_address(by_address, place.address)
    return started


def set_factor(waiting: StaffSession, code: str, *, place: Place, at: datetime) -> OfficeStarted:
    """Confirm the telephone by its first code; gives spare codes, which are shown once and kept hashed."""
    limits.spend(FACTOR_TRIES, str(waiting.specialist_id))
    started = _set_factor(waiting, code, place=place, at=at)
    if started is None:
        raise FactorRefused
    limits.give_back(FACTOR_TRIES, str(waiting.specialist_id))
    return started


def pass_factor(waiting: StaffSession, code: str, *, place: Place, at: datetime) -> OfficeStarted:
    """Open the office by a code of the telephone, or by a spare one."""
    limits.spend(FACTOR_TRIES, str(waiting.specialist_id))
    started = _pass_factor(waiting, code, place=place, at=at)
    if started is None:
        raise FactorRefused
    limits.give_back(FACTOR_TRIES, str(waiting.specialist_id))
    return started


@use_case
def note_seen(session: StaffSession, *, at: datetime) -> None:
    """Write down that the session is in use."""
    StaffSession.objects.filter(pk=session.pk).update(seen_at=at)


@use_case
def look_for(session: StaffSession, phrase: str) -> None:
    """Remember what is looked for with the session, where no log and no history of addresses has it."""
    StaffSession.objects.filter(pk=session.pk).update(phrase=phrase[:120])


@step
def forget_phrases(provider_ids: Collection[UUID]) -> None:
    """Forget what the offices looked for last: it may name somebody who has just been erased."""
    StaffSession.objects.filter(specialist__provider_id__in=provider_ids).exclude(phrase="").update(phrase="")


@use_case
def sign_out(session: StaffSession, *, by: Actor) -> None:
    StaffSession.objects.filter(pk=session.pk).delete()
    audit.record("staff.signed_out", session.specialist, before=str(session.public_id), after=None, by=by)


@use_case
def renew_spare_codes(session: StaffSession, code: str, *, by: Actor, at: datetime) -> tuple[str, ...] | None:
    """Make spare codes in place of those before, against a fresh code of the telephone; None for a wrong one."""
    factor = SecondFactor.objects.select_for_update().get(specialist_id=session.specialist_id)
    if not _is_taken(factor, code, at=at):
        audit.record("staff.factor_refused", session.specialist, before=None, after=None, by=by)
        return None
    audit.record("staff.spare_codes_renewed", session.specialist, before=None, after=None, by=by)
    return _make_spare_codes(session.specialist, at=at)


@use_case
def _half_way(verified: User, *, provider: Provider, place: Place, replaces: str, at: datetime) -> OfficeStarted:
    """Begin a session that opens nothing yet, and see to it that there is a factor to set up."""
    user = User.objects.select_for_update(no_key=True).get(pk=verified.pk)
    specialist = Specialist.objects.active().filter(user=user, provider=provider).first()
    if specialist is None or user.password != verified.password:
        raise SignInRefused
    SecondFactor.objects.get_or_create(specialist=specialist)
    StaffSession.objects.filter(key=replaces).delete()
    audit.record("staff.password_passed", specialist, before=None, after=None, by=actor_of(specialist))
    return _begin(specialist, place=place, at=at, is_open=False)


@use_case
def _set_factor(waiting: StaffSession, code: str, *, place: Place, at: datetime) -> OfficeStarted | None:
    factor = SecondFactor.objects.select_for_update().get(specialist_id=waiting.specialist_id)
    if factor.confirmed_at is not None:
        raise FactorSetAlready
    specialist, by = waiting.specialist, actor_of(waiting.specialist)
    if not _is_taken(factor, code, at=at):
        audit.record("staff.factor_refused", specialist, before=None, after=None, by=by)
        return None
    factor.confirmed_at = at
    factor.save(update_fields=["confirmed_at"])
    audit.record("staff.factor_set", specialist, before=None, after=None, by=by)
    return _open(waiting, place=place, spare_codes=_make_spare_codes(specialist, at=at), at=at)


@use_case
def _pass_factor(waiting: StaffSession, code: str, *, place: Place, at: datetime) -> OfficeStarted | None:
    """Open the session; None takes nothing back, so that the refusal stays written down."""
    factor = SecondFactor.objects.select_for_update().get(specialist_id=waiting.specialist_id)
    is_spare = factors.is_spare(code)
    is_right = _is_spent(waiting.specialist, code, at=at) if is_spare else _is_taken(factor, code, at=at)
    if factor.confirmed_at is None or not is_right:
        by = actor_of(waiting.specialist)
        audit.record("staff.factor_refused", waiting.specialist, before=None, after={"spare": is_spare}, by=by)
        return None
    return _open(waiting, place=place, spare_codes=(), at=at)


@step
def _is_taken(factor: SecondFactor, code: str, *, at: datetime) -> bool:
    """Use the step of a right code up, so that who looked over the shoulder cannot type it again."""
    used = factors.step_of(factor.secret, code, at=at, after=factor.last_step)
    if used is None:
        return False
    factor.last_step = used
    factor.save(update_fields=["last_step"])
    return True


@step
def _is_spent(specialist: Specialist, code: str, *, at: datetime) -> bool:
    """Use a spare code up; its owner is told by letter."""
    live = SpareCode.objects.filter(specialist=specialist, used_at=None, code_hash=_hash(specialist.pk, code))
    if not live.update(used_at=at):
        return False
    audit.record("staff.spare_code_used", specialist, before=None, after=None, by=actor_of(specialist))
    left = SpareCode.objects.filter(specialist=specialist, used_at=None).count()
    if specialist.user.email:
        mail.post(letters.spare_code_used(specialist.user, provider=specialist.provider, left=left))
    return True


@step
def _open(waiting: StaffSession, *, place: Place, spare_codes: tuple[str, ...], at: datetime) -> OfficeStarted:
    """Go on under a new token: whoever knew the waiting one has nothing."""
    StaffSession.objects.filter(pk=waiting.pk).delete()
    started = _begin(waiting.specialist, place=place, at=at, is_open=True)
    by = actor_of(waiting.specialist)
    audit.record("staff.signed_in", waiting.specialist, before=None, after=str(started.session.public_id), by=by)
    return OfficeStarted(started.token, started.session, spare_codes)


@step
def _begin(specialist: Specialist, *, place: Place, at: datetime, is_open: bool) -> OfficeStarted:
    token = secrets.token_urlsafe(32)
    session = StaffSession.objects.create(
        key=selectors.key_of(token),
        specialist=specialist,
        started_at=at,
        seen_at=at,
        expires_at=at + (LONGEST if is_open else HALF_WAY),
        factor_passed_at=at if is_open else None,
        address=place.address[:45],
        agent=place.agent[:300],
    )
    return OfficeStarted(token, session)


@step
def _make_spare_codes(specialist: Specialist, *, at: datetime) -> tuple[str, ...]:
    SpareCode.objects.filter(specialist=specialist).delete()
    codes = tuple(
        "".join(secrets.choice(factors.SPARE_SIGNS) for _ in range(factors.SPARE_LENGTH))
        for _ in range(factors.SPARE_CODES)
    )
    SpareCode.objects.bulk_create(
        SpareCode(specialist=specialist, code_hash=_hash(specialist.pk, code), made_at=at) for code in codes
    )
    return tuple(factors.shown_spare(code) for code in codes)


def _hash(specialist_id: UUID, code: str) -> str:
    value = f"{specialist_id} {factors.normal_spare(code)}"
    return salted_hmac("kabinet.accounts.spare_codes", value, algorithm="sha256").hexdigest()
