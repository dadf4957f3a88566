"""The data folder: one start at a time, marked as ours, with its secrets and its clock."""

import json
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

from launcher import locks
from launcher.talk import Stop

MARK: Final = ".kabinet"
MARK_TEXT: Final = "Data folder of Kabinet, layout 1.\n"
KEPT_WHEN_FRESH: Final = {MARK, "lock", "users"}
NEEDED_BYTES: Final = 500 * 1024 * 1024
PROVIDERS: Final = ("w", "g", "p", "b", "v")
DEMO_ZONE: Final = timezone(timedelta(hours=3), "Moscow")


@dataclass(frozen=True)
class Folder:
    """A data folder that is ours."""

    path: Path

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def lock(self) -> Path:
        return self.path / "lock"


def open_folder(path: Path) -> Folder:
    """Make the folder, or take one that bears our mark; refuse any other that is not empty."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (path / MARK).exists():
            if any(path.iterdir()):
                raise Stop(f"{path} is not a data folder of Kabinet and is not empty. Choose another with --data.")
            (path / MARK).write_text(MARK_TEXT, encoding="utf-8")
        (path / "logs").mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise Stop(f"The data folder {path} cannot be written: {error.strerror}. Choose another with --data.") from None
    require_space(path)
    return Folder(path=path)


def require_space(path: Path) -> None:
    free = shutil.disk_usage(path).free
    if free < NEEDED_BYTES:
        raise Stop(
            f"The disk of {path} has {free >> 20} MB left; {NEEDED_BYTES >> 20} MB are needed. "
            "Free some space, or choose another folder with --data."
        )


def hold(folder: Folder) -> int:
    """Take the folder for this start alone; the lock ends with the process, however it ends."""
    try:
        return locks.take(folder.lock)
    except locks.Held as held:
        raise Stop(
            f"The data in {folder.path} are in use by another start (process {held.by}).\n"
            "Stop that one with Ctrl-C, or choose another folder with --data."
        ) from None
    except OSError as error:
        raise Stop(f"The data folder {folder.path} cannot be written: {error.strerror}.") from None


def empty(folder: Folder) -> None:
    """Throw the data away; only a folder with our mark is ever opened, so nothing else can be hit."""
    for entry in folder.path.iterdir():
        if entry.name in KEPT_WHEN_FRESH:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    folder.logs.mkdir()


def secrets_of(folder: Folder) -> dict[str, Any]:
    """Return the demo's secrets, made at the first call and kept for its owner's eyes."""
    path = folder.path / "secrets.json"
    known = read_json(path)
    made = {
        "secret_key": secrets.token_urlsafe(50),
        "database_password": secrets.token_hex(24),
        "partner_keys": {},
        **known,
    }
    made["partner_keys"] = {slug: secrets.token_urlsafe(32) for slug in PROVIDERS} | made["partner_keys"]
    if made != known:
        write_json(path, made)
    return made


def clock_shift(folder: Folder, *, today: date | None) -> int:
    """Return the seconds from real to business time: of `today` when given, else those kept with the data."""
    path = folder.path / "state.json"
    if today is None:
        return int(read_json(path).get("clock_shift", 0))
    shift = shift_to(today, now=datetime.now(UTC))
    write_json(path, {**read_json(path), "clock_shift": shift})
    return shift


def shift_to(today: date, *, now: datetime) -> int:
    """Return the seconds that make it `today` at the present time of day, in the demo's first provider's zone."""
    return int((today - now.astimezone(DEMO_ZONE).date()) / timedelta(seconds=1))


def read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        raise Stop(f"{path} cannot be read. Put it back from a copy, or start anew with --fresh.") from None
    return content if isinstance(content, dict) else {}


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write the file whole, readable by its owner alone."""
    fresh = path.with_suffix(".new")
    file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "w", encoding="utf-8") as stream:
        json.dump(content, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
