"""A password made anew by the link of a letter: the link opens a page and works once (REG-06, deviation f)."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password

from kabinet.accounts import letters, selectors
from kabinet.accounts.models import LoginName, OneTimeSecret, User
from kabinet.accounts.rules.passwords import normal_password
from kabinet.accounts.services import passwords
from kabinet.accounts.values import LoginKind, Purpose
from kabinet.infra import audit, jobs, mail
from kabinet.infra.db import step, use_case
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider


class LinkGone(Exception):
    """Raised when a link was used, replaced by a newer one or late: which of them is nobody's business."""


@use_case
def ask_for_link(user_id: UUID | None, *, provider: Provider, hours: int) -> None:
    """Leave the letter to a job: asking costs the same whether or not there is anybody to write to."""
    jobs.enqueue("accounts.send_link", user_id=str(user_id or ""), provider_id=str(provider.pk), hours=hours)


@use_case
def send_link(user_id: UUID, *, provider_id: UUID, lives: timedelta, at: datetime) -> None:
    """Write the person a link that opens the page of a new password."""
    provider = Provider.objects.get(pk=provider_id)
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if not user.email:
        # The account was deleted since the job was left: there is nobody to write to.
        return
    token = make_link(user, provider=provider, lives=lives, at=at)
    mail.post(letters.recovery_link(user, token, provider=provider, hours=_hours(lives)))


@step
def make_link(user: User, *, provider: Provider, lives: timedelta, at: datetime) -> str:
    """Make a link's secret in place of the one before."""
    token = secrets.token_urlsafe(32)
    OneTimeSecret.objects.filter(user=user, purpose=Purpose.PASSWORD_LINK, used_at=None).update(used_at=at)
    OneTimeSecret.objects.create(
        user=user,
        provider=provider,
        purpose=Purpose.PASSWORD_LINK,
        secret_hash=selectors.key_of(token),
        subject=user.email or "",
        made_at=at,
        expires_at=at + lives,
    )
    return token


def choose_by_link(token: str, new: str, *, provider: Provider, by: Actor, at: datetime) -> None:
    """Set the password of whoever reads the letters of the address; all sessions of the person end."""
    _choose(token, make_password(normal_password(new)), provider=provider, by=by, at=at)


@use_case
def _choose(token: str, hashed: str, *, provider: Provider, by: Actor, at: datetime) -> None:
    opened = selectors.live_link(token, provider_id=provider.pk, at=at)
    if opened is None:
        raise LinkGone
    user = User.objects.select_for_update(no_key=True).get(pk=opened.user_id)
    # Looked at again under the lock: of two at once one finds it used.
    secret = selectors.live_link(token, provider_id=provider.pk, at=at)
    if secret is None or secret.subject != user.email:
        raise LinkGone
    secret.used_at = at
    secret.save(update_fields=["used_at"])
    user.email_confirmed_at = user.email_confirmed_at or at
    passwords.replace_password(user, hashed, keep=None, provider=provider, by=by, at=at)


@step
def give_account_name(user: User, name: str, *, provider: Provider, by: Actor) -> bool:
    """Let the person sign in by the account's number too; False where somebody has signed up with it before."""
    coming = LoginName(provider=provider, kind=LoginKind.ACCOUNT, value=name, user=user)
    LoginName.objects.bulk_create([coming], ignore_conflicts=True)
    if not LoginName.objects.filter(pk=coming.pk).exists():
        return False
    audit.record("accounts.login_name_given", user, before=None, after=LoginKind.ACCOUNT.value, by=by)
    return True


def _hours(lives: timedelta) -> int:
    return int(lives.total_seconds()) // 3600
