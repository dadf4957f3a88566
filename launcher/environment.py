"""Makes `.venv`, the front end and the message catalogues, and remembers of what they were made."""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from launcher import frontend, locks
from launcher.places import BUILD, PYTHON, ROOT, TOOLS, VENV
from launcher.steps import run_step
from launcher.talk import Stop, say

LOCK_FILE: Final = ROOT / "requirements.lock"
STAMP: Final = TOOLS / "stamp.json"
UNFINISHED: Final = TOOLS / "unfinished"
UV_HOME: Final = TOOLS / "uv"
UV: Final = UV_HOME / "bin" / "uv"


@dataclass(frozen=True)
class Stage:
    """A part of the environment: what it is made of, whether it is there, how it is made."""

    name: str
    sources: Callable[[], str]
    is_there: Callable[[], bool]
    make: Callable[[], None]


def ensure() -> None:
    """Bring the environment up to date."""
    bring_up_to_date(STAGES)


def ensure_static_files() -> None:
    """Collect what the pages load; a running portal serves it, so it is not touched when nothing changed."""
    bring_up_to_date([STATIC])


def bring_up_to_date(stages: Sequence[Stage]) -> None:
    """Make what is outdated; quick when nothing changed, safe when called twice at once."""
    if not outdated(stages):
        return
    make_tools_folder()
    with locks.waiting(TOOLS / "lock"):
        for stage in outdated(stages):
            stage.make()
            remember(stage)


def outdated(stages: Sequence[Stage]) -> list[Stage]:
    """Return the stages whose sources are not those they were made of."""
    stamp = read_stamp()
    return [stage for stage in stages if stamp.get(stage.name) != stage.sources() or not stage.is_there()]


def read_stamp() -> dict[str, str]:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def remember(stage: Stage) -> None:
    stamp = {**read_stamp(), stage.name: stage.sources()}
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    fresh.replace(STAMP)


def make_tools_folder() -> None:
    try:
        TOOLS.mkdir(exist_ok=True)
        (TOOLS / "lock").touch()
    except OSError as error:
        raise Stop(
            f"The environment must be made, but {TOOLS} cannot be written ({error.strerror}).\n"
            "Use a clone of your own, or start as the user that owns this one."
        ) from None


def digest(paths: Iterable[Path]) -> str:
    """Return one hash of the names and contents of files."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(f"{path.relative_to(ROOT)}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


# Python packages


def python_sources() -> str:
    """Name the lock, this folder and the interpreter: a moved clone or another Python needs a new `.venv`."""
    return f"{digest([LOCK_FILE])} {VENV} {os.path.realpath(PYTHON)}"


def python_is_there() -> bool:
    return PYTHON.exists() and not UNFINISHED.exists()


def make_python() -> None:
    say("Preparing the environment; the first time takes a few minutes.")
    make_uv()
    if not is_usable_venv():
        shutil.rmtree(VENV, ignore_errors=True)
        make_venv(VENV, with_pip=False)
    UNFINISHED.touch()
    install_packages()
    UNFINISHED.unlink()


def is_usable_venv() -> bool:
    """Say whether `.venv` was made here, to its end, and its Python still works."""
    if UNFINISHED.exists() or read_stamp().get("python", str(VENV)).find(str(VENV)) < 0:
        return False
    return answers([str(PYTHON), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"])


def make_venv(folder: Path, *, with_pip: bool) -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Stop(
            "Python's venv module is missing (Debian keeps it apart). As root, type:\n    apt-get install python3-venv"
        )
    options = ["--clear"] if with_pip else ["--clear", "--without-pip"]
    run_step("making " + folder.name, [sys.executable, "-m", "venv", *options, str(folder)])


def make_uv() -> None:
    """Install the locked uv into `.tools`; without it pip does the work, slower."""
    wanted = locked("uv")
    if UV.exists() and answers([str(UV), "--version"], says=wanted.split()[0].partition("==")[2]):
        return
    if not answers([str(UV_HOME / "bin" / "python"), "-m", "pip", "--version"]):
        make_venv(UV_HOME, with_pip=True)
    listed = TOOLS / "uv.lock.txt"
    listed.write_text(wanted, encoding="utf-8")
    run_step("installing uv", [*pip(), "install", "--quiet", "--require-hashes", "--no-deps", "-r", str(listed)])


def install_packages() -> None:
    say("Installing the locked Python packages.")
    environment = {"UV_PYTHON_DOWNLOADS": "never"}
    sync = [str(UV), "pip", "sync", "--quiet", "--python", str(PYTHON), "--require-hashes", str(LOCK_FILE)]
    try:
        run_step("uv pip sync", sync, environment=environment)
    except Stop as failure:
        say(f"{failure}\nTrying once more with pip.")
        target = ["--python", str(PYTHON)]
        run_step("pip install", [*pip(), *target, "install", "--quiet", "--require-hashes", "-r", str(LOCK_FILE)])


def pip() -> list[str]:
    return [str(UV_HOME / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]


def locked(name: str) -> str:
    """Return the lines of one package in requirements.lock: its version and hashes."""
    found = re.search(rf"^{name}==.*?(?=^\S|\Z)", LOCK_FILE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    if found is None:
        raise Stop(f"requirements.lock does not name {name}; make it again: ./run lock")
    return found.group()


def answers(command: list[str], *, says: str = "") -> bool:
    """Say whether a program runs, and prints what is expected."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and says in done.stdout


# Front end and catalogues


def catalogue_files() -> list[Path]:
    return list((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))


def catalogues_are_there() -> bool:
    return all(path.with_suffix(".mo").exists() for path in catalogue_files())


def make_catalogues() -> None:
    """Compile with Babel: msgfmt is a system package that a bare machine lacks."""
    for domain in sorted({path.stem for path in catalogue_files()}):
        compile_ = [str(PYTHON), "-m", "babel.messages.frontend", "-q", "compile", "-d", str(ROOT / "locale")]
        run_step("compiling messages", [*compile_, "-D", domain])


# Static files


def static_files() -> list[Path]:
    folders = [BUILD / "static", *(ROOT / "kabinet").glob("*/static")]
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def collect_static_files() -> None:
    """Copy, name by contents and compress; the demo's settings do it as the real ones would, and need no secrets."""
    collect = [str(PYTHON), "manage.py", "collectstatic", "--noinput"]
    run_step("collectstatic", collect, environment={"KABINET_MODE": "demo"})


STATIC: Final = Stage(
    name="static",
    sources=lambda: digest([ROOT / "config" / "settings.py", *static_files()]),
    is_there=(BUILD / "collected" / "staticfiles.json").exists,
    make=collect_static_files,
)
STAGES: Final = (
    Stage(name="python", sources=python_sources, is_there=python_is_there, make=make_python),
    Stage(
        name="frontend",
        sources=lambda: digest(frontend.source_files()),
        is_there=frontend.is_there,
        make=frontend.make,
    ),
    Stage(
        name="catalogues",
        sources=lambda: digest(catalogue_files()),
        is_there=catalogues_are_there,
        make=make_catalogues,
    ),
)
