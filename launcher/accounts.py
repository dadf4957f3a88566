"""The system user that runs PostgreSQL: it refuses root, so root lends it to another user."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from launcher.talk import Stop

CANDIDATES: Final = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A user other than ours, under which the database server runs."""

    name: str
    uid: int
    gid: int


def server_account() -> Account | None:
    """Return the user for the server; None means ourselves."""
    if os.geteuid() != 0:
        return None
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise Stop("PostgreSQL refuses to run as root, and there is no user «postgres» or «nobody». Start as another user.")


def lent_to(account: Account | None) -> dict[str, Any]:
    """Return the arguments of `subprocess` that start a program as this user, in a folder that all may enter."""
    if account is None:
        return {"cwd": "/"}
    return {"cwd": "/", "user": account.uid, "group": account.gid, "extra_groups": []}


def first_closed_folder(path: Path, account: Account | None) -> Path | None:
    """Return the topmost folder on the way to `path` that the user may not enter."""
    for folder in [*reversed(path.parents), path]:
        command = ["/bin/sh", "-c", 'test -x "$0"', str(folder)]
        if subprocess.run(command, check=False, **lent_to(account)).returncode != 0:
            return folder
    return None


def give(path: Path, account: Account | None, *, mode: int) -> None:
    """Make the folder (if absent) the user's own, with this mode."""
    path.mkdir(exist_ok=True)
    if account is not None:
        os.chown(path, account.uid, account.gid)
    path.chmod(mode)
