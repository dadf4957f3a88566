"""Ids are UUIDv7, made by the application: ordered by time, never a secret."""

from uuid import UUID

import uuid_utils.compat


def new() -> UUID:
    return uuid_utils.compat.uuid7()
