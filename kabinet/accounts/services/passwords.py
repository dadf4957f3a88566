"""A password made anew: by the code of a letter (REG-06), or by the one before (REG-07)."""

from datetime import datetime

from django.contrib.auth.hashers import make_password

from kabinet.accounts import letters
from kabinet.accounts.models import OneTimeSecret, Session, StaffSession, User
from kabinet.accounts.rules.passwords import normal_password
from kabinet.accounts.services import codes, sessions, tries
from kabinet.accounts.services.codes import CodeRefused
from kabinet.accounts.values import NewPassword, Place, Purpose
from kabinet.infra import audit, events, limits, mail
from kabinet.infra.db import step, use_case
from kabinet.kernel.actors import Actor
from kabinet.providers import values as policy
from kabinet.providers.models import Provider


class OldPasswordWrong(Exception):
    """Raised when the password that is to be replaced is not the person's."""


def start_recovery(email: str, *, provider: Provider, place: Place, allowed: policy.Limits) -> None:
    """Send a code to whoever has the address; a second click within a minute is the first one again."""
    tries.spend_address(tries.RECOVERIES, place.address)
    if tries.is_letter_due(email, Purpose.RECOVER_PASSWORD, allowed=allowed):
        codes.ask_for_code(email, Purpose.RECOVER_PASSWORD, provider=provider)


def finish_recovery(
    wanted: NewPassword, *, provider: Provider, place: Place, allowed: policy.Limits, by: Actor, at: datetime
) -> None:
    """Set the password of whoever holds the code; all sessions of the person end."""
    tries.spend_address(tries.wrong_codes(allowed), place.address)
    # Hashed before the look: whether there is such a person costs the same.
    hashed = make_password(normal_password(wanted.password))
    if not _recover(wanted, hashed, provider=provider, by=by, at=at):
        raise CodeRefused
    tries.give_back_address(tries.wrong_codes(allowed), place.address)


def change_password(
    old: str, new: str, *, session: Session | StaffSession, provider: Provider, by: Actor, at: datetime
) -> None:
    """Replace the person's own password; all other sessions of the person end."""
    limits.spend(tries.PASSWORD_CHANGES, str(session.user_id))
    _change(old, new, session=session, provider=provider, by=by, at=at)
    limits.give_back(tries.PASSWORD_CHANGES, str(session.user_id))


@use_case
def choose_password(new: str, *, session: Session, provider: Provider, by: Actor, at: datetime) -> None:
    """Set the first password of an invited person's own, in the session that the letter's password began."""
    user = User.objects.select_for_update(no_key=True).get(pk=session.user_id)
    if not user.awaits_first_password:
        raise OldPasswordWrong
    replace_password(user, make_password(normal_password(new)), keep=session, provider=provider, by=by, at=at)


@use_case
def _recover(wanted: NewPassword, hashed: str, *, provider: Provider, by: Actor, at: datetime) -> bool:
    user = User.objects.with_email(wanted.email).select_for_update(no_key=True).first()
    is_opened = codes.is_opened(user, Purpose.RECOVER_PASSWORD, wanted.code, provider=provider, at=at)
    if user is None or not is_opened:
        return False
    # Whoever reads the letters of the address has proved that it is his.
    user.email_confirmed_at = user.email_confirmed_at or at
    replace_password(user, hashed, keep=None, provider=provider, by=by, at=at)
    return True


@use_case
def _change(
    old: str, new: str, *, session: Session | StaffSession, provider: Provider, by: Actor, at: datetime
) -> None:
    user = User.objects.select_for_update(no_key=True).get(pk=session.user_id)
    if not user.has_password(old):
        raise OldPasswordWrong
    replace_password(user, make_password(normal_password(new)), keep=session, provider=provider, by=by, at=at)


@step
def replace_password(
    user: User, hashed: str, *, keep: Session | StaffSession | None, provider: Provider, by: Actor, at: datetime
) -> None:
    """Put the password in place; whatever else was on its way to another one, or to another address, is void."""
    user.password, user.must_change_password = hashed, False
    user.save(update_fields=["password", "must_change_password", "email_confirmed_at"])
    # An address that somebody else had begun to put in must not outlive the password that he knew.
    begun = (Purpose.RECOVER_PASSWORD, Purpose.CHANGE_EMAIL, Purpose.FIRST_PASSWORD, Purpose.PASSWORD_LINK)
    OneTimeSecret.objects.filter(user=user, purpose__in=begun, used_at=None).update(used_at=at)
    sessions.end_others(user, keep=keep)
    audit.record("accounts.password_changed", user, before=None, after=None, by=by)
    payload = {"user": str(user.pk)}
    events.emit("accounts.password_changed", provider_id=provider.pk, contract_id=None, payload=payload, at=at)
    if user.email:
        mail.post(letters.password_changed(user, provider=provider))
