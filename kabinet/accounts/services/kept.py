"""What was typed on a page whose session had ended, kept until the person is back."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from kabinet.accounts import selectors
from kabinet.accounts.models import KeptInput, Session
from kabinet.accounts.rules.kept import worth_keeping
from kabinet.accounts.services import tries
from kabinet.infra.db import use_case
from kabinet.providers.models import Provider

KEPT_FOR: Final = timedelta(hours=2)


class TooMuchTyped(Exception):
    """Raised when the input is more than a person types."""


def keep_input(
    fields: Mapping[str, Sequence[str]],
    *,
    path: str,
    provider: Provider,
    session_key: str,
    address: str,
    at: datetime,
) -> str:
    """Keep the fields, passwords and codes apart, and return the token that brings them back."""
    tries.spend_address(tries.KEPT_INPUTS, address)
    kept = worth_keeping(fields)
    if kept is None:
        raise TooMuchTyped
    return _keep(kept, path=path, provider=provider, session_key=session_key, at=at)


def keep_over_reload(
    fields: Mapping[str, Sequence[str]], *, path: str, provider: Provider, session: Session, at: datetime
) -> str:
    """Keep what a person typed beside what was just stored, so that its page can be loaded anew."""
    kept = worth_keeping(fields)
    if kept is None:
        raise TooMuchTyped
    return _keep(kept, path=path, provider=provider, session_key=session.key, at=at)


@use_case
def _keep(fields: dict[str, list[str]], *, path: str, provider: Provider, session_key: str, at: datetime) -> str:
    token = secrets.token_urlsafe(32)
    owner = Session.objects.filter(key=session_key).values_list("user_id", flat=True).first()
    KeptInput.objects.create(
        key=selectors.key_of(token),
        provider=provider,
        owner_id=owner,
        path=path[:500],
        fields=fields,
        expires_at=at + KEPT_FOR,
    )
    return token


@use_case
def drop_input(key: str) -> None:
    """Forget what was kept: the person has gone on."""
    KeptInput.objects.filter(key=key).delete()
