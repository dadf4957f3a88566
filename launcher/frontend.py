"""The front end: npm's locked packages, and the build that copies what the pages need."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

from launcher.places import BUILD, ROOT
from launcher.steps import run_step
from launcher.talk import Stop, say

OLDEST_NODE: Final = 18
INSTALL_HINT: Final = "As root, type:\n    apt-get install nodejs npm"


def source_files() -> list[Path]:
    """Return what the build is made of; nothing when there is no front end."""
    sources = [ROOT / "package.json", ROOT / "package-lock.json"]
    sources += (ROOT / "kabinet" / "web" / "frontend").rglob("*")
    return [path for path in sources if path.is_file()]


def is_there() -> bool:
    if not (ROOT / "package.json").exists():
        return True
    return (ROOT / "node_modules" / ".package-lock.json").exists() and (BUILD / "static").is_dir()


def make() -> None:
    if not (ROOT / "package.json").exists():
        return
    require_node()
    say("Building the front end.")
    run_step("npm ci", ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"])
    run_step("npm run build", ["npm", "run", "build"])


def require_node() -> None:
    """Stop with the command to type when npm is missing or Node is too old."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        raise Stop(f"npm is missing: the pages' styles and scripts are built with it. {INSTALL_HINT}")
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    if node_major(answer) < OLDEST_NODE:
        raise Stop(f"Node {answer.strip()} is too old: {OLDEST_NODE} or newer is needed. {INSTALL_HINT}")


def node_major(answer: str) -> int:
    """Return the major version out of `v18.19.0`, 0 when it is not one."""
    found = re.match(r"v?(\d+)\.", answer.strip())
    return int(found.group(1)) if found else 0
