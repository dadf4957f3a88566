"""Where things lie: the clone, its environment, the default data folder."""

import os
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
VENV: Final = ROOT / ".venv"
PYTHON: Final = VENV / "bin" / "python"
TOOLS: Final = ROOT / ".tools"
BUILD: Final = ROOT / "build"


def default_data_folder() -> Path:
    """Return KABINET_DATA, else the usual place of this kind of user."""
    if chosen := os.environ.get("KABINET_DATA"):
        return Path(chosen).absolute()
    if os.geteuid() == 0:
        return Path("/var/lib/kabinet")
    share = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(share) / "kabinet"
