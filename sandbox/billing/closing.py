"""Closing a month where billing charges households: house by house, each in a transaction of its own.

The month is closed in these books at once, so that what comes later counts for the next one. The portal hears of it
last, behind all that the month brought. Whatever kills the process, the next round goes on with the house that is next.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from kabinet.exchange.values import entities
from kabinet.kernel.periods import Month
from sandbox.billing import outbox
from sandbox.billing.outbox import Group
from sandbox.billing.values import Books
from sandbox.charging import books as charged
from sandbox.charging import months, payments, rows
from sandbox.charging.prices import PriceBook
from sandbox.charging.values import Account, HouseFacts

CHARGES: Final = "charges"


def charges_here(books: Books) -> bool:
    """Say whether the provider's households are charged in these books."""
    return books.db.execute("SELECT 1 FROM price_list WHERE slug = ?", (books.slug,)).fetchone() is not None


def begin(books: Books, closing: Sequence[Month], told: Sequence[entities.Row]) -> None:
    """Write down that months are being closed, and the rows that the portal is told when all is charged."""
    lines = "\n".join(row.to_line() for row in told)
    books.db.execute("INSERT INTO closing VALUES (?, ?, ?)", (books.slug, str(max(closing)), lines))


def go_on(books: Books) -> bool:
    """Charge the next house, or tell that the month is closed; return whether there was anything to do."""
    row = books.db.execute("SELECT * FROM closing WHERE slug = ? ORDER BY month LIMIT 1", (books.slug,)).fetchone()
    if row is None:
        return False
    house = _next_house(books, until=row["month"])
    if house is None:
        _tell(books, row)
    else:
        _charge(books, house["id"], Month.parse(house["closed"]).next)
    return True


def houses_left(db: sqlite3.Connection, slug: str) -> int:
    """Count the houses that a month being closed still waits for."""
    return int(
        db.execute(
            "SELECT count(*) FROM charged_house h JOIN closing c ON c.slug = h.slug AND h.closed < c.month"
            " WHERE h.slug = ?",
            (slug,),
        ).fetchone()[0]
    )


def _next_house(books: Books, *, until: str) -> sqlite3.Row | None:
    """Return the house that is furthest behind: months are charged one after another."""
    row: sqlite3.Row | None = books.db.execute(
        "SELECT id, closed FROM charged_house WHERE slug = ? AND closed < ? ORDER BY closed, id LIMIT 1",
        (books.slug, until),
    ).fetchone()
    return row


def _charge(books: Books, house: str, month: Month) -> None:
    """Close the month for a house and store what the portal will hear of it."""
    prices, facts = charged.prices_of(books.db, books.slug), charged.house_of(books.db, books.slug, house)
    if prices is None or facts is None:
        raise LookupError(house)
    accounts = [_with_payments(books, each, month) for each in charged.accounts_of(books.db, books.slug, house)]
    groups, after = _closed(facts, accounts, month, readings=_readings(books, house, month), prices=prices)
    charged.keep(books.db, books.slug, after)
    books.db.execute("UPDATE charged_house SET closed = ? WHERE slug = ? AND id = ?", (str(month), books.slug, house))
    outbox.put(books.db, books.slug, groups, kind=CHARGES, at=books.at)


def _closed(
    house: HouseFacts, accounts: Sequence[Account], month: Month, *, readings: dict[str, int], prices: PriceBook
) -> tuple[list[Group], list[Account]]:
    counts, closed = months.close_house(house, accounts, month, readings=readings, book=prices)
    used = list(rows.house_month_of(house, month, counts, prices.of(month, house)))
    of_house = [Group.of("", used)] if used else []
    return of_house + [Group.of("", list(rows.rows_of(one, month))) for one in closed], [one.account for one in closed]


def _with_payments(books: Books, account: Account, month: Month) -> Account:
    """Post what the household paid in the month, up to today; what the portal was told of already stays as it is."""
    if account.paid:
        return account
    today = books.at.astimezone(ZoneInfo(books.provider["zone"])).date()
    paid = tuple(each for each in payments.paid_in(account, month) if each.paid_on <= today)
    return replace(account, paid=paid)


def _readings(books: Books, house: str, month: Month) -> dict[str, int]:
    """Return what the registers of the house's accounts showed in the month, as far as it came."""
    found = books.db.execute(
        "SELECT k.place, k.value FROM account a JOIN point p ON p.slug = a.slug AND p.contract = a.id"
        " JOIN meter m ON m.slug = p.slug AND m.point = p.id JOIN register r ON r.slug = m.slug AND r.meter = m.id"
        " JOIN reading k ON k.slug = r.slug AND k.place = r.id AND k.month = ?"
        " WHERE a.slug = ? AND a.house = ? ORDER BY k.taken_on",
        (str(month), books.slug, house),
    )
    return {row["place"]: int(row["value"].partition(".")[0]) for row in found}


def _tell(books: Books, row: sqlite3.Row) -> None:
    outbox.put(books.db, books.slug, [Group("", tuple(row["told"].split("\n")))], kind="billing_period", at=books.at)
    books.db.execute("DELETE FROM closing WHERE slug = ? AND month = ?", (books.slug, row["month"]))
