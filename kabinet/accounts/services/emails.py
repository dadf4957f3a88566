"""Confirming an e-mail address by the code that was sent to it (REG-04, PROF-02)."""

from datetime import datetime

from kabinet.accounts.models import User
from kabinet.accounts.services import codes, sessions, tries
from kabinet.accounts.services.codes import CodeRefused
from kabinet.accounts.services.sessions import Started
from kabinet.accounts.values import Place, Purpose
from kabinet.infra import audit
from kabinet.infra.db import step, use_case
from kabinet.kernel.actors import Actor
from kabinet.providers import values as policy
from kabinet.providers.models import Provider


def confirm_email(
    email: str, code: str, *, provider: Provider, place: Place, allowed: policy.Limits, by: Actor, at: datetime
) -> None:
    """Confirm the address of whoever has it."""
    tries.spend_address(tries.wrong_codes(allowed), place.address)
    if _confirm_alone(email, code, provider=provider, by=by, at=at) is None:
        raise CodeRefused
    tries.give_back_address(tries.wrong_codes(allowed), place.address)


def confirm_and_sign_in(
    email: str,
    code: str,
    *,
    provider: Provider,
    place: Place,
    replaces: str,
    allowed: policy.Limits,
    by: Actor,
    at: datetime,
) -> Started:
    """Confirm the address in the browser that has just signed up with it, and let that browser in."""
    tries.spend_address(tries.wrong_codes(allowed), place.address)
    started = _confirm_and_begin(email, code, provider=provider, place=place, replaces=replaces, by=by, at=at)
    if started is None:
        raise CodeRefused
    tries.give_back_address(tries.wrong_codes(allowed), place.address)
    return started


def send_code_again(email: str, *, provider: Provider, place: Place, allowed: policy.Limits) -> None:
    """Send a new code, once a minute at most."""
    tries.spend_address(tries.RECOVERIES, place.address)
    tries.spend_letter(email, Purpose.CONFIRM_EMAIL, allowed=allowed)
    codes.ask_for_code(email, Purpose.CONFIRM_EMAIL, provider=provider)


@use_case
def _confirm_alone(email: str, code: str, *, provider: Provider, by: Actor, at: datetime) -> User | None:
    return _confirm(email, code, provider=provider, by=by, at=at)


@use_case
def _confirm_and_begin(
    email: str, code: str, *, provider: Provider, place: Place, replaces: str, by: Actor, at: datetime
) -> Started | None:
    user = _confirm(email, code, provider=provider, by=by, at=at)
    if user is None:
        return None
    sessions.note_browser(user, provider=provider, place=place, at=at)
    return sessions.begin(user, provider=provider, place=place, replaces=replaces, by=by, at=at)


@step
def _confirm(email: str, code: str, *, provider: Provider, by: Actor, at: datetime) -> User | None:
    """Return whose address it is; None takes nothing back, so that a wrong try stays counted."""
    user = User.objects.with_email(email).select_for_update(no_key=True).first()
    is_opened = codes.is_opened(user, Purpose.CONFIRM_EMAIL, code, provider=provider, at=at)
    if user is None or not is_opened:
        return None
    user.email_confirmed_at = at
    user.save(update_fields=["email_confirmed_at"])
    audit.record("accounts.email_confirmed", user, before=None, after=None, by=by)
    return user
