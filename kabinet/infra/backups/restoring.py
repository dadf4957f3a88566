"""Puts a backup back: files first, then the whole database in one transaction, so that a failure changes nothing."""

import hashlib
import importlib
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from kabinet.infra import storage
from kabinet.infra.backups import manifest, programs
from kabinet.infra.backups.making import DumpFailed, Tell, Telling
from kabinet.infra.backups.manifest import DUMP, FILES, Manifest, NotABackup
from kabinet.infra.backups.programs import Programs

EMPTY: Final = """\
SET client_min_messages = warning;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""
# The rights that tables get when they are made: those of the dump name its owner, who may be called otherwise here.
# The schema stands already.
_LEFT_OUT: Final = (" DEFAULT ACL ", " SCHEMA - public ")
# Servers do not know settings of later versions, and the programs of those name them at the top of a script.
_UNKNOWN_BEFORE: Final = {"transaction_timeout": 17}
_TOP: Final = 64 * 1024
_BROKEN_OFF: Final = b"\nDO $$ BEGIN RAISE EXCEPTION 'the dump broke off'; END $$;\n"


class DatabaseNotEmpty(Exception):
    """Raised when there are tables in the database and nobody said that they may go."""


class DatabaseInUse(Exception):
    """Raised when others are connected to the database; says how many."""

    def __init__(self, others: int) -> None:
        super().__init__(others)
        self.others = others


class BackupIsNewer(Exception):
    """Raised when the backup was made by a version that has migrations which this one does not know; names them."""

    def __init__(self, migrations: list[str]) -> None:
        super().__init__(migrations)
        self.migrations = migrations


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and what is left to do."""

    manifest: Manifest
    differing: Mapping[str, tuple[int, int]]
    unapplied: tuple[str, ...]
    has_same_key: bool


def look(folder: Path, *, over: bool) -> Manifest:
    """Return the backup's manifest if it may be restored here; refuse before anything is touched."""
    made = manifest.read(folder)
    if unknown := sorted(set(made.migrations) - known_migrations()):
        raise BackupIsNewer(unknown)
    if manifest.rows_of_tables() and not over:
        raise DatabaseNotEmpty
    if others := _others_connected():
        raise DatabaseInUse(others)
    return made


def restore(folder: Path, *, over: bool, tell: Tell) -> Restored:
    """Put files and database back and count the rows again; `over` lets what is in the database go."""
    _leave_the_pool()
    made = look(folder, over=over)
    using = programs.choose(at_least=made.programs)
    tell("Checking the dump.")
    sums = dict(manifest.sums_of(folder))
    if manifest.digest_of(folder / DUMP) != sums.pop(DUMP):
        raise NotABackup(f"{folder / DUMP} is damaged: its sum differs from the one in SHA256SUMS.")
    tell("Copying the stored files.")
    _put_files(folder, sums, telling=Telling(tell))
    tell("Restoring the database.")
    server = programs.server_major()
    connection.close()
    _restore_database(folder / DUMP, using=using, server=server)
    tell("Counting the rows.")
    return _described(made)


def known_migrations() -> set[str]:
    return {f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}


def _leave_the_pool() -> None:
    """Work by one connection: a pool opens others ahead, which would look like somebody who uses the database."""
    connection.close()
    connection.settings_dict["OPTIONS"]["pool"] = False


def _others_connected() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            # The server's own processes are nobody's.
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _put_files(folder: Path, sums: Mapping[str, str], *, telling: Telling) -> None:
    """Copy what the storage lacks; a name stands for the same bytes for ever, so nothing is ever replaced by others."""
    for number, (name, digest) in enumerate(sums.items(), start=1):
        source, place = folder / name, name.removeprefix(f"{FILES}/")
        if manifest.digest_of(source) != digest:
            raise NotABackup(f"{source} is damaged or gone: its sum differs from the one in SHA256SUMS.")
        if _digest_in_storage(place) != digest:
            default_storage.delete(place)
            with source.open("rb") as stream:
                default_storage.save(place, File(stream))
        telling.now_and_then(f"  {number} of {len(sums)} files")


def _digest_in_storage(place: str) -> str:
    if not default_storage.exists(place):
        return ""
    digest = hashlib.sha256()
    with default_storage.open(place, "rb") as stream:
        for piece in stream.chunks(storage.PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _restore_database(dump: Path, *, using: Programs, server: int) -> None:
    """Let psql do everything in one transaction: what was there goes only if what comes is whole."""
    with tempfile.TemporaryDirectory(prefix="kabinet-restore-") as name:
        work = Path(name)
        before, after, listed = work / "before.sql", work / "after.sql", work / "list"
        role, rights = roles_and_rights()
        before.write_text(EMPTY + role, encoding="utf-8")
        after.write_text(rights, encoding="utf-8")
        listed.write_text(_wanted(dump, using=using), encoding="utf-8")
        contents = [using["pg_restore"], "--no-owner", "--use-list", str(listed), "--file=-", str(dump)]
        _run(contents, [before, after], using=using, server=server)


def roles_and_rights() -> tuple[str, str]:
    """Return what makes the application's role, and what it may do with tables made from now on: the migration's own.

    Apart, since rights given before the tables come would stand beside the narrower ones that the dump gives.
    """
    whole = importlib.import_module("kabinet.infra.migrations.0001_roles").MAKE_ROLE
    role, _, rest = whole.partition("END $$;\n")
    return f"{role}END $$;\n", "\n".join(line for line in rest.splitlines() if line.startswith("ALTER DEFAULT"))


def _wanted(dump: Path, *, using: Programs) -> str:
    """Return the dump's list of contents without what is not to be restored."""
    listed = _said([using["pg_restore"], "--list", str(dump)]).splitlines(keepends=True)
    return "".join(line for line in listed if not any(words in line for words in _LEFT_OUT))


def _said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603 - a program of PostgreSQL's, no shell
    if done.returncode != 0:
        raise DumpFailed(done.stderr.strip())
    return done.stdout


def _run(contents: list[str], around: list[Path], *, using: Programs, server: int) -> None:
    """Let one program write the script of the contents, and psql run it between two of ours."""
    before, after = (["-f", str(path)] for path in around)
    psql = [using["psql"], "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "--no-password", "-o", "/dev/null"]
    with tempfile.TemporaryFile("w+") as words:
        with (
            subprocess.Popen(contents, stdout=subprocess.PIPE, stderr=words) as written,  # noqa: S603 - as above
            subprocess.Popen(  # noqa: S603 - as above
                [*psql, *before, "-f", "-", *after],
                stdin=subprocess.PIPE, stderr=words, env=programs.environment(), bufsize=0,
            ) as run,
        ):  # fmt: skip
            is_whole = _pass_on(written, run, server=server)
        if not is_whole or run.returncode != 0:
            words.seek(0)
            raise DumpFailed(words.read().strip())


def _pass_on(written: "subprocess.Popen[bytes]", run: "subprocess.Popen[bytes]", *, server: int) -> bool:
    """Hand the script over; where its writer fails, say so within the transaction, so that nothing is committed."""
    script, into = written.stdout, run.stdin
    if script is None or into is None:
        return False
    try:
        into.write(_for_server(script.read(_TOP), server=server))
        shutil.copyfileobj(script, into, manifest.PIECE)
        is_whole = written.wait() == 0
        into.write(b"" if is_whole else _BROKEN_OFF)
        into.close()
    except BrokenPipeError:
        written.kill()
        return False
    return is_whole


def _for_server(top: bytes, *, server: int) -> bytes:
    """Return the top of a script without settings that the server does not know."""
    for name, since in _UNKNOWN_BEFORE.items():
        if server < since:
            top = top.replace(f"SET {name} = 0;\n".encode(), b"")
    return top


def _described(made: Manifest) -> Restored:
    rows = manifest.rows_of_tables()
    names = sorted(rows.keys() | made.rows.keys())
    counts = {name: (made.rows.get(name, 0), rows.get(name, 0)) for name in names}
    return Restored(
        manifest=made,
        differing={name: pair for name, pair in counts.items() if pair[0] != pair[1]},
        unapplied=tuple(sorted(known_migrations() - set(manifest.applied_migrations()))),
        has_same_key=made.key == manifest.key_mark(),
    )
