"""`./run test` and `./run test-golden`: pytest with a database of its own, and a browser for the journeys."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from launcher import children, database, environment
from launcher.places import PYTHON, ROOT
from launcher.talk import Stop, say

BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
INSTALL: Final = (("apt-get", "update"), ("apt-get", "install", "--yes", "--no-install-recommends", "chromium"))
WITHOUT_BROWSER: Final = "--no-browser"


def test(arguments: list[str]) -> int:
    """Run pytest; the arguments are its own, but for --no-browser."""
    environment.ensure()
    chosen = [argument for argument in arguments if argument != WITHOUT_BROWSER]
    settings = children.base_environment()
    if WITHOUT_BROWSER in arguments:
        chosen = ["-m", "not journey", *chosen]
    else:
        settings["KABINET_CHROMIUM"] = ensure_browser()
    return with_database(chosen, settings)


def test_golden(arguments: list[str]) -> int:
    """Run the golden cases, those of GOLDEN_DIR if it is set."""
    chosen = os.environ.get("GOLDEN_DIR")
    if chosen and not Path(chosen).is_dir():
        raise Stop(f"GOLDEN_DIR: there is no folder {chosen}.")
    environment.ensure()
    settings = children.base_environment()
    if chosen:
        settings["GOLDEN_DIR"] = str(Path(chosen).absolute())
    return with_database(["tests/golden", *arguments], settings)


def with_database(arguments: list[str], settings: dict[str, str]) -> int:
    command = [str(PYTHON), "-m", "pytest", *side_by_side(arguments), *arguments]
    if database.given():
        return subprocess.run(command, cwd=ROOT, env=settings, check=False).returncode
    with database.thrown_away() as (supervisor, url):
        return supervisor.attend(command, environment={**settings, "DATABASE_URL": url})


def side_by_side(arguments: list[str]) -> list[str]:
    """Return pytest's options for a process per core; tests of one group, such as the journeys, stay together."""
    is_chosen = any(argument.startswith("-n") or argument in {"--pdb", "-s"} for argument in arguments)
    return [] if is_chosen else ["-n", "auto", "--dist", "loadgroup"]


def ensure_browser() -> str:
    """Return the browser of the journeys; root installs Debian's if there is none."""
    if found := browser():
        return found
    hint = "apt-get install chromium"
    if shutil.which("apt-get") is None:
        raise Stop(f"The journeys need chromium, and it is not here. Install it, or leave them out: {WITHOUT_BROWSER}")
    if os.geteuid() != 0:
        raise Stop(
            "The journeys need chromium, and it is not here. As root, type:\n"
            f"    {hint}\nor leave them out: ./run test {WITHOUT_BROWSER}"
        )
    say(f"Installing chromium for the journeys: {hint}")
    for command in INSTALL:
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        if subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            raise Stop(
                f"«{' '.join(command)}» failed; its words are above. Or leave the journeys out: {WITHOUT_BROWSER}"
            )
    if found := browser():
        return found
    raise Stop("chromium was installed but is not on PATH.")


def browser() -> str | None:
    return os.environ.get("KABINET_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
