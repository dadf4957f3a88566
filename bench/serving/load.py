"""Load over HTTP by wrk, which costs the machine least: what came of it, and what it cost portal and PostgreSQL."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from bench.serving.site import Site, server_seconds
from launcher.talk import Stop

HERE: Final = Path(__file__).parent
MICROSECONDS: Final = 1_000_000
# A machine that others use may put one off; each is told.
BORNE: Final = 0.005


@dataclass(frozen=True, slots=True)
class Answered:
    """What a stretch of load came to; times are µs, of processors for each request, of waiting for one answer."""

    requests: int
    seconds: float
    application: float
    server: float
    bytes: float = 0.0
    p50: float = 0.0
    p99: float = 0.0
    refused: int = 0

    @property
    def rate(self) -> float:
        """Return the requests a second."""
        return self.requests / self.seconds


class Refused(Exception):
    """Raised when not every request was answered as it should be: what was measured says nothing."""


def require_wrk() -> None:
    if shutil.which("wrk") is None:
        raise Stop("This benchmark loads the portal by wrk, which is not here. As root, type: apt-get install wrk")


def warmed(site: Site, script: str, arguments: Sequence[object]) -> None:
    """Let every thread of every process do it once or more; who is put off meanwhile does not matter."""
    for clients in (2, 8, 16):
        _wrk(site, script, arguments, clients=clients, seconds=2)


def loaded(site: Site, script: str, arguments: Sequence[object], *, clients: int, seconds: int) -> Answered:
    """Load a site and look at the processors meanwhile."""
    application, server = site.seconds(), server_seconds()
    told = _wrk(site, script, arguments, clients=clients, seconds=seconds)
    application, server = site.seconds() - application, server_seconds() - server
    requests = told["requests"]
    refused = told["refused"] + told["broken"]
    if not requests or refused > requests * BORNE:
        raise Refused(f"{site.name}: {told}")
    return Answered(
        requests=requests,
        seconds=told["microseconds"] / MICROSECONDS,
        application=application / requests * MICROSECONDS,
        server=server / requests * MICROSECONDS,
        bytes=told["bytes"] / requests,
        p50=told["p50"],
        p99=told["p99"],
        refused=refused,
    )


def _wrk(site: Site, script: str, arguments: Sequence[object], *, clients: int, seconds: int) -> dict[str, Any]:
    with NamedTemporaryFile("w", suffix=".lua", encoding="utf-8") as whole:
        whole.write("".join((HERE / part).read_text(encoding="utf-8") for part in (script, "told.lua")))
        whole.flush()
        done = subprocess.run(  # noqa: S603 - a program of the system, arguments made here
            ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "-s", whole.name, site.address, "--",  # noqa: S607
             *map(str, arguments)],
            capture_output=True,
            text=True,
            check=True,
        )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told
