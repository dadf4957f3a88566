"""Named points at which a test ends this very process, as a power cut would.

They stand before, inside and after every use case (`db.transaction_of`), around the statement of a sending, and between
a file's bytes and its row. A test names a folder by KABINET_FAILPOINTS and arms a point by a file of its name; who
reaches the point takes the file away first, so that one arming ends one process. Without the setting they do nothing.
"""

import os
import signal
from pathlib import Path
from typing import Final

from django.conf import settings

FOLDER: Final[str] = getattr(settings, "FAILPOINTS", "")
FIRED: Final = ".fired"


def reach(where: str, what: str) -> None:
    """End the process here by force if a test has asked for it."""
    if FOLDER and _is_claimed(Path(FOLDER, f"{where} {what}")):
        os.kill(os.getpid(), signal.SIGKILL)


def _is_claimed(armed: Path) -> bool:
    """Take the arming for this process alone; of two at the same point one dies."""
    try:
        armed.rename(armed.with_name(armed.name + FIRED))
    except FileNotFoundError:
        return False
    return True
