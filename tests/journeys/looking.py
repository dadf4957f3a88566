"""Looking at what the demonstration says, again and again until it has said it."""

import json
import time
import urllib.request
from typing import Any

# What the console says, too, where a story asks for an answer of 4xx or for an outage, or breaks the line by itself.
ON_PURPOSE = (
    "the server responded with a status of 4",
    "the server responded with a status of 503",
    "Response Status Error Code 503",
    "net::ERR_FAILED",
    "htmx:afterRequest",
    "htmx:sendError",
)


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


def watch(context: Any, faults: list[str]) -> None:
    """Write down what the browser reports in any page of the context: errors of scripts, breaches of the policy."""
    context.on("weberror", lambda told: faults.append(f"{told.page and told.page.url}: {told.error}"))
    context.on("console", lambda said: _write_down(said, faults))


def _write_down(said: Any, faults: list[str]) -> None:
    if said.type == "error" and not any(words in said.text for words in ON_PURPOSE):
        faults.append(f"{said.page and said.page.url}: {said.text}")
