"""Gives each command its database: DATABASE_URL as it is, else the embedded server."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from launcher import locks, postgres
from launcher.accounts import lent_to, server_account
from launcher.postgres import Cluster
from launcher.processes import Program
from launcher.supervisor import Supervisor

THROWN_AWAY: Final = "kabinet-test-"


def given() -> str | None:
    """Return the operator's own database address."""
    return os.environ.get("DATABASE_URL") or None


def start(supervisor: Supervisor, cluster: Cluster) -> str:
    """Start the server under watch and return its address when it answers."""
    postgres.clear_the_way(cluster)
    child = supervisor.start(program(cluster))
    supervisor.wait_until(lambda: postgres.is_ready(cluster), child=child, seconds=postgres.START_SECONDS)
    return cluster.url


def program(cluster: Cluster) -> Program:
    """Describe the server to the supervisor: SIGINT ends it quickly and cleanly, SIGQUIT at once, both without loss."""
    return Program(
        name="database",
        command=tuple(postgres.command(cluster)),
        environment={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
        options=lent_to(cluster.account),
        stop_signal=signal.SIGINT,
        kill_signal=signal.SIGQUIT,
        is_foundation=True,
    )


@contextmanager
def thrown_away() -> Iterator[tuple[Supervisor, str]]:
    """Run a server for one test run: new data, as durable as in real use, nothing left behind."""
    sweep_old()
    folder = Path(tempfile.mkdtemp(prefix=THROWN_AWAY))
    lock = locks.take(folder / "lock")
    supervisor = Supervisor(logs=folder)
    try:
        with supervisor.watching():
            cluster = postgres.prepare(folder, account=server_account(), password="test")  # noqa: S106
            yield supervisor, start(supervisor, cluster)
    finally:
        locks.release(lock)
        shutil.rmtree(folder, ignore_errors=True)


def sweep_old() -> None:
    """Remove what killed test runs left: folders of ours that nobody holds."""
    for folder in Path(tempfile.gettempdir()).glob(f"{THROWN_AWAY}*"):
        if folder.stat().st_uid == os.geteuid() and (folder / "lock").exists() and locks.is_free(folder / "lock"):
            shutil.rmtree(folder, ignore_errors=True)
