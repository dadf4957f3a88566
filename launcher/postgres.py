"""The embedded PostgreSQL: a real server in the data folder, reached by a unix socket alone."""

import hashlib
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from launcher.accounts import Account, first_closed_folder, give, lent_to
from launcher.binaries import Binaries, choose
from launcher.talk import Stop, last_lines

LONGEST_SOCKET_PATH: Final = 107
SOCKET_NAME: Final = ".s.PGSQL.5432"
OWNER: Final = "kabinet"
START_SECONDS: Final = 60
STOP_SECONDS: Final = 10

SETTINGS: Final = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "512MB",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_min_messages": "warning",
}

# The owner is no superuser; nobody can sign in as one, since the superuser has no password.
BIRTH: Final = """\
CREATE ROLE {owner} LOGIN CREATEDB CREATEROLE PASSWORD '{password}';
CREATE DATABASE {owner} OWNER {owner};
"""


@dataclass(frozen=True)
class Cluster:
    """A server's data, its programs, its user, and how it is reached."""

    data: Path
    sockets: Path
    binaries: Binaries
    account: Account | None
    password: str

    @property
    def url(self) -> str:
        return f"postgresql://{OWNER}:{quote(self.password, safe='')}@/{OWNER}?host={quote(str(self.sockets), safe='')}"


def prepare(folder: Path, *, account: Account | None, password: str) -> Cluster:
    """Return the data folder's server, ready to start; its data are made at the first call."""
    require_reachable(folder, account)
    data = folder / "postgres"
    cluster = Cluster(
        data=data,
        sockets=socket_folder(folder),
        binaries=choose(account=account, data_major=major_of_data(data), copies=folder / "binaries"),
        account=account,
        password=password,
    )
    # Two users meet at the socket when root starts the server; the password then decides, not the folder's mode.
    give_socket_folder(cluster.sockets, account)
    if not data.exists():
        make_data(cluster)
    return cluster


def require_reachable(folder: Path, account: Account | None) -> None:
    """Open our own folder to the server's user; stop when a folder above it is closed."""
    if account is None:
        return
    if first_closed_folder(folder, account) == folder:
        folder.chmod(folder.stat().st_mode | 0o011)
    if closed := first_closed_folder(folder, account):
        raise Stop(
            f"PostgreSQL runs as the user «{account.name}», who may not enter {closed}.\n"
            "Choose another folder with --data, for example --data /var/lib/kabinet."
        )


def major_of_data(data: Path) -> int | None:
    """Return the version that made the data; None when there are none."""
    try:
        return int((data / "PG_VERSION").read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None


def socket_folder(folder: Path, *, user: int | None = None) -> Path:
    """Return where the socket lies: in the data folder, or a plain folder when that path does not fit a socket."""
    inside = folder / "socket"
    # Both ends read a comma as the end of one folder's name.
    if len(os.fsencode(inside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH and not {",", '"'} & set(str(inside)):
        return inside
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path("/tmp") / f"kabinet-{os.geteuid() if user is None else user}-{name}"  # noqa: S108 -- its owner is checked


def give_socket_folder(sockets: Path, account: Account | None) -> None:
    """Make the socket's folder; refuse one in a shared place that somebody else made before us."""
    if sockets.is_symlink() or (sockets.exists() and sockets.stat().st_uid not in trusted_ids(account)):
        raise Stop(f"{sockets} belongs to somebody else. Remove it, or choose a shorter --data folder.")
    give(sockets, account, mode=0o700 if account is None else 0o711)


def trusted_ids(account: Account | None) -> set[int]:
    return {os.geteuid(), *([account.uid] if account else [])}


def make_data(cluster: Cluster) -> None:
    """Make the data apart and rename them when they are whole: a half-made folder is never taken for data."""
    half = cluster.data.with_name("postgres.half")
    shutil.rmtree(half, ignore_errors=True)
    give(half, cluster.account, mode=0o700)
    # Trust lasts for the single-user start below: no other happens before pg_hba.conf is replaced.
    options = ["-E", "UTF8", "--locale=C.UTF-8", "--lc-collate=C", "--data-checksums", "-U", "postgres", "-A", "trust"]
    run_tool(cluster, "initdb", [*options, "-D", str(half)])
    (half / "pg_hba.conf").write_text("local all all scram-sha-256\n", encoding="ascii")
    birth = BIRTH.format(owner=OWNER, password=cluster.password)
    run_tool(cluster, "postgres", ["--single", "-D", str(half), "postgres"], text=birth)
    half.rename(cluster.data)


def run_tool(cluster: Cluster, program: str, options: list[str], *, text: str = "") -> None:
    done = subprocess.run(
        [cluster.binaries[program], *options],
        input=text,
        text=True,
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
        check=False,
        **lent_to(cluster.account),
    )
    # Single-user mode ends well even when a statement failed; then it says so.
    if done.returncode != 0 or "ERROR:" in done.stdout:
        raise Stop(f"{done.stdout.strip()}\nThe database could not be made ({program}).")


def command(cluster: Cluster) -> list[str]:
    """Return the server's command line; settings are given at each start, so that a newer launcher's hold."""
    settings = {
        **SETTINGS,
        "unix_socket_directories": str(cluster.sockets),
        "unix_socket_permissions": "0700" if cluster.account is None else "0777",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [cluster.binaries["postgres"], "-D", str(cluster.data), *options]


def is_ready(cluster: Cluster) -> bool:
    """Ask the server whether it takes connections."""
    check = [cluster.binaries["pg_isready"], "-q", "-t", "2", "-h", str(cluster.sockets)]
    return subprocess.run(check, check=False, **lent_to(cluster.account)).returncode == 0


def clear_the_way(cluster: Cluster) -> None:
    """Stop a server left by a killed launcher; forget the id of one that is gone.

    Only the holder of the data folder's lock may call it. PostgreSQL itself takes any living process with the noted id
    for a server, which after a restart of the machine (or in a container) it often is not.
    """
    note = cluster.data / "postmaster.pid"
    pid = noted_pid(note)
    if pid is None:
        return
    if not is_server(pid, cluster.data):
        note.unlink(missing_ok=True)
        return
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + STOP_SECONDS
    while is_server(pid, cluster.data):
        if time.monotonic() > deadline:
            raise Stop(f"The database server of another start (process {pid}) does not end. End it and start again.")
        time.sleep(0.05)


def noted_pid(note: Path) -> int | None:
    try:
        return int(note.read_text(encoding="utf-8").splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def is_server(pid: int, data: Path) -> bool:
    """Say whether the process works in the data folder, as a server of it does."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(data)
    except OSError:
        return False


def explain_failure(log: Path) -> Stop:
    return Stop(f"{last_lines(log)}\nThe database server did not start; its words are above and in {log}.")
