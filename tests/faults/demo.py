"""A demo of this folder's own: started as anybody starts it, its processes found from the one that was started."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import httpx
import psycopg
import pytest
from psycopg.rows import dict_row

from launcher.processes import dies_with_parent
from tests.free_ports import free_port

ROOT: Final = Path(__file__).resolve().parents[2]
# Thursday; with deadline day 10 the window is open till the 12th.
TODAY: Final = "2026-10-08"
# Limits and no figures of quality: a machine that does much else at the same time has to fit, too.
SECONDS_TO_START: Final = 400
SECONDS_TO_STOP: Final = 60
# A part that was killed often is started again later and later, half a minute at most.
SECONDS_TO_COME_BACK: Final = 180
WEB_WORKERS: Final = 2
HERE: Final = "127.0.0.1"
OURS: Final = re.compile("KABINET_|DATABASE_|DJANGO_|PYTEST_")
PARTS: Final = {
    "database": "postgres",
    "portal": "granian",
    "worker": "manage.py work",
    "relay": "manage.py relay",
    "sandbox": "-m sandbox",
}

Seen = TypeVar("Seen")

# One for all looks, since each client reads the system's certificates; no proxy stands before our own machine.
LOOKS: Final = httpx.Client(timeout=20, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))


@dataclass(frozen=True)
class Demo:
    """A started demo: where it is, in which folder, and the process that keeps the others."""

    url: str
    sandbox: str
    folder: Path
    launcher: int

    @property
    def points(self) -> Path:
        """Return the folder where points are armed at which a process is to die (kabinet.infra.failpoints)."""
        return self.folder.with_suffix(".points")

    @property
    def logins(self) -> Any:
        return LOOKS.get(f"{self.sandbox}/demo/logins.json").json()

    def part(self, name: str) -> int | None:
        """Return the process of a part as it runs now."""
        found = [pid for pid in children_of(self.launcher) if PARTS[name] in command_of(pid)]
        return found[0] if found else None

    def web_workers(self) -> list[int]:
        """Return the processes that answer pages."""
        portal = self.part("portal")
        return [pid for pid in children_of(portal) if "resource_tracker" not in command_of(pid)] if portal else []

    def backends(self) -> list[int]:
        """Return the database's processes that serve a connection."""
        database = self.part("database")
        return [pid for pid in children_of(database) if " kabinet [local]" in command_of(pid)] if database else []

    def code_for(self, email: str) -> str:
        """Wait for the letter with the code."""

        def code() -> str | None:
            letters = LOOKS.get(f"{self.sandbox}/mailbox/messages.json", params={"to": email}).json()
            return next((str(letter["code"]) for letter in letters if letter["code"]), None)

        return wait_for(code, seconds=SECONDS_TO_COME_BACK)

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection[dict[str, Any]]]:
        """Connect as the owner; the address is that of the portal's own environment."""
        url = wait_for(lambda: environment_of(self.part("relay")).get("DATABASE_URL"))
        with psycopg.connect(url, row_factory=dict_row, connect_timeout=10) as connection:
            yield connection

    def ask(self, statement: str, *parameters: Any) -> list[dict[str, Any]]:
        """Ask the database; while it is down, wait for it."""

        def answer() -> list[list[dict[str, Any]]] | None:
            try:
                with self.database() as connection:
                    return [connection.execute(statement, parameters or None).fetchall()]
            except psycopg.OperationalError:
                return None

        return wait_for(answer, seconds=SECONDS_TO_COME_BACK)[0]

    def manage(self, *words: str) -> str:
        """Run a command of the portal's on the demo's data and return what it says; it has to end well."""
        settings = {
            **{name: value for name, value in os.environ.items() if not OURS.match(name)},
            "KABINET_DATA": str(self.folder),
        }
        command = [str(ROOT / "run"), "manage", *words]
        done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def files(self) -> set[str]:
        """Return the names of all bytes that the portal keeps."""
        return {path.name for path in (self.folder / "files").rglob("*") if path.is_file()}

    def files_with_rows(self) -> set[str]:
        return {row["name"] for row in self.ask("SELECT id::text AS name FROM infra_storedfile")}

    def billing(self, statement: str, *parameters: Any) -> list[sqlite3.Row]:
        """Ask the books of the billing system."""
        return self._sandbox("billing", statement, *parameters)

    def letters(self, address: str) -> list[bytes]:
        """Return the letters that a mailbox has got, as they came."""
        got = "SELECT raw FROM letter JOIN recipient ON recipient.letter = letter.id WHERE address = ? ORDER BY id"
        return [bytes(row["raw"]) for row in self._sandbox("mailbox", got, address)]

    def _sandbox(self, what: str, statement: str, *parameters: Any) -> list[sqlite3.Row]:
        file = next((self.folder / "sandbox").glob(f"{what}-*.sqlite3"))
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)) as connection:
            connection.row_factory = sqlite3.Row
            return connection.execute(statement, parameters).fetchall()


@contextmanager
def small_disk(size: str) -> Iterator[Path]:
    """Give a folder on a disk of its own; a machine that does not let us make one leaves the test out."""
    folder = Path(tempfile.mkdtemp(prefix="kabinet-faults-disk-", dir="/tmp"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "kabinet-faults", str(folder)]
    try:
        if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            pytest.skip("no disk can be made here: mount needs root")
        try:
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
    finally:
        folder.rmdir()


@contextmanager
def started_demo(above: Path = Path("/tmp")) -> Iterator[Demo]:
    """Start a demo, and leave nothing of it behind."""
    folder = Path(tempfile.mkdtemp(prefix="kabinet-faults-", dir=above))
    log, points = folder.with_suffix(".log"), folder.with_suffix(".points")
    points.mkdir(mode=0o755)
    port, sandbox_port = free_port(), free_port()
    command = [
        "demo",
        "--port",
        port,
        "--sandbox-port",
        sandbox_port,
        "--data",
        folder,
        "--today",
        TODAY,
        "--households",
        "60",
    ]
    with log.open("w") as output:
        process = subprocess.Popen(
            [str(ROOT / "run"), *map(str, command)],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            cwd=ROOT,
            env={
                **{name: value for name, value in os.environ.items() if not OURS.match(name)},
                "KABINET_FAILPOINTS": str(points),
            },
            start_new_session=True,
            # By force, since it reaches a launcher that is stopped, too; its children end with it.
            preexec_fn=dies_with_parent(signal.SIGKILL),  # noqa: PLW1509 -- no other thread runs yet
        )
    demo = Demo(f"http://{HERE}:{port}", f"http://{HERE}:{sandbox_port}", folder, process.pid)
    try:
        wait_until_ready(demo, process, log)
        yield demo
    finally:
        end(process, folder)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(points, ignore_errors=True)
        log.unlink(missing_ok=True)


def end(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Ask the launcher to end everything; by force if it does not, since its children end with it."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    wait_for(lambda: not processes_of(folder), seconds=SECONDS_TO_STOP)


def wait_until_ready(demo: Demo, process: subprocess.Popen[bytes], log: Path) -> None:
    def is_ready() -> bool:
        assert process.poll() is None, log.read_text()
        return is_up(demo) and demo.part("relay") is not None

    wait_for(is_ready, seconds=SECONDS_TO_START)


def is_up(demo: Demo) -> bool:
    """Say whether the portal may be given work and billing listens."""
    try:
        return LOOKS.get(f"{demo.url}/readyz").is_success and LOOKS.get(f"{demo.sandbox}/demo/logins.json").is_success
    except httpx.HTTPError:
        return False


def is_whole(demo: Demo) -> bool:
    """Say whether every part runs, and every one of the web's processes."""
    return is_up(demo) and all(map(demo.part, PARTS)) and len(demo.web_workers()) == WEB_WORKERS


def wait_for(look: Callable[[], Seen | None], *, seconds: float = 30) -> Seen:
    """Look again and again until something is seen."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if seen := look():
            return seen
        time.sleep(0.2)
    raise AssertionError(f"not seen within {seconds} seconds")


def all_processes() -> list[int]:
    """Return the system's own list."""
    return sorted(int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())


def processes_of(folder: Path) -> list[int]:
    """Return whatever runs on the demo's data: all have its folder in their environment or in their command."""
    return [pid for pid in all_processes() if str(folder) in command_of(pid) + str(environment_of(pid))]


def children_of(pid: int) -> list[int]:
    """Return the processes that this one has started."""
    return [process for process in all_processes() if parent_of(process) == pid]


def parent_of(pid: int) -> int | None:
    try:
        # The name stands in brackets and may hold anything; the parent is the second field after it.
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return None


def command_of(pid: int) -> str:
    return " ".join(words_of(pid, "cmdline"))


def environment_of(pid: int | None) -> dict[str, str]:
    pairs = (word.partition("=") for word in words_of(pid, "environ")) if pid else ()
    return {name: value for name, _, value in pairs}


def words_of(pid: int, name: str) -> list[str]:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []
