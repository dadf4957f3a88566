"""Limits of technical time, counted by one atomic upsert.

They stand outside of the transaction that they guard: a refusal would take its own count back with it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from kabinet.infra import clock, db, ids
from kabinet.infra.models import LimitCounter


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
    """Count one try before it is made, so that a hundred at once do not slip through.

    A try that is refused is not counted: nobody would give it back, and right tries at once would lock their maker out.
    """
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
            WHERE c.window_ends_at <= %(at)s OR c.count < %(times)s
            RETURNING count <= %(times)s
            """,
            {
                "id": ids.new(), "name": limit.name, "subject": _hidden(subject), "at": at, "ends": at + limit.per,
                "times": limit.times,
            },
        )  # fmt: skip
        row = cursor.fetchone()
    if row is None or not row[0]:
        raise LimitReached(limit, _end_of(limit, subject) or at + limit.per)


def _end_of(limit: Limit, subject: str) -> datetime | None:
    counted = LimitCounter.objects.filter(name=limit.name, subject=_hidden(subject))
    return counted.values_list("window_ends_at", flat=True).first()


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
