"""The web server as it is in use, on the tests' database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx
from django.db import connection
from psycopg.conninfo import make_conninfo

from launcher.processes import dies_with_parent
from tests.faults.demo import ROOT
from tests.free_ports import free_port

SECONDS_TO_START: Final = 60


@contextmanager
def web_server() -> Iterator[int]:
    """Start a server, which sees what is committed, and give its port."""
    port = free_port()
    url = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])
    command = ["-m", "granian", "--interface", "wsgi", "--port", str(port), "--workers", "1", "config.wsgi:application"]
    server = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url, "KABINET_DB_ROLE": "kabinet_app", "KABINET_HOSTS": "a"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=dies_with_parent(signal.SIGKILL),  # noqa: PLW1509 - no other thread runs yet
    )
    try:
        until = time.monotonic() + SECONDS_TO_START
        while not is_alive(port):
            assert time.monotonic() < until
            time.sleep(0.2)
        yield port
    finally:
        server.terminate()
        server.wait()


def is_alive(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/livez", headers={"Host": "localhost"}, trust_env=False).is_success
    except httpx.HTTPError:
        return False
