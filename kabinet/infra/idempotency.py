"""A repeated act is one act (TRUST 2)."""

import hashlib
import json
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from kabinet.infra import clock, ids
from kabinet.infra.db import step
from kabinet.infra.models import IdempotencyKey
from kabinet.kernel.actors import Actor

Result = dict[str, Any]

LONGEST_KEY: Final = 80
NOBODY: Final = UUID(int=0)


class BadKey(Exception):
    """Raised for a key that is empty or too long: an empty one would make strangers' acts one act."""


class KeyReused(Exception):
    """Raised when the key was bound to another body; carries what was accepted then."""

    def __init__(self, accepted: Result) -> None:
        super().__init__("the key was used for another body")
        self.accepted = accepted


@step
def once(key: str, *, body: Any, by: Actor, act: Callable[[], Result]) -> Result:
    """Do the act and bind the key to its result, or return the result that the same key and body had.

    The row is inserted before the act: a second sender with the same key waits on the unique index until the
    first has committed or given up. An act that refuses (raises) takes the key's row back with it.
    """
    require_good(key)
    body_hash = hash_of(body)
    if not _bind(key, body_hash=body_hash, by=by):
        return _result_of(key, body_hash=body_hash, by=by)
    result = act()
    _bound(key, by=by).update(result=result)
    return result


def require_good(key: str) -> None:
    """Refuse a key that could stand for anybody's act."""
    if not 0 < len(key) <= LONGEST_KEY:
        raise BadKey


def hash_of(body: Any) -> str:
    """Return what tells one body from another."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()


def binding(key: str, *, body_hash: str, result: Result, by: Actor) -> dict[str, Any]:
    """Return what a statement binds a key with that writes the act in the same breath."""
    return {
        "key_id": ids.new(),
        "key_actor": by.id or NOBODY,
        "key": key,
        "body_hash": body_hash,
        "result": json.dumps(result),
    }


def accepted_under(key: str, *, body_hash: str, by: Actor) -> Result | None:
    """Return the result that the same key and body had; None where the key is free, KeyReused for another body."""
    return _result_of(key, body_hash=body_hash, by=by) if _bound(key, by=by).exists() else None


def result_under(key: str, *, by: Actor) -> Result | None:
    """Return the result that the actor's key is bound to, to tell it again; None where nothing was accepted."""
    return _bound(key, by=by).values_list("result", flat=True).first()


def _bound(key: str, *, by: Actor) -> QuerySet[IdempotencyKey]:
    return IdempotencyKey.objects.filter(actor_kind=by.kind, actor_id=by.id or NOBODY, key=key)


def _bind(key: str, *, body_hash: str, by: Actor) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO infra_idempotencykey (id, actor_kind, actor_id, key, body_hash, bound_at)
            VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (actor_kind, actor_id, key) DO NOTHING
            """,
            [ids.new(), by.kind, by.id or NOBODY, key, body_hash, clock.technical_now()],
        )
        return bool(cursor.rowcount)


def _result_of(key: str, *, body_hash: str, by: Actor) -> Result:
    bound = _bound(key, by=by).get()
    accepted: Result = bound.result or {}
    if bound.body_hash != body_hash:
        raise KeyReused(accepted)
    return accepted
