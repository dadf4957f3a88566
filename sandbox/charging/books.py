"""Accounts, houses and prices in billing's books: each as JSON, in the shapes of `values`."""

import sqlite3
from collections.abc import Iterable
from typing import Final

from pydantic import TypeAdapter

from sandbox.charging.prices import PriceBook, PriceList
from sandbox.charging.values import Account, HouseFacts

_ACCOUNTS: Final = TypeAdapter(Account)
_HOUSES: Final = TypeAdapter(HouseFacts)
_PRICES: Final = TypeAdapter(PriceList)


def begin(
    db: sqlite3.Connection,
    slug: str,
    *,
    prices: PriceList,
    houses: Iterable[HouseFacts],
    accounts: Iterable[Account],
) -> None:
    """Write down whom billing charges, and by what; the newest closed period is the last that was charged."""
    last = "SELECT max(month) FROM period WHERE slug = ? AND state = 'closed'"
    closed = db.execute(last, (slug,)).fetchone()[0] or ""
    db.execute("INSERT INTO price_list VALUES (?, ?)", (slug, _PRICES.dump_json(prices).decode()))
    db.executemany(
        "INSERT INTO charged_house VALUES (?, ?, ?, ?)",
        ((slug, house.id, _HOUSES.dump_json(house).decode(), closed) for house in houses),
    )
    keep(db, slug, accounts)


def keep(db: sqlite3.Connection, slug: str, accounts: Iterable[Account]) -> None:
    """Write accounts down as they are now."""
    db.executemany(
        "INSERT INTO account VALUES (?, ?, ?, ?) ON CONFLICT (slug, id) DO UPDATE SET state = excluded.state",
        ((slug, each.contract, each.house, _ACCOUNTS.dump_json(each).decode()) for each in accounts),
    )


def prices_of(db: sqlite3.Connection, slug: str) -> PriceBook | None:
    """Return what the provider charges by; None where it charges nobody here."""
    row = db.execute("SELECT body FROM price_list WHERE slug = ?", (slug,)).fetchone()
    return PriceBook(_PRICES.validate_json(row["body"])) if row else None


def house_of(db: sqlite3.Connection, slug: str, house: str) -> HouseFacts | None:
    row = db.execute("SELECT facts FROM charged_house WHERE slug = ? AND id = ?", (slug, house)).fetchone()
    return _HOUSES.validate_json(row["facts"]) if row else None


def accounts_of(db: sqlite3.Connection, slug: str, house: str) -> list[Account]:
    rows = db.execute("SELECT state FROM account WHERE slug = ? AND house = ? ORDER BY id", (slug, house))
    return [_ACCOUNTS.validate_json(row["state"]) for row in rows]
