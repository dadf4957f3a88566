"""The books of the billing systems: one SQLite file for all providers, every table keyed by the provider's slug."""

from pathlib import Path
from typing import Final

from sandbox.database import Database

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS provider (
    slug TEXT PRIMARY KEY, generation TEXT NOT NULL, name TEXT NOT NULL, source TEXT NOT NULL, zone TEXT NOT NULL,
    window_rule TEXT NOT NULL, is_automatic INTEGER NOT NULL DEFAULT 1, delay_seconds REAL NOT NULL DEFAULT 2,
    fault TEXT NOT NULL DEFAULT 'none', acknowledged INTEGER NOT NULL DEFAULT 0, trouble TEXT
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS contract (
    slug TEXT NOT NULL, id TEXT NOT NULL, number TEXT NOT NULL, inn TEXT NOT NULL, customer_name TEXT NOT NULL,
    deadline_day INTEGER, PRIMARY KEY (slug, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS contract_by_number ON contract (slug, number);

CREATE TABLE IF NOT EXISTS annex (
    slug TEXT NOT NULL, id TEXT NOT NULL, contract TEXT NOT NULL, number TEXT NOT NULL, title TEXT NOT NULL,
    signed_on TEXT, file TEXT, PRIMARY KEY (slug, id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS point (
    slug TEXT NOT NULL, id TEXT NOT NULL, contract TEXT NOT NULL, address TEXT NOT NULL, PRIMARY KEY (slug, id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS meter (
    slug TEXT NOT NULL, id TEXT NOT NULL, point TEXT NOT NULL, number TEXT NOT NULL, resource TEXT NOT NULL,
    verification_due TEXT, PRIMARY KEY (slug, id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS register (
    slug TEXT NOT NULL, id TEXT NOT NULL, meter TEXT NOT NULL, zone TEXT NOT NULL, integer_digits INTEGER NOT NULL,
    limit_per_day TEXT, valid_from TEXT NOT NULL, valid_to TEXT, PRIMARY KEY (slug, id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS reading (
    slug TEXT NOT NULL, id TEXT NOT NULL, place TEXT NOT NULL, month TEXT NOT NULL, taken_on TEXT NOT NULL,
    value TEXT NOT NULL, origin TEXT NOT NULL, version INTEGER NOT NULL, submission TEXT, PRIMARY KEY (slug, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS reading_newest ON reading (place, taken_on DESC, month DESC);

CREATE TABLE IF NOT EXISTS period (
    slug TEXT NOT NULL, month TEXT NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (slug, month)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS submission (
    slug TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, contract TEXT NOT NULL,
    place TEXT NOT NULL, month TEXT NOT NULL, value TEXT NOT NULL, taken_on TEXT NOT NULL, sent_at TEXT NOT NULL,
    rolls_over INTEGER NOT NULL, corrects TEXT, confirmed TEXT NOT NULL, received_at TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting', reason_code TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
    billed_in TEXT, decided_at TEXT, decided_by TEXT, tried_fault TEXT, delivered_at TEXT, trouble TEXT,
    PRIMARY KEY (slug, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS submission_by_seq ON submission (slug, seq);
CREATE INDEX IF NOT EXISTS submission_waiting ON submission (slug, received_at) WHERE state = 'waiting';

CREATE TABLE IF NOT EXISTS act (
    slug TEXT NOT NULL, id TEXT NOT NULL, contract TEXT NOT NULL, since TEXT NOT NULL, until TEXT NOT NULL,
    received_at TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', number TEXT NOT NULL DEFAULT '', made_on TEXT,
    body BLOB, PRIMARY KEY (slug, id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS price_list (
    slug TEXT PRIMARY KEY, body TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS charged_house (
    slug TEXT NOT NULL, id TEXT NOT NULL, facts TEXT NOT NULL, closed TEXT NOT NULL, PRIMARY KEY (slug, id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS closing (
    slug TEXT NOT NULL, month TEXT NOT NULL, told TEXT NOT NULL, PRIMARY KEY (slug, month)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS account (
    slug TEXT NOT NULL, id TEXT NOT NULL, house TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (slug, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS account_of_house ON account (slug, house);

CREATE TABLE IF NOT EXISTS batch (
    id INTEGER PRIMARY KEY AUTOINCREMENT, slug TEXT NOT NULL, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
    groups TEXT NOT NULL, body BLOB NOT NULL, made_at TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting',
    attempts INTEGER NOT NULL DEFAULT 0, next_try_at REAL NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS batch_waiting ON batch (slug, id) WHERE state = 'waiting';

CREATE TABLE IF NOT EXISTS journal (
    id INTEGER PRIMARY KEY AUTOINCREMENT, slug TEXT NOT NULL, at TEXT NOT NULL, direction TEXT NOT NULL,
    kind TEXT NOT NULL, subject TEXT NOT NULL, key TEXT NOT NULL, status INTEGER, answer TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS journal_of_provider ON journal (slug, id);
"""

TABLES: Final = (
    "contract", "annex", "point", "meter", "register", "reading", "period", "submission", "act", "price_list",
    "charged_house", "closing", "account", "batch", "journal",
)  # fmt: skip


def open_books(path: Path) -> Database:
    """Return the books, made when they are not there yet."""
    return Database(path, schema=_SCHEMA)
