"""Batches on their way to the portal: stored first, sent under one key until they are answered, never made twice."""

import json
import sqlite3
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kabinet.exchange.values.entities import Row
from sandbox.clock import written

FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 15.0


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that must go together: an answer with its reading; `submission` is empty for other rows."""

    submission: str
    lines: tuple[str, ...]

    @classmethod
    def of(cls, submission: str, rows: Sequence[Row]) -> "Group":
        return cls(submission, tuple(row.to_line() for row in rows))


@dataclass(frozen=True, slots=True)
class Batch:
    """A stored batch; its bytes never change, so that the portal knows it again."""

    id: int
    key: str
    kind: str
    groups: tuple[Group, ...]
    body: bytes
    attempts: int

    @property
    def submissions(self) -> list[str]:
        return [group.submission for group in self.groups if group.submission]

    @property
    def subject(self) -> str:
        """Return what the journal calls it."""
        if len(self.submissions) == 1:
            return self.submissions[0]
        return f"ответов: {len(self.submissions)}" if self.submissions else self.kind


def put(
    db: sqlite3.Connection,
    slug: str,
    groups: Sequence[Group],
    *,
    kind: str,
    at: datetime,
    key: str = "",
    body: bytes | None = None,
) -> None:
    """Store a batch to be sent; its key is made here, before the first try."""
    lines = [line for group in groups for line in group.lines]
    db.execute(
        "INSERT INTO batch (slug, key, kind, groups, body, made_at) VALUES (?, ?, ?, ?, ?, ?)",
        (
            slug,
            key or str(uuid.uuid4()),
            kind,
            json.dumps([[group.submission, group.lines] for group in groups]),
            "".join(f"{line}\n" for line in lines).encode() if body is None else body,
            written(at),
        ),
    )


def first_waiting(db: sqlite3.Connection, slug: str, *, now: float) -> Batch | None:
    """Return the oldest unanswered batch when its time has come; those behind it wait, so that order is kept."""
    row = db.execute("SELECT * FROM batch WHERE slug = ? AND state = 'waiting' ORDER BY id LIMIT 1", (slug,)).fetchone()
    if row is None or row["next_try_at"] > now:
        return None
    return Batch(
        id=row["id"],
        key=row["key"],
        kind=row["kind"],
        groups=tuple(Group(submission, tuple(lines)) for submission, lines in json.loads(row["groups"])),
        body=bytes(row["body"]),
        attempts=row["attempts"],
    )


def waiting_count(db: sqlite3.Connection, slug: str) -> int:
    return int(db.execute("SELECT count(*) FROM batch WHERE slug = ? AND state = 'waiting'", (slug,)).fetchone()[0])


def settle(db: sqlite3.Connection, batch: Batch, *, state: str) -> None:
    db.execute("UPDATE batch SET state = ?, attempts = attempts + 1 WHERE id = ?", (state, batch.id))


def postpone(db: sqlite3.Connection, batch: Batch, *, now: float) -> None:
    """Try again later, each time after a longer pause."""
    pause = min(FIRST_PAUSE * 2 ** min(batch.attempts, 8), LONGEST_PAUSE)
    db.execute("UPDATE batch SET attempts = attempts + 1, next_try_at = ? WHERE id = ?", (now + pause, batch.id))


def split(db: sqlite3.Connection, slug: str, batch: Batch, *, at: datetime) -> None:
    """Replace a refused batch by one for each of its groups: a batch is taken whole or not at all."""
    settle(db, batch, state="split")
    for number, group in enumerate(batch.groups):
        put(db, slug, [group], kind=batch.kind, at=at, key=f"{batch.key}.{number}")
