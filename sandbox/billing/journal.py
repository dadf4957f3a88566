"""The billing system's own journal of messages: what went, what came, what was answered."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sandbox.clock import written

KEPT: Final = 5000
LONGEST_ANSWER: Final = 4000


@dataclass(frozen=True, slots=True)
class Line:
    """One message: `direction` is "out" for what billing says to the portal and "in" for what it hears."""

    direction: str
    kind: str
    subject: str
    key: str = ""
    status: int | None = None
    answer: str = ""


def write(db: sqlite3.Connection, slug: str, line: Line, *, at: datetime) -> None:
    """Add a line; the oldest ones make room."""
    row = db.execute(
        "INSERT INTO journal (slug, at, direction, kind, subject, key, status, answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            slug,
            written(at),
            line.direction,
            line.kind,
            line.subject,
            line.key,
            line.status,
            line.answer[:LONGEST_ANSWER],
        ),
    )
    db.execute("DELETE FROM journal WHERE id <= ?", ((row.lastrowid or 0) - KEPT,))


def newest(db: sqlite3.Connection, slug: str, *, limit: int = 200) -> list[dict[str, Any]]:
    rows = db.execute("SELECT * FROM journal WHERE slug = ? ORDER BY id DESC LIMIT ?", (slug, limit))
    return [{name: row[name] for name in row.keys() if name != "slug"} for row in rows]  # noqa: SIM118 - a Row iterates its values
