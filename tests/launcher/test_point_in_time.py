"""The recipe of docs/operate.md for going back to a moment: base, archived log, target; on a real server (I1)."""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from launcher import database, postgres
from launcher.accounts import give, lent_to, server_account
from launcher.supervisor import Supervisor

PASSWORD = "drill"
# A segment is handed over after a second at most; the recipe says a minute.
ARCHIVING = """
archive_mode = on
archive_timeout = 1
archive_command = 'test ! -f {archive}/%f && cp %p {archive}/%f'
"""
GOING_BACK = """
restore_command = 'cp {archive}/%f %p'
recovery_target_time = '{moment}'
recovery_target_action = 'promote'
"""


@pytest.fixture
def folder():
    path = Path(tempfile.mkdtemp(prefix="kabinet-moment-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def archive(folder):
    give(folder / "archive", server_account(), mode=0o700)
    return folder / "archive"


def prepared(folder):
    folder.mkdir(mode=0o711)
    return postgres.prepare(folder, account=server_account(), password=PASSWORD)


def write(path, text):
    with path.open("a", encoding="utf-8") as out:
        out.write(text)


def let_copy(cluster):
    """Allow what a server's administrator allows to whoever makes base backups."""
    write(cluster.data / "pg_hba.conf", "local replication all scram-sha-256\n")
    text = f"ALTER ROLE {postgres.OWNER} REPLICATION;\n"
    postgres.run_tool(cluster, "postgres", ["--single", "-D", str(cluster.data), "postgres"], text=text)


def copy_base(cluster, target):
    give(target.parent, cluster.account, mode=0o700)
    subprocess.run(
        [cluster.binaries["pg_basebackup"], "-D", str(target), "--checkpoint=fast", "--wal-method=none",
         "--no-password", "-h", str(cluster.sockets), "-U", postgres.OWNER],
        env={"PGPASSWORD": PASSWORD, "LC_ALL": "C"}, check=True, capture_output=True, **lent_to(cluster.account),
    )  # fmt: skip


def wait_until_archived(connection):
    (segment,) = connection.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
    until = time.monotonic() + 60
    while time.monotonic() < until:
        (last,) = connection.execute("SELECT last_archived_wal FROM pg_stat_archiver").fetchone()
        if last and last >= segment:
            return
        # A segment in which nothing happens is not handed over.
        connection.execute("UPDATE act SET word = word")
        time.sleep(0.2)
    raise AssertionError(f"{segment} was not archived")


def words(url):
    with psycopg.connect(url) as connection:
        return [word for (word,) in connection.execute("SELECT word FROM act ORDER BY made")]


def do(connection, word):
    connection.execute("INSERT INTO act VALUES (%s)", [word])


def test_server_goes_back_to_the_moment_before_the_mistake(folder, archive):
    cluster = prepared(folder / "first")
    let_copy(cluster)
    write(cluster.data / "postgresql.conf", ARCHIVING.format(archive=archive))
    supervisor = Supervisor(logs=folder)
    with supervisor.watching():
        url = database.start(supervisor, cluster)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE TABLE act (word text, made timestamptz DEFAULT clock_timestamp())")
            do(connection, "before the base")
            copy_base(cluster, folder / "copies" / "base")
            do(connection, "after the base")
            (moment,) = connection.execute("SELECT clock_timestamp()").fetchone()
            time.sleep(0.05)
            connection.execute("DELETE FROM act")
            do(connection, "mistake")
            wait_until_archived(connection)
    shutil.rmtree(folder / "first")

    second = prepared_from(folder / "copies" / "base", folder / "second", archive=archive, moment=moment)
    supervisor = Supervisor(logs=folder)
    with supervisor.watching():
        url = database.start(supervisor, second)
        wait_until_promoted(url)

        assert words(url) == ["before the base", "after the base"]
        with psycopg.connect(url, autocommit=True) as connection:
            do(connection, "work goes on")
        assert words(url)[-1] == "work goes on"


def prepared_from(base, folder, *, archive, moment):
    """Put the base where the server's data are to be, and say how far the log is to be followed."""
    folder.mkdir(mode=0o711)
    subprocess.run(["cp", "-a", str(base), str(folder / "postgres")], check=True)
    # The server adds archiving of its own only when it has gone back.
    write(folder / "postgres" / "postgresql.auto.conf", GOING_BACK.format(archive=archive, moment=moment.isoformat()))
    signal = folder / "postgres" / "recovery.signal"
    signal.touch()
    account = server_account()
    if account:
        shutil.chown(signal, account.uid, account.gid)
    return postgres.prepare(folder, account=account, password=PASSWORD)


def wait_until_promoted(url):
    until = time.monotonic() + 60
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute("SELECT pg_is_in_recovery()").fetchone()[0]:
            assert time.monotonic() < until
            time.sleep(0.1)
