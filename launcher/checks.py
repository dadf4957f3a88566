"""`./run check`: every linter and static check, each named, all run."""

import os
import secrets
import subprocess
from argparse import Namespace
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from launcher import children, environment
from launcher.places import PYTHON, ROOT
from launcher.talk import say


@dataclass(frozen=True)
class Check:
    """A named command that must end well, with settings of its own if need be."""

    name: str
    command: tuple[str, ...]
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What a check said."""

    check: Check
    code: int
    words: str


def module(*arguments: str) -> tuple[str, ...]:
    return (str(PYTHON), "-m", *arguments)


LINT_IMPORTS: Final = "from importlinter.cli import lint_imports_command; lint_imports_command()"

# The settings of real use, as far as a check of settings looks at them.
AS_SERVED: Final = {
    "KABINET_MODE": "serve",
    "KABINET_SECRET_KEY": secrets.token_urlsafe(50),
    "KABINET_DATA": str(ROOT / "build"),
    "KABINET_BASE_URL": "https://kabinet.example",
    "KABINET_HOSTS": "kabinet.example",
    "KABINET_SMTP_URL": "smtp://127.0.0.1:25",
    "KABINET_MAIL_FROM": "kabinet@kabinet.example",
    "DATABASE_URL": "postgresql://kabinet@127.0.0.1/kabinet",
}

CHECKS: Final = (
    Check(name="mypy", command=module("mypy", ".")),
    Check(name="ruff check", command=module("ruff", "check", ".", "run")),
    Check(name="ruff format", command=module("ruff", "format", "--check", ".", "run")),
    Check(name="import contracts", command=(str(PYTHON), "-c", LINT_IMPORTS, "--no-logo")),
    Check(name="djlint", command=module("djlint", "--quiet", "--lint", "kabinet")),
    Check(
        name="migrations complete",
        command=(str(PYTHON), "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run"),
    ),
    Check(
        name="django check --deploy",
        command=children.manage("check", "--deploy", "--fail-level", "WARNING"),
        settings=AS_SERVED,
    ),
    Check(name="messages", command=children.manage("messages", "--check")),
    Check(name="front end", command=("npm", "run", "--silent", "lint")),
)


def check(_options: Namespace) -> int:
    """Run all checks, as many at once as there are cores; print the words of those that failed."""
    environment.ensure()
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        results = list(pool.map(run, CHECKS))
    for result in results:
        if result.code != 0:
            say(f"\n=== {result.check.name} ===\n{result.words.strip()}")
    say()
    for result in results:
        say(f"{'passed' if result.code == 0 else 'FAILED'}  {result.check.name}")
    return int(any(result.code for result in results))


def run(item: Check) -> Result:
    done = subprocess.run(
        item.command,
        cwd=ROOT,
        env={**children.base_environment(), **item.settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return Result(check=item, code=done.returncode, words=done.stdout)
