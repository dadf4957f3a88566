"""Who is invited signs in by a password that the letter brings: it works once, and is then changed (ROLE-04)."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth.hashers import make_password
from django.utils.crypto import salted_hmac

from kabinet.accounts.models import OneTimeSecret, User
from kabinet.accounts.rules import first_passwords as rules
from kabinet.accounts.services.codes import NOBODY
from kabinet.accounts.values import FirstPasswordState, Purpose
from kabinet.infra import audit
from kabinet.infra.db import step
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider

_GROUPS: Final = 3
_GROUP: Final = 4


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whoever has an address; the password is there for who never chose one, and is kept nowhere."""

    user: User
    password: str = ""


@step
def user_or_invitation(email: str, *, provider: Provider, language: str, by: Actor, at: datetime) -> Addressee:
    """Return whoever has the address, held; a person who is not here yet is made, to come by a password of a letter.

    Whoever asks must not learn which of the two it was: what the password is for is the letter alone.
    """
    coming = User(email=email, password=make_password(None), must_change_password=True, language=language, joined_at=at)
    User.objects.bulk_create([coming], ignore_conflicts=True)
    user = User.objects.with_email(email).select_for_update(no_key=True).get()
    if user.pk == coming.pk:
        audit.record("accounts.invited", user, before=None, after=None, by=by)
    if not user.awaits_first_password:
        return Addressee(user)
    return Addressee(user, _make(user, provider=provider, at=at))


def is_known(user: User | None, text: str) -> bool:
    """Say whether the person ever got this password; for nobody the same statement finds nothing."""
    return OneTimeSecret.objects.filter(
        user_id=user.pk if user else NOBODY, purpose=Purpose.FIRST_PASSWORD, secret_hash=_hash(user, text)
    ).exists()


@step
def spend(user: User, text: str, *, at: datetime) -> FirstPasswordState:
    """Use the password up and say whether it opened; who has it reads the letters of the address."""
    made = OneTimeSecret.objects.filter(user=user, purpose=Purpose.FIRST_PASSWORD, secret_hash=_hash(user, text))
    secret = made.select_for_update().first()
    if secret is None:
        # It was forgotten between the look and the lock.
        return FirstPasswordState.USED
    state = rules.state_of(used_at=secret.used_at, expires_at=secret.expires_at, at=at)
    if state is FirstPasswordState.OPEN:
        secret.used_at = at
        secret.save(update_fields=["used_at"])
        user.email_confirmed_at = user.email_confirmed_at or at
        user.save(update_fields=["email_confirmed_at"])
    return state


@step
def _make(user: User, *, provider: Provider, at: datetime) -> str:
    """Make a password in place of the one before."""
    signs = [secrets.choice(rules.SIGNS) for _ in range(_GROUPS * _GROUP)]
    text = "-".join("".join(signs[start : start + _GROUP]) for start in range(0, len(signs), _GROUP))
    OneTimeSecret.objects.filter(user=user, purpose=Purpose.FIRST_PASSWORD, used_at=None).update(used_at=at)
    OneTimeSecret.objects.create(
        user=user,
        provider=provider,
        purpose=Purpose.FIRST_PASSWORD,
        secret_hash=_hash(user, text),
        subject=user.email or "",
        made_at=at,
        expires_at=at + rules.LIVES,
    )
    return text


def _hash(user: User | None, text: str) -> str:
    """Bind the password to its person, under the installation's key."""
    value = f"{user.pk if user else NOBODY} {rules.normal_text(text)}"
    return salted_hmac("kabinet.accounts.first_passwords", value, algorithm="sha256").hexdigest()
