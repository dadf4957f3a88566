"""Looks into the books of the sandbox's billing, and its switches."""

from typing import Any

from sandbox.billing import journal, submissions
from sandbox.billing.values import Fault
from sandbox.database import Database


def states(books: Database) -> dict[int, str]:
    with books.reading() as db:
        return {row["seq"]: row["state"] for row in submissions.list_(db, "w")}


def told(books: Database, kind: str) -> list[dict[str, Any]]:
    with books.reading() as db:
        return [line for line in journal.newest(db, "w") if line["kind"] == kind]


def switch(books: Database, *, fault: Fault = Fault.NONE, automatic: bool = True) -> None:
    with books.transaction() as db:
        db.execute("UPDATE provider SET fault = ?, is_automatic = ?", (fault, automatic))


def try_at_once(books: Database) -> None:
    with books.transaction() as db:
        db.execute("UPDATE batch SET next_try_at = 0")
