"""What a backup says of itself."""

import dataclasses
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.crypto import salted_hmac

from kabinet.infra import chain

NAME: Final = "manifest.json"
DUMP: Final = "database.dump"
FILES: Final = "files"
SUMS: Final = "SHA256SUMS"
LAYOUT: Final = 1
PIECE: Final = 1024 * 1024


class NotABackup(Exception):
    """Raised when a folder is no whole backup of ours; says in words what is missing or differs."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Facts by which a backup is checked before it is restored, and the data after it."""

    made_at: str
    programs: int
    sums: str
    files: int
    size: int
    migrations: tuple[str, ...]
    rows: Mapping[str, int]
    anchor: str
    key: str
    broken: tuple[str, ...] = field(default=())
    layout: int = LAYOUT

    def write(self, folder: Path) -> None:
        write_durably(folder / NAME, json.dumps(dataclasses.asdict(self), indent=1, ensure_ascii=False) + "\n")


def read(folder: Path) -> Manifest:
    """Return the manifest of a backup; refuse a folder that is none, or whose list of sums was changed."""
    try:
        facts = json.loads((folder / NAME).read_text(encoding="utf-8"))
        made = Manifest(**{**facts, "migrations": tuple(facts["migrations"]), "broken": tuple(facts["broken"])})
    except FileNotFoundError:
        raise NotABackup(f"{folder} has no {NAME}: it is no backup, or one that was not finished.") from None
    except (ValueError, TypeError, KeyError):
        raise NotABackup(f"{folder / NAME} cannot be read.") from None
    if made.layout != LAYOUT:
        raise NotABackup(f"{folder} has the layout {made.layout}; this version knows {LAYOUT}.")
    if digest_of(folder / SUMS) != made.sums:
        raise NotABackup(f"{folder / SUMS} was changed after the backup was made.")
    return made


def sums_of(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each name of a backup's list with its sum, as `sha256sum -c` reads it."""
    with (folder / SUMS).open(encoding="utf-8") as lines:
        for line in lines:
            digest, _, name = line.rstrip("\n").partition("  ")
            yield name, digest


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file; empty where there is none."""
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def applied_migrations() -> tuple[str, ...]:
    """Return what the database was brought to."""
    return tuple(sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()))


def rows_of_tables() -> dict[str, int]:
    """Count the rows of every table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall()]
        if not tables:
            return {}
        quoted = [(name, connection.ops.quote_name(name)) for name in tables]
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM {table}" for name, table in quoted))  # noqa: S608 - names of our own tables
        return dict(cursor.fetchall())


def newest_anchor() -> str:
    """Return the audit's newest anchor, as `audit_verify --expect` takes it."""
    newest = chain.newest()
    return f"{newest.number}:{newest.digest}" if newest else ""


def key_mark() -> str:
    """Return a mark of the installation's secret key, which tells nothing of it."""
    return salted_hmac("kabinet.infra.backups", "key", algorithm="sha256").hexdigest()[:16]


def write_durably(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
