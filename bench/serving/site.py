"""The portal as `./run serve` starts it, on a port of this machine: two processes with four threads each."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.serving.crowd import HOST
from bench.serving.processes import below, largest_below, postmaster, seconds_below
from launcher import children, environment, ports
from launcher.processes import Program
from launcher.supervisor import Supervisor, status_of

WORKERS: Final = 2
ANSWER_SECONDS: Final = 60.0
COOKIE: Final = "__Host-kabinet"
# The secret of forms that every browser brings.
SECRET: Final = "abcdefghijklmnopqrstuvwxyz012345"  # noqa: S105 - of nobody
# Of requests that never leave this process.
COOKIE_OF_TOOLS: Final = "kabinet"
# What a proxy before the portal would say.
HEADERS: Final = {"Host": HOST, "X-Forwarded-Proto": "https"}


@dataclass(frozen=True, slots=True)
class Site:
    """A server that answers on a port, and its first process."""

    name: str
    port: int
    pid: int

    @property
    def address(self) -> str:
        return f"http://{ports.LOOPBACK}:{self.port}"

    def seconds(self) -> float:
        """Return the seconds of processors that it has used."""
        return seconds_below(self.pid)

    def memory(self) -> int:
        """Return the bytes of its largest process."""
        return largest_below(self.pid)

    def processes(self) -> list[int]:
        return list(below(self.pid))


def settings_in(folder: Path) -> dict[str, str]:
    """Return the environment of real use; where the database is, the bench's own says."""
    return {
        **children.base_environment(),
        "KABINET_MODE": "serve",
        "KABINET_SECRET_KEY": secrets.token_urlsafe(50),
        "KABINET_DATA": str(folder),
        "KABINET_BASE_URL": f"https://{HOST}",
        "KABINET_HOSTS": HOST,
        "KABINET_TRUSTED_PROXIES": "127.0.0.1",
        "KABINET_SMTP_URL": "smtp://127.0.0.1:9",
        "KABINET_MAIL_FROM": f"kabinet@{HOST}",
        "KABINET_LOG_LEVEL": "WARNING",
    }


@contextmanager
def portal(port: int, *, more: Mapping[str, str] | None = None) -> Iterator[Site]:
    """Start the portal, without worker and relay; it is gone afterwards."""
    environment.ensure_static_files()
    with TemporaryDirectory(prefix="kabinet-bench-") as folder:
        settings = settings_in(Path(folder)) | dict(more or {})
        with running(children.portal(settings, host=ports.LOOPBACK, port=port, workers=WORKERS), port=port) as site:
            yield site


@contextmanager
def running(program: Program, *, port: int, logs: Path | None = None) -> Iterator[Site]:
    """Start a program that listens on a port, and wait until it answers."""
    ports.require_free(port, option="--port")
    with TemporaryDirectory(prefix="kabinet-bench-logs-") as folder:
        supervisor = Supervisor(logs=logs or Path(folder))
        with supervisor.watching():
            child = supervisor.start(program)
            supervisor.wait_until(
                lambda: status_of(ports.LOOPBACK, port, "/livez") > 0, child=child, seconds=ANSWER_SECONDS
            )
            if child.process is None:
                raise AssertionError
            yield Site(program.name, port, child.process.pid)


def server_seconds() -> float:
    """Return the seconds of processors of PostgreSQL with all its processes."""
    return seconds_below(postmaster())
