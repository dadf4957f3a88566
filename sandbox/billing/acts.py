"""Acts of reconciliation that customers asked for: kept once, printed, uploaded, answered, in that order."""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from kabinet.exchange.values import entities
from kabinet.exchange.values.entities import ActVerdict
from kabinet.exchange.values.wire import ActRequested
from sandbox.billing import outbox
from sandbox.billing.outbox import Group
from sandbox.billing.papers import act_as_pdf
from sandbox.billing.statements import Balance, Statement
from sandbox.billing.values import SENTENCES, Books, Fault, Reason
from sandbox.clock import written

ANSWERS: Final = "reconciliation_act"


@dataclass(frozen=True, slots=True)
class Printed:
    """An act whose bytes wait to be uploaded."""

    id: str
    body: bytes


def keep(books: Books, payload: ActRequested) -> bool:
    """Write a request down; return whether it is news, for it comes again until acknowledged."""
    row = books.db.execute(
        "INSERT INTO act (slug, id, contract, since, until, received_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (slug, id) DO NOTHING",
        (
            books.slug,
            str(payload.request),
            payload.contract,
            payload.since.isoformat(),
            payload.until.isoformat(),
            written(books.at),
        ),
    )
    return bool(row.rowcount)


def print_due(books: Books, *, until: datetime) -> None:
    """Print what was asked for till then, or refuse it; the bytes are stored, so that an upload can be repeated."""
    due = books.db.execute(
        "SELECT * FROM act WHERE slug = ? AND state = 'waiting' AND received_at <= ? ORDER BY received_at, id",
        (books.slug, written(until)),
    ).fetchall()
    for row in due:
        if Fault(books.provider["fault"]) is Fault.REFUSE_ALL:
            _refuse(books, row, reason=SENTENCES[Reason.FAULT])
        elif (parties := _parties(books, row["contract"])) is None:
            _refuse(books, row, reason="Договор не числится в биллинге.")
        else:
            _print(books, row, parties=parties)


def first_printed(db: sqlite3.Connection, slug: str) -> Printed | None:
    """Return the oldest act that is not uploaded yet."""
    row = db.execute(
        "SELECT id, body FROM act WHERE slug = ? AND state = 'printed' ORDER BY received_at, id LIMIT 1", (slug,)
    ).fetchone()
    return Printed(row["id"], bytes(row["body"])) if row else None


def answer(books: Books, printed: Printed, *, file: str) -> None:
    """Store the row that says whose act the uploaded file is."""
    row = books.db.execute("SELECT * FROM act WHERE slug = ? AND id = ?", (books.slug, printed.id)).fetchone()
    facts = {"verdict": ActVerdict.PREPARED, "number": row["number"], "made_on": row["made_on"], "file": file}
    _answer(books, row, facts)


def give_up(books: Books, printed: Printed, *, why: str) -> None:
    """Refuse an act whose file the portal will never take."""
    row = books.db.execute("SELECT * FROM act WHERE slug = ? AND id = ?", (books.slug, printed.id)).fetchone()
    _refuse(books, row, reason=why)


def _print(books: Books, row: sqlite3.Row, *, parties: dict[str, str]) -> None:
    made_on = books.at.astimezone(ZoneInfo(books.provider["zone"])).date()
    count = books.db.execute("SELECT count(*) FROM act WHERE slug = ? AND number <> ''", (books.slug,)).fetchone()[0]
    number = f"АС-{count + 1:05d}"
    # The sandbox keeps no money: the turnover is empty, and the act says so.
    statement = Statement(Balance(Decimal(0)), ())
    body = act_as_pdf(
        statement,
        number=number,
        made_on=made_on,
        since=date.fromisoformat(row["since"]),
        until=date.fromisoformat(row["until"]),
        parties=parties,
    )
    books.db.execute(
        "UPDATE act SET state = 'printed', number = ?, made_on = ?, body = ? WHERE slug = ? AND id = ?",
        (number, made_on.isoformat(), body, books.slug, row["id"]),
    )


def _parties(books: Books, contract: str) -> dict[str, str] | None:
    row = books.db.execute(
        "SELECT number, customer_name FROM contract WHERE slug = ? AND id = ?", (books.slug, contract)
    ).fetchone()
    if row is None:
        return None
    return {"supplier": books.provider["name"], "customer": row["customer_name"], "contract": row["number"]}


def _refuse(books: Books, row: sqlite3.Row, *, reason: str) -> None:
    _answer(books, row, {"verdict": ActVerdict.REFUSED, "reason": reason})


def _answer(books: Books, row: sqlite3.Row, facts: dict[str, object]) -> None:
    names = {"external_id": f"act/{row['id']}", "version": 1, "request": row["id"], "contract": row["contract"]}
    line = entities.ReconciliationAct.model_validate(names | facts)
    outbox.put(books.db, books.slug, [Group.of("", [line])], kind=ANSWERS, at=books.at)
    books.db.execute(
        "UPDATE act SET state = 'answered', body = NULL WHERE slug = ? AND id = ?", (books.slug, row["id"])
    )
