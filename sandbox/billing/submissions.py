"""What customers sent, as billing keeps it: each reading and volume once, with what was decided."""

import json
import sqlite3
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kabinet.exchange.values.wire import ReadingsSent, ReadingWithdrawn, VolumeSent
from kabinet.kernel.periods import Month
from sandbox.billing.values import Kind, Refusal, Sent, State
from sandbox.clock import written

Submitted = ReadingsSent | VolumeSent


def keep(db: sqlite3.Connection, slug: str, payload: Submitted, *, seq: int, at: datetime) -> bool:
    """Write down what the portal passed; return whether it is news, for it comes again until acknowledged."""
    row = db.execute(
        "INSERT INTO submission (slug, id, seq, kind, contract, place, month, value, taken_on, sent_at,"
        " rolls_over, corrects, confirmed, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (slug, id) DO NOTHING",
        (
            slug,
            str(payload.submission),
            seq,
            Kind.READING if isinstance(payload, ReadingsSent) else Kind.VOLUME,
            payload.contract,
            payload.register_ if isinstance(payload, ReadingsSent) else payload.supply_point,
            str(payload.month),
            format(payload.value, "f"),
            payload.taken_on.isoformat(),
            written(payload.sent_at),
            isinstance(payload, ReadingsSent) and payload.rolls_over,
            str(payload.corrects) if payload.corrects else None,
            json.dumps(payload.confirmed),
            written(at),
        ),
    )
    if not row.rowcount:
        return False
    _supersede(db, slug, str(payload.corrects) if payload.corrects else "", only=State.WAITING)
    return True


def withdraw(db: sqlite3.Connection, slug: str, payload: ReadingWithdrawn) -> bool:
    """Let go of a reading that the customer takes back, and of what it became; return whether it is news."""
    row = db.execute(
        "UPDATE submission SET state = 'withdrawn', trouble = NULL"
        " WHERE slug = ? AND id = ? AND state IN ('waiting', 'taken')",
        (slug, str(payload.submission)),
    )
    db.execute("DELETE FROM reading WHERE slug = ? AND submission = ?", (slug, str(payload.submission)))
    return bool(row.rowcount)


def waiting(db: sqlite3.Connection, slug: str, *, until: datetime, limit: int) -> list[Sent]:
    """Return what came up to a moment and is not decided, in the order of the feed."""
    rows = db.execute(
        "SELECT * FROM submission WHERE slug = ? AND state = 'waiting' AND received_at <= ? ORDER BY seq LIMIT ?",
        (slug, written(until), limit),
    )
    return [to_sent(row) for row in rows]


def one(db: sqlite3.Connection, slug: str, number: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM submission WHERE slug = ? AND id = ?", (slug, number)
    ).fetchone()
    return row


def to_sent(row: sqlite3.Row) -> Sent:
    return Sent(
        id=row["id"],
        kind=Kind(row["kind"]),
        contract=row["contract"],
        place=row["place"],
        month=Month.parse(row["month"]),
        value=Decimal(row["value"]),
        taken_on=date.fromisoformat(row["taken_on"]),
        rolls_over=bool(row["rolls_over"]),
    )


def mark_taken(db: sqlite3.Connection, slug: str, sent: Sent, *, billed_in: Month, by: str, at: datetime) -> None:
    """Take a reading; the one that it corrects is billing's no more."""
    db.execute(
        "UPDATE submission SET state = 'taken', billed_in = ?, decided_at = ?, decided_by = ?, trouble = NULL"
        " WHERE slug = ? AND id = ?",
        (str(billed_in), written(at), by, slug, sent.id),
    )
    corrected = db.execute("SELECT corrects FROM submission WHERE slug = ? AND id = ?", (slug, sent.id)).fetchone()
    _supersede(db, slug, corrected["corrects"] or "", only=State.TAKEN)


def mark_refused(db: sqlite3.Connection, slug: str, sent: Sent, refusal: Refusal, *, by: str, at: datetime) -> None:
    db.execute(
        "UPDATE submission SET state = 'refused', reason_code = ?, reason = ?, decided_at = ?, decided_by = ?,"
        " trouble = NULL WHERE slug = ? AND id = ?",
        (refusal.code, refusal.sentence, written(at), by, slug, sent.id),
    )


def mark_delivered(db: sqlite3.Connection, slug: str, numbers: Iterable[str], *, at: datetime) -> None:
    db.executemany(
        "UPDATE submission SET delivered_at = coalesce(delivered_at, ?), trouble = NULL WHERE slug = ? AND id = ?",
        [(written(at), slug, number) for number in numbers],
    )


def mark_troubled(db: sqlite3.Connection, slug: str, numbers: Iterable[str], *, trouble: str) -> None:
    db.executemany(
        "UPDATE submission SET trouble = ? WHERE slug = ? AND id = ? AND delivered_at IS NULL",
        [(trouble, slug, number) for number in numbers],
    )


def list_(db: sqlite3.Connection, slug: str, *, state: str = "", limit: int = 500) -> list[dict[str, Any]]:
    """Return the newest submissions with what the books say of their contract, meter and previous reading."""
    rows = db.execute(
        "SELECT s.*, c.number AS contract_number, c.customer_name, m.id AS meter, m.number AS meter_number, p.address,"
        " (SELECT value FROM reading k WHERE k.slug = s.slug AND k.place = s.place AND k.submission IS NOT s.id"
        "  AND k.month < s.month ORDER BY k.taken_on DESC LIMIT 1) AS previous"
        " FROM submission s LEFT JOIN contract c ON c.slug = s.slug AND c.id = s.contract"
        " LEFT JOIN register r ON r.slug = s.slug AND r.id = s.place"
        " LEFT JOIN meter m ON m.slug = r.slug AND m.id = r.meter"
        " LEFT JOIN point p ON p.slug = s.slug AND p.id = s.place"
        " WHERE s.slug = ? AND (? = '' OR s.state = ?) ORDER BY s.seq DESC LIMIT ?",
        (slug, state, state, limit),
    )
    return [_to_json(row) for row in rows]


def _to_json(row: sqlite3.Row) -> dict[str, Any]:
    hidden = {"slug", "tried_fault", "place"}
    facts = {name: row[name] for name in row.keys() if name not in hidden}  # noqa: SIM118 - a Row iterates its values
    return facts | {
        "register": row["place"] if row["kind"] == Kind.READING else None,
        "supply_point": row["place"] if row["kind"] == Kind.VOLUME else None,
        "confirmed": json.loads(row["confirmed"]),
        "rolls_over": bool(row["rolls_over"]),
        "is_delivered": row["delivered_at"] is not None,
    }


def _supersede(db: sqlite3.Connection, slug: str, number: str, *, only: State) -> None:
    db.execute(
        "UPDATE submission SET state = 'superseded' WHERE slug = ? AND id = ? AND state = ?", (slug, number, only)
    )
