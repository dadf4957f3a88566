"""The embedded server, with each set of programs that this machine has."""

import os
import shutil
import signal
import stat
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

from launcher import binaries, database, postgres
from launcher.accounts import server_account
from launcher.supervisor import Supervisor
from launcher.talk import Stop

SETS = binaries.candidates()
PASSWORD = "s/e@c:ret"


@pytest.fixture
def folder():
    """Make a data folder outside of pytest's own, which the server's user may not enter."""
    path = Path(tempfile.mkdtemp(prefix="kabinet-launcher-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture(params=SETS, ids=[str(path).replace("/", "-").strip("-")[:24] for path in SETS])
def forced_binaries(request, monkeypatch):
    monkeypatch.setenv("KABINET_POSTGRES_BIN", str(request.param))


def prepare(folder):
    return postgres.prepare(folder, account=server_account(), password=PASSWORD)


def count_rows(url):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create table if not exists act (n int)")
        connection.execute("insert into act values (1)")
        return connection.execute("select count(*) from act").fetchone()[0]


def setting(url, name):
    with psycopg.connect(url) as connection:
        return connection.execute("select current_setting(%s)", [name]).fetchone()[0]


@pytest.mark.usefixtures("forced_binaries")
def test_committed_rows_outlive_a_killed_server(folder):
    supervisor = Supervisor(logs=folder)
    with supervisor.watching():
        url = database.start(supervisor, prepare(folder))
        assert count_rows(url) == 1
        server = supervisor.children[0].process
        server.kill()
        server.wait()

    with supervisor.watching():
        url = database.start(supervisor, prepare(folder))

        assert count_rows(url) == 2
        assert [setting(url, name) for name in ("fsync", "synchronous_commit", "data_checksums")] == ["on", "on", "on"]
        assert setting(url, "listen_addresses") == ""


@pytest.mark.usefixtures("forced_binaries")
def test_server_left_by_a_killed_launcher_is_taken_over(folder):
    supervisor = Supervisor(logs=folder)
    with supervisor.watching():
        cluster = prepare(folder)
        database.start(supervisor, cluster)
        left = supervisor.children[0].process

        postgres.clear_the_way(cluster)

        assert left.wait(timeout=5) == 0


@pytest.mark.usefixtures("forced_binaries")
def test_stranger_without_the_password_is_refused(folder):
    supervisor = Supervisor(logs=folder)
    with supervisor.watching():
        url = database.start(supervisor, prepare(folder))
        wrong = url.replace("ret@", "rot@")

        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url.replace("://kabinet:", "://postgres:"))


def test_living_process_with_the_noted_id_is_no_server(folder):
    cluster = prepare(folder)
    note = cluster.data / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n")

    postgres.clear_the_way(cluster)

    assert not note.exists()


def test_half_made_data_are_made_again(folder):
    (folder / "postgres.half").mkdir()
    (folder / "postgres.half" / "PG_VERSION").write_text("15")

    cluster = prepare(folder)

    assert cluster.data.is_dir()
    assert not (folder / "postgres.half").exists()


def test_data_of_another_major_version_are_not_touched(folder):
    (folder / "postgres").mkdir()
    (folder / "postgres" / "PG_VERSION").write_text("9\n")

    with pytest.raises(Stop, match="made by PostgreSQL 9"):
        prepare(folder)

    assert (folder / "postgres" / "PG_VERSION").read_text() == "9\n"


def test_data_choose_the_programs_that_made_them(folder, monkeypatch):
    for major in (16, 17):
        bin_ = folder / f"pg{major}"
        bin_.mkdir()
        for name in binaries.NEEDED:
            (bin_ / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {major}.2'\n")
            (bin_ / name).chmod(0o755)
    folder.chmod(0o755)
    monkeypatch.setattr(binaries, "candidates", lambda: [folder / "pg17", folder / "pg16"])

    assert binaries.choose(account=server_account(), data_major=None, copies=folder).major == 17
    assert binaries.choose(account=server_account(), data_major=16, copies=folder).major == 16


def test_path_that_fits_no_socket_gives_a_plain_folder():
    deep = Path("/var/lib") / ("x" * 90)

    assert postgres.socket_folder(Path("/var/lib/a,b")).parent == Path("/tmp")
    assert postgres.socket_folder(Path("/var/lib/kabinet")) == Path("/var/lib/kabinet/socket")
    assert len(str(postgres.socket_folder(deep) / postgres.SOCKET_NAME)) <= postgres.LONGEST_SOCKET_PATH
    assert postgres.socket_folder(deep) == postgres.socket_folder(deep)


def test_socket_folder_of_somebody_else_is_refused(folder):
    (folder / "socket").symlink_to("/tmp")

    with pytest.raises(Stop, match="belongs to somebody else"):
        postgres.give_socket_folder(folder / "socket", None)


def test_socket_folder_of_one_user_is_closed(folder):
    postgres.give_socket_folder(folder / "socket", None)

    assert stat.S_IMODE((folder / "socket").stat().st_mode) == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends the server to another user")
def test_closed_folder_above_the_data_is_named(folder):
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    folder.chmod(0o755)
    (closed / "data").mkdir()

    with pytest.raises(Stop, match=f"may not enter {closed}"):
        postgres.require_reachable(closed / "data", server_account())


def test_server_dies_with_a_killed_launcher(folder):
    script = (
        "import sys, time; from pathlib import Path; from launcher import database, postgres;"
        "from launcher.accounts import server_account; from launcher.supervisor import Supervisor;"
        "folder = Path(sys.argv[1]); supervisor = Supervisor(logs=folder);"
        "cluster = postgres.prepare(folder, account=server_account(), password='x');"
        "database.start(supervisor, cluster); print(supervisor.children[0].process.pid, flush=True); time.sleep(60)"
    )
    launcher = subprocess.Popen(
        [os.sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )
    server = int(launcher.stdout.readline())

    launcher.send_signal(signal.SIGKILL)
    launcher.wait()

    assert ends(server)


def ends(pid):
    """Wait for a process that is not our child; a zombie has ended too."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        subprocess.run(["sleep", "0.05"], check=True)
    return False
