"""Limits of technical time, counted by one atomic upsert.

They stand outside of the transaction that they guard: a refusal would take its own count back with it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from kabinet.infra import clock, db, ids


@dataclass(frozen=True, slots=True)
class Limit:
    """`times` tries in a window of `per`, counted by subject (a user, an address, an account)."""

    name: str
    times: int
    per: timedelta


class LimitReached(Exception):
    """Raised when there were too many tries; says when the next one is welcome."""

    def __init__(self, limit: Limit, until: datetime) -> None:
        super().__init__(limit.name)
        self.limit = limit
        self.until = until


def spend(limit: Limit, subject: str) -> None:
    """Count one try before it is made, so that a hundred at once do not slip through."""
    db.stand_alone(f"limit {limit.name}")
    at = clock.technical_now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO infra_limitcounter AS c (id, name, subject, window_ends_at, count)
            VALUES (%(id)s, %(name)s, %(subject)s, %(ends)s, 1)
            ON CONFLICT (name, subject) DO UPDATE SET
                count = CASE WHEN c.window_ends_at <= %(at)s THEN 1 ELSE c.count + 1 END,
                window_ends_at = CASE WHEN c.window_ends_at <= %(at)s THEN %(ends)s ELSE c.window_ends_at END
            RETURNING count, window_ends_at
            """,
            {"id": ids.new(), "name": limit.name, "subject": _hidden(subject), "at": at, "ends": at + limit.per},
        )
        row = cursor.fetchone()
    if row and row[0] > limit.times:
        raise LimitReached(limit, row[1])


def give_back(limit: Limit, subject: str) -> None:
    """Take a try back when it turned out right: only wrong ones count."""
    db.stand_alone(f"limit {limit.name}")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE infra_limitcounter SET count = count - 1 WHERE name = %s AND subject = %s AND count > 0",
            [limit.name, _hidden(subject)],
        )


def _hidden(subject: str) -> str:
    """Keep addresses and account numbers out of the table."""
    return hashlib.sha256(subject.encode()).hexdigest()
