"""`./run deep`: everything of which `./run test` runs a small share, at full strength; the result is kept."""

import json
import os
import random
import subprocess
import tempfile
import time
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from launcher import children, database, environment, proofs, testing
from launcher.places import PYTHON, ROOT
from launcher.talk import Stop, say


@dataclass(frozen=True)
class Part:
    """A selection of tests with deeper settings, and in a few words what it shows."""

    name: str
    shows: str
    selection: tuple[str, ...]  # pytest's own words
    settings: Mapping[str, str] = field(default_factory=dict)
    with_browser: bool = False


PARTS: Final = (
    Part("kills", "what was acknowledged outlives every kill, once", ("tests/faults/test_kills.py", "-n0", "-s")),
    Part("matrix", "whoever comes to whatever door gets his own and no more", ("tests/authz",)),
    Part("invariants", "each break of an invariant is found", ("tests/staff", "-n0", "-k", "invariants")),
    Part("parts", "every installed part has a licence that may be", ("tests/launcher/test_sbom.py", "-n0")),
    Part("erasure", "of a person who was everywhere nothing is left", ("tests/home/test_erasure.py", "-n0")),
    Part(
        "restore",
        "what was backed up is again elsewhere; a server goes back to a moment",
        (
            "tests/infra/test_backups.py",
            "tests/infra/test_backups_in_use.py",
            "tests/launcher/test_point_in_time.py",
            "tests/faults/test_restore.py",
            "-n0",
        ),
    ),
    Part(
        "failpoints",
        "who dies at a named point leaves all of an act or nothing, and the same form again makes it one",
        ("tests/faults/test_failpoints.py", "-n0"),
    ),
    Part(
        "billing",
        "billing misbehaves under traffic, and has each reading once",
        ("tests/faults/test_billing.py", "-n0"),
    ),
    Part(
        "disk",
        "a full disk is a page, nothing is half stored, and it heals by itself",
        ("tests/faults/test_disk.py", "-n0"),
    ),
    Part("storm", "the same thing at once is done once", ("tests/storm", "-n0")),
    Part("machines", "whatever is pressed in whatever order, the invariants hold", ("tests/machines", "-n2")),
    Part("power", "what was acknowledged outlives the power", ("tests/faults/test_power.py", "-n0")),
    Part(
        "controls",
        "with a fault planted the tests fail, and for the right reason",
        ("tests/controls", "tests/authz/test_control.py", "tests/authz/test_control_views.py", "-n0"),
    ),
    Part(
        "bad-inputs",
        "no reader, form or page falls over, whatever is sent",
        ("tests/hostile", "-n2", "--dist=loadgroup"),
    ),
)

VERSIONS: Final = """\
import json, os, platform, django, psycopg
from importlib.metadata import version
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    server = connection.execute("SHOW server_version").fetchone()[0]
print(json.dumps({"python": platform.python_version(), "django": django.__version__, "postgresql": server,
    "psycopg": psycopg.__version__, "granian": version("granian"), "kernel": platform.release()}))
"""


def deep(options: Namespace) -> int:
    """Run the parts one after the other and keep what each has shown; all parts where none is named."""
    if options.table:
        proofs.write_table(PARTS)
        return 0
    parts = chosen(options.parts)
    environment.ensure()
    environment.ensure_static_files()
    seed = options.seed or random.SystemRandom().randrange(1, 10**6)
    result: dict[str, Any] = {"began": now(), **commit(), "seed": seed, "scale": options.scale, "cores": os.cpu_count()}
    result["versions"] = versions()
    result["parts"] = {part.name: run(part, seed=seed, scale=options.scale) for part in parts}
    kept = proofs.keep(result, folder=options.into)
    if options.into == proofs.FOLDER:
        proofs.write_table(PARTS)
    say(proofs.summary(result))
    say(f"Kept in {kept}.")
    return 0 if all(part["held"] for part in result["parts"].values()) else 1


def chosen(names: list[str]) -> list[Part]:
    """Return the parts of these names in their order, all of them where there are no names."""
    known = {part.name: part for part in PARTS}
    if unknown := [name for name in names if name not in known]:
        raise Stop(f"There is no part «{unknown[0]}». The parts: {', '.join(known)}.")
    return [known[name] for name in names] or list(PARTS)


def run(part: Part, *, seed: int, scale: float) -> dict[str, Any]:
    """Run one part on a database of its own and return what its tests told."""
    say(f"\n== {part.name}: {part.shows} (seed {seed}, scale {scale:g})")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kabinet-deep-") as folder:
        told = Path(folder) / "told.json"
        settings = {
            **children.base_environment(),
            **part.settings,
            "KABINET_DEEP": "1",
            "KABINET_SEED": str(seed),
            "KABINET_SCALE": str(scale),
            "KABINET_TOLD": str(told),
        }
        selection = list(part.selection)
        if part.with_browser:
            settings["KABINET_CHROMIUM"] = testing.ensure_browser()
        else:
            selection = ["-m", "not journey", *selection]
        code = testing.with_database(selection, settings)
        facts = json.loads(told.read_text(encoding="utf-8")) if told.exists() else {"tests": {}, "figures": {}}
    return {"held": code == 0, "seconds": round(time.monotonic() - began), **facts}


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def commit() -> dict[str, Any]:
    """Say which code was run, and whether it is that of a commit."""
    git = ["git", "-c", "safe.directory=*"]
    name = subprocess.run(
        [*git, "rev-parse", "--short=10", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    state = subprocess.run([*git, "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=False)
    return {"commit": name.stdout.strip(), "changed_since": bool(state.stdout.strip())}


def versions() -> dict[str, str]:
    """Ask the parts that everything stands on for their versions."""
    with database.thrown_away() as (_supervisor, url):
        settings = {**children.base_environment(), "DATABASE_URL": url}
        done = subprocess.run([str(PYTHON), "-c", VERSIONS], env=settings, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found
