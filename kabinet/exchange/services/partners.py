"""Keys of billing systems: made once, shown once, kept hashed."""

import hashlib
import secrets

from kabinet.exchange.models import Partner
from kabinet.infra import audit
from kabinet.infra.db import use_case
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider


class TokenTooShort(Exception):
    """Raised when a key could be guessed."""


SHORTEST_TOKEN = 32


@use_case
def give_key(provider: Provider, *, source: str, token: str | None, by: Actor) -> str:
    """Make the partner, or give him a new key in place of the old; return the key, which is kept nowhere."""
    token = token or secrets.token_urlsafe(32)
    if len(token) < SHORTEST_TOKEN:
        raise TokenTooShort
    partner, made = Partner.objects.update_or_create(
        provider=provider,
        source=source,
        defaults={"token_hash": hash_of(token), "is_active": True},
        create_defaults={"token_hash": hash_of(token), "name": source},
    )
    audit.record("exchange.key_given", partner, before=None, after={"source": source, "made": made}, by=by)
    return token


def hash_of(token: str) -> str:
    """Return what is kept of a key: it is random and long, so that one plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
