"""Looking at what the demonstration says, again and again until it has said it."""

import json
import time
import urllib.request
from typing import Any


def read_json(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


def wait_for(look: Any, *, seconds: float = 30) -> Any:
    """Look again and again until something is seen."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if seen := look():
            return seen
        time.sleep(0.1)
    raise AssertionError(f"not seen within {seconds} seconds")
