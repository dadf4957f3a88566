"""Codes that letters carry: made, sent and used once."""

import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import F
from django.utils.crypto import salted_hmac

from kabinet.accounts import letters
from kabinet.accounts.models import OneTimeSecret, User
from kabinet.accounts.rules import codes as rules
from kabinet.accounts.values import Purpose
from kabinet.infra import jobs, mail
from kabinet.infra.db import step, use_case
from kabinet.providers.models import Provider

NOBODY: Final = UUID(int=0)


class CodeRefused(Exception):
    """Raised when a code is wrong, late, used or never was: which of them it is would tell who is registered."""


@use_case
def ask_for_code(email: str, purpose: Purpose, *, provider: Provider) -> None:
    """Leave the code to a job: asking costs the same whether or not somebody has the address.

    The job carries an id or nothing: addresses do not belong into queues and logs.
    """
    user_id = User.objects.with_email(email).values_list("pk", flat=True).first()
    jobs.enqueue("accounts.send_code", user_id=str(user_id or ""), purpose=purpose.value, provider_id=str(provider.pk))


@use_case
def send_code(user_id: UUID, purpose: Purpose, *, provider_id: UUID, at: datetime) -> None:
    """Write the person a code; who has confirmed the address is told of the account instead."""
    provider = Provider.objects.get(pk=provider_id)
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if not user.email:
        # The account was deleted since the job was left: there is nobody to write to.
        return
    if purpose is Purpose.CONFIRM_EMAIL and user.email_confirmed_at:
        mail.post(letters.already_registered(user, provider=provider))
    else:
        write_code(user, purpose, provider=provider, at=at)


@step
def write_code(user: User, purpose: Purpose, *, provider: Provider, at: datetime) -> None:
    """Make a code in place of the one before and send it."""
    code = make_code(user, purpose, subject=user.email or "", provider=provider, at=at)
    letter = letters.confirm_code if purpose is Purpose.CONFIRM_EMAIL else letters.recovery_code
    mail.post(letter(user, code, provider=provider))


@step
def make_code(user: User, purpose: Purpose, *, subject: str, provider: Provider, at: datetime) -> str:
    """Make a code in place of the one before; `subject` is the address that it proves."""
    code = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}d}"
    OneTimeSecret.objects.filter(user=user, purpose=purpose, used_at=None).update(used_at=at)
    OneTimeSecret.objects.create(
        user=user,
        provider=provider,
        purpose=purpose,
        secret_hash=_hash(user.pk, purpose, code),
        subject=subject,
        made_at=at,
        expires_at=at + rules.CODE_LIVES,
    )
    return code


@step
def is_opened(
    user: User | None, purpose: Purpose, code: str, *, provider: Provider, at: datetime, subject: str | None = None
) -> bool:
    """Use the code up if it is right; count the try if it is wrong. The caller commits either.

    The code proves the person's own address, or `subject` where that is to be another one. For nobody the same
    statements find nothing: how long a refusal takes must not tell who is registered.
    """
    user_id, email = (user.pk, user.email) if user else (NOBODY, None)
    live = OneTimeSecret.objects.filter(user_id=user_id, purpose=purpose, provider=provider, used_at=None)
    secret = live.select_for_update().first()
    given_hash = _hash(user_id, purpose, code)
    is_right = secret is not None and secret.subject == (subject or email)
    if secret and is_right and rules.code_opens(secret.to_value(), given_hash=given_hash, at=at):
        live.filter(pk=secret.pk).update(used_at=at)
        return True
    _count_wrong_try(secret.pk if secret else NOBODY)
    return False


def _count_wrong_try(secret_id: UUID) -> None:
    """Count without waiting for the disk, which nobody's try would not do either.

    A try lost in a crash costs nothing; no other change stands in this transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")
    OneTimeSecret.objects.filter(pk=secret_id).update(wrong_tries=F("wrong_tries") + 1)


def _hash(user_id: UUID, purpose: Purpose, code: str) -> str:
    """Bind the code to person and purpose, under the installation's key: a million codes are guessed in a second."""
    value = f"{user_id} {purpose} {rules.normal_code(code)}"
    return salted_hmac("kabinet.accounts.codes", value, algorithm="sha256").hexdigest()
