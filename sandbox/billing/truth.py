"""What billing owns: contracts, annexes, meters, readings, periods; written by the demo's loader, read by the judge."""

import re
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import repeat
from typing import Any, Final

from kabinet.exchange.values import entities
from kabinet.exchange.values.entities import ReadingOrigin
from kabinet.exchange.values.houses import HouseMonth
from kabinet.exchange.values.money import Balance, Charge, Payment
from kabinet.exchange.values.sheets import Sheet
from kabinet.kernel.periods import Month
from kabinet.providers.values import WindowRule
from sandbox.billing.tables import TABLES
from sandbox.billing.values import Dial, Known
from sandbox.database import Database

_INSERTS: Final = {
    entities.BillingPeriod: "INSERT INTO period VALUES (:slug, :month, :state, :version)",
    entities.Contract: (
        "INSERT INTO contract VALUES (:slug, :external_id, :number, :inn, :customer_name, :deadline_day)"
    ),
    entities.Annex: "INSERT INTO annex VALUES (:slug, :external_id, :contract, :number, :title, :signed_on, :file)",
    entities.SupplyPoint: "INSERT INTO point VALUES (:slug, :external_id, :contract, :address)",
    entities.Meter: (
        "INSERT INTO meter VALUES (:slug, :external_id, :supply_point, :number, :resource, :verification_due)"
    ),
    entities.Register: (
        "INSERT INTO register VALUES (:slug, :external_id, :meter, :zone, :integer_digits, :physical_limit_per_day,"
        " :valid_from, :valid_to)"
    ),
    entities.Reading: (
        "INSERT INTO reading VALUES (:slug, :external_id, :register, :month, :taken_on, :value, :origin, :version,"
        " :submission)"
    ),
    entities.SewageVolume: (
        "INSERT INTO reading VALUES (:slug, :external_id, :supply_point, :month, :taken_on, :value, :origin, :version,"
        " :submission)"
    ),
}


_NAMED: Final = re.compile(r":(\w+)")
_SPELLED: Final = (str, date, Month, Decimal)

# Of the past: billing goes on from its accounts, and does not look back at single lines.
_TOLD_ONLY: Final = frozenset({entities.House, HouseMonth, Charge, Payment, Balance})


@dataclass(frozen=True, slots=True)
class Owner:
    """The provider whose billing this is; `generation` names the portal's database that the books belong to."""

    slug: str
    generation: str
    name: str
    source: str
    zone: str
    window: WindowRule


class NotOwned(Exception):
    """Raised when the books are given a row of an entity that billing does not keep."""


def has_books(books: Database, slug: str, *, generation: str) -> bool:
    """Say whether the provider's books are there and belong to this portal."""
    with books.reading() as db:
        row = db.execute("SELECT 1 FROM provider WHERE slug = ? AND generation = ?", (slug, generation)).fetchone()
    return row is not None


def begin_books(
    books: Database,
    owner: Owner,
    rows: Iterable[entities.Row | Sheet],
    *,
    since: Month | None = None,
    beside: Callable[[sqlite3.Connection, str], None] | None = None,
) -> None:
    """Write a provider's books anew, of the very rows that the portal is told; what was there before is gone.

    Readings of months before `since` are left out; `beside` writes what only billing knows, once the last row is by.
    """
    with books.transaction() as db:
        for table in (*TABLES, "provider"):
            db.execute(f"DELETE FROM {table} WHERE slug = ?", (owner.slug,))  # noqa: S608 - names of our own list
        db.execute(
            "INSERT INTO provider (slug, generation, name, source, zone, window_rule) VALUES (?, ?, ?, ?, ?, ?)",
            (owner.slug, owner.generation, owner.name, owner.source, owner.zone, owner.window.model_dump_json()),
        )
        for row in rows:
            if isinstance(row, entities.Reading) and since is not None and row.month < since:
                continue
            if isinstance(row, Sheet):
                _write_sheet(db, owner.slug, row)
            elif type(row) in _INSERTS:
                db.execute(_INSERTS[type(row)], {"slug": owner.slug, **row.model_dump(mode="json", by_alias=True)})
            elif type(row) not in _TOLD_ONLY:
                raise NotOwned(type(row).__name__)
        if beside:
            beside(db, owner.slug)


def _write_sheet(db: sqlite3.Connection, slug: str, sheet: Sheet) -> None:
    """Write rows that came by columns: of those that the books keep, each value as JSON would write it."""
    statement = _INSERTS[entities.ENTITIES[sheet.entity].shape]
    kept = [name for name in _NAMED.findall(statement) if name != "slug"]
    columns = [_as_in_json(sheet.columns[name]) for name in kept]
    db.executemany(_NAMED.sub("?", statement), zip(repeat(slug, len(sheet)), *columns, strict=True))


def _as_in_json(column: Sequence[Any]) -> list[Any]:
    """Spell days, months and numbers as JSON does; texts, whole numbers and nothing are what they are."""
    spelled = {value: str(value) if isinstance(value, _SPELLED) else value for value in set(column)}
    return [spelled[value] for value in column]


def dial_of(db: sqlite3.Connection, slug: str, register: str) -> Dial | None:
    row = db.execute(
        "SELECT r.*, p.contract, m.verification_due FROM register r"
        " JOIN meter m ON m.slug = r.slug AND m.id = r.meter JOIN point p ON p.slug = m.slug AND p.id = m.point"
        " WHERE r.slug = ? AND r.id = ?",
        (slug, register),
    ).fetchone()
    if row is None:
        return None
    return Dial(
        id=register,
        contract=row["contract"],
        integer_digits=row["integer_digits"],
        limit_per_day=_decimal(row["limit_per_day"]),
        verification_due=_day(row["verification_due"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
    )


def contract_of_point(db: sqlite3.Connection, slug: str, point: str) -> str | None:
    row = db.execute("SELECT contract FROM point WHERE slug = ? AND id = ?", (slug, point)).fetchone()
    return str(row["contract"]) if row else None


def newest_accepted(db: sqlite3.Connection, slug: str, place: str, *, but: str = "") -> Known | None:
    """Return what was accepted last for a register or a point; `but` leaves out what is about to be replaced."""
    row = db.execute(
        "SELECT value, taken_on FROM reading WHERE slug = ? AND place = ? AND id <> ?"
        " ORDER BY taken_on DESC, month DESC LIMIT 1",
        (slug, place, but),
    ).fetchone()
    return Known(Decimal(row["value"]), date.fromisoformat(row["taken_on"])) if row else None


def periods(db: sqlite3.Connection, slug: str) -> dict[Month, sqlite3.Row]:
    rows = db.execute("SELECT * FROM period WHERE slug = ? ORDER BY month", (slug,))
    return {Month.parse(row["month"]): row for row in rows}


def reading_id(place: str, month: Month, origin: ReadingOrigin) -> str:
    """Name what is accepted: one of each origin for a place and month, so that a correction is a new version."""
    return f"{place}/{month}/{origin}"


def _decimal(text: Any) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: Any) -> date | None:
    return None if text is None else date.fromisoformat(text)
