"""`./run serve`: real use, only when nothing is missing."""

import os
import secrets
import shutil
import subprocess
from argparse import Namespace
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from launcher import children, environment, folder, ports
from launcher.places import PYTHON, ROOT
from launcher.supervisor import Supervisor, status_of
from launcher.talk import Stop, say

SHORTEST_SECRET: Final = 50
ANSWER_SECONDS: Final = 60
CHECK_SECONDS: Final = 60

REQUIRED: Final = {
    "DATABASE_URL": "the owner's address of the database, like postgresql://kabinet:…@/kabinet?host=/var/run/postgresql",
    "KABINET_SECRET_KEY": f"a random text of {SHORTEST_SECRET} signs or more; one made just now: {{secret}}",
    "KABINET_DATA": "the folder for files and logs",
    "KABINET_BASE_URL": "the portal's own address, like https://lk.example.ru",
    "KABINET_HOSTS": "the host names that providers are reached by, with commas between them",
    "KABINET_SMTP_URL": "the mail server, like smtp+tls://user:password@mail.example.ru:587",
    "KABINET_MAIL_FROM": "the sender of letters, like Кабинет <lk@example.ru>",
}

REACH: Final = """\
import os, psycopg
try:
    psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5).close()
except psycopg.Error as error:
    raise SystemExit(str(error).strip() or type(error).__name__)
"""


def serve(options: Namespace) -> int:
    """Check everything, say all that is missing at once, then run until told to stop."""
    environment.ensure()
    settings = {**children.base_environment(), "KABINET_MODE": "serve"}
    if problems := [*missing(settings), *database_problems(settings)]:
        listed = "\n".join(f"  - {problem}" for problem in problems)
        raise Stop(f"Kabinet does not start yet:\n{listed}\ndocs/operate.md tells about each setting.")
    ports.require_free(options.port, option="--port", host=options.host)
    environment.ensure_static_files()
    supervise(settings, options)
    return 0


def missing(settings: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each setting that is absent or not fit for real use."""
    for name, meaning in REQUIRED.items():
        if not value_of(settings, name) and not (
            name == "KABINET_HOSTS" and value_of(settings, "KABINET_SHARED_HOSTS")
        ):
            yield f"{name} is not set: {meaning.format(secret=secrets.token_urlsafe(SHORTEST_SECRET))}."
    secret = value_of(settings, "KABINET_SECRET_KEY")
    if secret and (len(secret) < SHORTEST_SECRET or "insecure" in secret):
        yield f"KABINET_SECRET_KEY is not a secret: {SHORTEST_SECRET} random signs or more are needed."
    base = value_of(settings, "KABINET_BASE_URL")
    if base and urlsplit(base).scheme != "https":
        yield f"KABINET_BASE_URL must begin with https://: «{base}» would send passwords and cookies in the open."
    if value_of(settings, "KABINET_FAILPOINTS"):
        yield "KABINET_FAILPOINTS is set: it is for tests, which end processes by it."
    yield from folder_problems(value_of(settings, "KABINET_DATA"))


def value_of(settings: Mapping[str, str], name: str) -> str:
    """Return a setting, or the contents of the file that NAME_FILE points at, as config/env.py reads it."""
    if value := settings.get(name):
        return value
    path = settings.get(f"{name}_FILE")
    try:
        return Path(path).read_text(encoding="utf-8").strip() if path else ""
    except OSError:
        return ""


def folder_problems(path: str) -> Iterator[str]:
    if not path:
        return
    try:
        Path(path, "logs").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        yield f"KABINET_DATA: {path} cannot be written ({error.strerror})."
        return
    if not os.access(path, os.W_OK | os.X_OK):
        yield f"KABINET_DATA: {path} cannot be written."
    elif shutil.disk_usage(path).free < folder.NEEDED_BYTES:
        yield f"KABINET_DATA: the disk of {path} has less than {folder.NEEDED_BYTES >> 20} MB left."


def database_problems(settings: Mapping[str, str]) -> Iterator[str]:
    """Yield what keeps the database from use: no way to it, or migrations not applied."""
    url = value_of(settings, "DATABASE_URL")
    if not url:
        return
    tools = {**children.as_owner(settings), "DATABASE_URL": url, "KABINET_MODE": "tools"}
    if (words := words_of_failure([str(PYTHON), "-c", REACH], tools)) is not None:
        yield f"The database cannot be reached: {' '.join(words.split())}"
    elif (words := words_of_failure([*children.manage("migrate", "--check")], tools)) is None:
        return
    elif "Traceback" in words:
        yield f"The database's migrations cannot be checked: {words.splitlines()[-1]}"
    else:
        yield "The database's migrations are not applied: ./run manage migrate"


def words_of_failure(command: list[str], settings: Mapping[str, str]) -> str | None:
    """Return what a command said when it failed, None when it ended well."""
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=dict(settings), capture_output=True, text=True, timeout=CHECK_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {CHECK_SECONDS} s"
    return None if done.returncode == 0 else done.stderr.strip()


def supervise(settings: dict[str, str], options: Namespace) -> None:
    """Run portal, worker and relay until told to stop."""
    supervisor = Supervisor(logs=Path(value_of(settings, "KABINET_DATA")) / "logs")
    with supervisor.watching():
        portal = supervisor.start(
            children.portal(settings, host=options.host, port=options.port, workers=options.workers)
        )
        supervisor.start(children.worker(settings))
        supervisor.start(children.relay(settings))
        supervisor.wait_until(lambda: is_up(options), child=portal, seconds=ANSWER_SECONDS)
        address = f"http://{options.host}:{options.port}"
        say(f"Kabinet serves {value_of(settings, 'KABINET_BASE_URL')} at {address}; logs: {supervisor.logs}")
        while True:
            supervisor.tick()


def is_up(options: Namespace) -> bool:
    """Say whether the portal answers: a redirect to https, or a refused host name, is an answer too."""
    host = ports.LOOPBACK if options.host == "0.0.0.0" else options.host  # noqa: S104 -- compared, not bound
    return 0 < status_of(host, options.port, "/livez") < HTTPStatus.INTERNAL_SERVER_ERROR
