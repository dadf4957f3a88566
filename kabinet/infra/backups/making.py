"""Makes a backup: dump and files of one snapshot, whole or not at all."""

import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from django.core.files.storage import default_storage
from django.db import connection, transaction

from kabinet.infra import storage
from kabinet.infra.backups import manifest, programs
from kabinet.infra.backups.manifest import DUMP, FILES, SUMS, Manifest
from kabinet.infra.backups.programs import Programs
from kabinet.infra.models import StoredFile
from kabinet.infra.verdicts import ScanState

NAMED_BY: Final = "%Y-%m-%dT%H-%M-%SZ"
UNFINISHED: Final = ".half"
SECONDS_BETWEEN_WORDS: Final = 5.0
MEGABYTE: Final = 1024 * 1024

Tell = Callable[[str], None]


class BackupRunning(Exception):
    """Raised when another backup is being made, or the night's job is deleting files at this moment."""


class DumpFailed(Exception):
    """Raised when a program of PostgreSQL's ended badly; says its words."""


@dataclass(slots=True)
class Telling:
    """Says how far the work is, not oftener than every few seconds."""

    tell: Tell
    last: float = field(default_factory=time.monotonic)

    def now_and_then(self, words: str) -> None:
        if time.monotonic() - self.last >= SECONDS_BETWEEN_WORDS:
            self.last = time.monotonic()
            self.tell(words)


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup: where it is, what it says of itself, and how many files it shares with the one before."""

    folder: Path
    manifest: Manifest
    linked: int


@dataclass(slots=True)
class _Copies:
    """The files of a backup as they come in."""

    count: int = 0
    size: int = 0
    linked: int = 0
    broken: list[str] = field(default_factory=list)


def make(into: Path, *, at: datetime, tell: Tell) -> Made:
    """Write a backup into a new folder below `into` and return it."""
    using = programs.choose()
    name = at.strftime(NAMED_BY)
    half = into / (name + UNFINISHED)
    half.mkdir(parents=True, mode=0o700)
    try:
        with _alone(), _snapshot() as snapshot:
            tell("Dumping the database.")
            _dump(half / DUMP, snapshot=snapshot, using=using, telling=Telling(tell))
            tell("Copying the stored files.")
            copies = _copy_files(half, before=newest_in(into), telling=Telling(tell))
            made = _described(half, copies, at=at, using=using)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise
    made.write(half)
    _sync_folder(half)
    half.rename(into / name)
    _sync_folder(into)
    return Made(into / name, made, copies.linked)


@contextmanager
def _alone() -> Iterator[None]:
    """Keep the night's job from deleting bytes whose rows the snapshot still has."""
    with storage.alone_with_bytes() as is_alone:
        if not is_alone:
            raise BackupRunning
        yield


@contextmanager
def _snapshot() -> Iterator[str]:
    """Hold one state of the database, and let a program see the same."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        row = cursor.fetchone()
        yield str(row[0]) if row else ""


def _dump(target: Path, *, snapshot: str, using: Programs, telling: Telling) -> None:
    options = ["--format=custom", f"--snapshot={snapshot}", f"--file={target}", "--schema=public"]
    # The extension stands beside the schema's objects and is not named by it.
    command = [using["pg_dump"], *options, "--extension=btree_gist", "--no-password"]
    with subprocess.Popen(  # noqa: S603 - a program of PostgreSQL's, no shell
        command, env=programs.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, errors="replace",
    ) as running:  # fmt: skip
        while running.poll() is None:
            time.sleep(0.1)
            size = target.stat().st_size if target.exists() else 0
            telling.now_and_then(f"  {size // MEGABYTE} MB of the database")
        words = running.stderr.read().strip() if running.stderr else ""
    if running.returncode != 0:
        raise DumpFailed(words)
    with target.open("rb") as written:
        os.fsync(written.fileno())


def _copy_files(half: Path, *, before: Path | None, telling: Telling) -> _Copies:
    """Copy what the snapshot's rows name; name what is gone or changed in the storage, and go on."""
    copies, total = _Copies(), StoredFile.objects.count()
    with (half / SUMS).open("w", encoding="utf-8") as sums:
        sums.write(f"{manifest.digest_of(half / DUMP)}  {DUMP}\n")
        # What had a virus has no bytes any more.
        for stored in StoredFile.objects.exclude(scan=ScanState.INFECTED).order_by("pk").iterator():
            if not _copy(stored, half, before=before, copies=copies):
                copies.broken.append(str(stored.pk))
                continue
            sums.write(f"{stored.sha256}  {FILES}/{stored.place}\n")
            copies.count += 1
            copies.size += stored.size
            telling.now_and_then(f"  {copies.count} of {total} files, {copies.size // MEGABYTE} MB")
        sums.flush()
        os.fsync(sums.fileno())
    return copies


def _copy(stored: StoredFile, half: Path, *, before: Path | None, copies: _Copies) -> bool:
    """Put one file into the backup; what the backup before has, whole, is linked and takes no room."""
    target = half / FILES / stored.place
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    known = before / FILES / stored.place if before else None
    if known and manifest.digest_of(known) == stored.sha256:
        target.hardlink_to(known)
        copies.linked += 1
        return True
    try:
        return _copied_digest(stored, target) == stored.sha256
    except FileNotFoundError:
        return False


def _copied_digest(stored: StoredFile, target: Path) -> str:
    digest = hashlib.sha256()
    with default_storage.open(stored.place, "rb") as source, target.open("xb") as out:
        for piece in source.chunks(storage.PIECE):
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _described(half: Path, copies: _Copies, *, at: datetime, using: Programs) -> Manifest:
    return Manifest(
        made_at=at.isoformat(),
        programs=using.major,
        sums=manifest.digest_of(half / SUMS),
        files=copies.count,
        size=copies.size + (half / DUMP).stat().st_size,
        migrations=manifest.applied_migrations(),
        rows=manifest.rows_of_tables(),
        anchor=manifest.newest_anchor(),
        key=manifest.key_mark(),
        broken=tuple(copies.broken),
    )


def newest_in(folder: Path) -> Path | None:
    """Return the newest finished backup below the folder."""
    return next(iter(finished_in(folder)), None)


def finished_in(folder: Path) -> list[Path]:
    """Return the finished backups below the folder, the newest first."""
    return sorted((path.parent for path in folder.glob(f"*Z/{manifest.NAME}")), reverse=True)


def forget_old(folder: Path, *, keep: int) -> list[Path]:
    """Delete the finished backups past the newest so many; return them."""
    old = finished_in(folder)[keep:]
    for path in old:
        shutil.rmtree(path)
    return old


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
