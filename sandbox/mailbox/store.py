"""Letters on the disk: the newest ones, found by addressee."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sandbox.database import Database
from sandbox.mailbox.letters import Letter, read_letter

KEPT: Final = 2000
SHOWN: Final = 200

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS letter (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    recipients TEXT NOT NULL, sender TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL, html TEXT NOT NULL,
    raw BLOB NOT NULL, at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS recipient (
    address TEXT NOT NULL, letter INTEGER NOT NULL, PRIMARY KEY (address, letter)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter that came, with the addresses it was delivered to."""

    id: int
    recipients: str
    sender: str
    at: datetime
    raw: bytes
    letter: Letter

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "to": self.recipients,
            "from": self.sender,
            "subject": self.letter.subject,
            "text": self.letter.text,
            "html": self.letter.html,
            "at": self.at.isoformat(timespec="seconds"),
            "links": self.letter.links,
            "code": self.letter.code,
        }


class Mailbox:
    """All mail of the demonstration."""

    def __init__(self, path: Path, *, kept: int = KEPT) -> None:
        self._database = Database(path, schema=_SCHEMA)
        self._kept = kept

    def deliver(self, raw: bytes, *, recipients: Sequence[str], sender: str, at: datetime) -> int:
        """Keep a letter; the oldest makes room for it."""
        letter = read_letter(raw)
        with self._database.transaction() as db:
            row = db.execute(
                "INSERT INTO letter (recipients, sender, subject, text, html, raw, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    ", ".join(recipients),
                    letter.sender or sender,
                    letter.subject,
                    letter.text,
                    letter.html,
                    raw,
                    at.isoformat(),
                ),
            )
            db.executemany(
                "INSERT INTO recipient VALUES (?, ?) ON CONFLICT DO NOTHING",
                [(address.lower(), row.lastrowid) for address in recipients],
            )
            self._drop_oldest(db, newest=row.lastrowid or 0)
        return row.lastrowid or 0

    def letters(self, to: str = "", *, limit: int = SHOWN) -> list[KeptLetter]:
        """Return the letters, newest first: those to a full address, or to any that holds the piece of one."""
        with self._database.reading() as db:
            if not to:
                rows = db.execute("SELECT * FROM letter ORDER BY id DESC LIMIT ?", (limit,))
            elif "@" in to.strip("@"):
                rows = db.execute(
                    "SELECT * FROM letter WHERE id IN (SELECT letter FROM recipient WHERE address = ?)"
                    " ORDER BY id DESC LIMIT ?",
                    (to.lower(), limit),
                )
            else:
                rows = db.execute(
                    "SELECT * FROM letter WHERE id IN (SELECT letter FROM recipient WHERE instr(address, ?))"
                    " ORDER BY id DESC LIMIT ?",
                    (to.lower(), limit),
                )
            return [_kept(row) for row in rows]

    def letter(self, number: int) -> KeptLetter | None:
        with self._database.reading() as db:
            row = db.execute("SELECT * FROM letter WHERE id = ?", (number,)).fetchone()
        return _kept(row) if row else None

    def count(self) -> int:
        with self._database.reading() as db:
            return int(db.execute("SELECT count(*) FROM letter").fetchone()[0])

    def empty(self) -> None:
        with self._database.transaction() as db:
            db.execute("DELETE FROM letter")
            db.execute("DELETE FROM recipient")

    def _drop_oldest(self, db: sqlite3.Connection, *, newest: int) -> None:
        db.execute("DELETE FROM letter WHERE id <= ?", (newest - self._kept,))
        db.execute("DELETE FROM recipient WHERE letter <= ?", (newest - self._kept,))


def _kept(row: sqlite3.Row) -> KeptLetter:
    return KeptLetter(
        id=row["id"],
        recipients=row["recipients"],
        sender=row["sender"],
        at=datetime.fromisoformat(row["at"]),
        raw=bytes(row["raw"]),
        letter=Letter(sender=row["sender"], subject=row["subject"], text=row["text"], html=row["html"]),
    )
