"""Runs one step of the preparation and turns its failure into a plain sentence."""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from typing import Final

from launcher.places import ROOT
from launcher.talk import Stop

NETWORK_TROUBLE: Final = re.compile(
    r"could not resolve|name resolution|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|timed out|"
    r"network is unreachable|connection (?:refused|reset|error)|failed to (?:fetch|connect)|error sending request|"
    r"NewConnectionError|from versions: none|dns error|proxy|temporary failure",
    re.IGNORECASE,
)
DISK_TROUBLE: Final = re.compile(r"no space left on device|ENOSPC", re.IGNORECASE)
SHOWN_LINES: Final = 15


def run_step(name: str, command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> None:
    """Run a command in the clone; when it fails, stop with its last lines and the likely cause."""
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise Stop(f"The step «{name}» could not start: {error}.") from None
    if done.returncode != 0:
        raise Stop(explain(name, output=done.stdout))


def explain(name: str, *, output: str) -> str:
    """Say what went wrong in a step, in words, under its own last lines."""
    tail = "\n".join(f"    {line}" for line in output.strip().splitlines()[-SHOWN_LINES:])
    if DISK_TROUBLE.search(output):
        cause = "The disk is full. Free some space and start again; what was done is kept."
    elif NETWORK_TROUBLE.search(output):
        cause = "The package registry cannot be reached. Check the network (or the proxy) and start again."
    else:
        cause = "Start again when it is mended; what was done is kept."
    return f"{tail}\nThe step «{name}» failed. {cause}"
