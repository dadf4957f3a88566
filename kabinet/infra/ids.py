"""Ids are UUIDv7, made by the application: ordered by time, never a secret."""

from datetime import UTC, datetime
from uuid import UUID

import uuid_utils
import uuid_utils.compat


def new() -> UUID:
    return uuid_utils.compat.uuid7()


def spelled() -> str:
    """Return a new id as text, which costs a third of the object: for rows by the hundred thousand."""
    return str(uuid_utils.uuid7())


def made_at(uid: UUID) -> datetime:
    """Return the technical moment at which an id was made."""
    return datetime.fromtimestamp((uid.int >> 80) / 1000, tz=UTC)
