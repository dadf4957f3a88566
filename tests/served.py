"""The web server as it is in use, on the tests' database, and browsers that speak to it over HTTP."""

import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
from django.conf import settings
from django.db import connection
from django.test import Client
from lxml import html
from psycopg.conninfo import make_conninfo

from kabinet.accounts.models import User
from kabinet.providers.models import Provider
from launcher.processes import dies_with_parent
from tests import world
from tests.faults.demo import ROOT, children_of, command_of
from tests.free_ports import free_port

SECONDS_TO_START: Final = 60
SEND: Final = "/w/readings/cold-water/"
SUCCESS: Final = "Успешно! Данные переданы"

# Each client would read the system's certificates, which takes longer than all that it asks.
_NO_TLS: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass(frozen=True)
class Server:
    """A started server: where it is, its process, and by how much its business clock differs from the machine's."""

    port: int
    pid: int
    shift: timedelta

    @property
    def now(self) -> datetime:
        """Return the business moment as the server sees it."""
        return datetime.now(UTC) + self.shift

    def workers(self) -> list[int]:
        """Return the processes that answer pages."""
        return [pid for pid in children_of(self.pid) if "resource_tracker" not in command_of(pid)]


@contextmanager
def web_server(*, at: datetime | None = None, workers: int = 1) -> Iterator[Server]:
    """Start a server, which sees what is committed; where a moment is given, its business clock starts from there."""
    shift = timedelta(seconds=round((at - datetime.now(UTC)).total_seconds())) if at else timedelta(0)
    port = free_port()
    url = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])
    options = ["--interface", "wsgi", "--port", str(port), "--workers", str(workers), "--respawn-failed-workers"]
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", *options, "--blocking-threads", "80", "config.wsgi:application"],
        cwd=ROOT,
        env=os.environ
        | {
            "DATABASE_URL": url,
            "KABINET_DB_ROLE": "kabinet_app",
            "KABINET_HOSTS": "a",
            "KABINET_CLOCK_SHIFT": str(round(shift.total_seconds())),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=dies_with_parent(signal.SIGKILL),  # noqa: PLW1509 - no other thread runs yet
    )
    try:
        until = time.monotonic() + SECONDS_TO_START
        while not is_alive(port):
            assert time.monotonic() < until
            time.sleep(0.2)
        yield Server(port, server.pid, shift)
    finally:
        server.terminate()
        server.wait()


def is_alive(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/livez", headers={"Host": "localhost"}, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def browser_of(user: User, of: Provider, port: int) -> httpx.Client:
    """Return a browser with a session of the person."""
    token = world.signed_in(Client(), user, of).cookies[settings.SESSION_COOKIE_NAME].value
    return browser_with({settings.SESSION_COOKIE_NAME: token}, port)


def browser_with(cookies: Any, port: int) -> httpx.Client:
    return httpx.Client(
        base_url=f"http://127.0.0.1:{port}", cookies=cookies, timeout=60, trust_env=False, verify=_NO_TLS
    )


def sending_form(browser: httpx.Client, contract_id: Any) -> dict[str, str]:
    """Return the hidden fields of the page on which readings are sent, and its button."""
    page = html.fromstring(browser.get(SEND).raise_for_status().content)
    form = next(form for form in page.forms if f"key-{contract_id}" in form.fields)
    hidden = {field.name: field.get("value", "") for field in form.xpath(".//input[@type='hidden']")}
    return {**hidden, "send": str(contract_id)}


def is_success(answer: httpx.Response) -> bool:
    """Say whether the answer told that the reading was sent."""
    return answer.headers.get("Location") == SEND or SUCCESS in answer.text
