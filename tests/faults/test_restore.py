"""The drill: people send while a backup is made; the machine is lost; elsewhere everything of before is there."""

import os
import shutil
import subprocess
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import psycopg
import pytest
from psycopg.rows import dict_row

from launcher import database, folder, postgres
from launcher.accounts import server_account
from launcher.supervisor import Supervisor
from tests import deep
from tests.faults.demo import OURS, ROOT, wait_for
from tests.faults.test_kills import send_until
from tests.faults.truth import SUBMISSIONS

pytestmark = [
    pytest.mark.faults,
    pytest.mark.xdist_group("demo"),
    pytest.mark.skipif(not deep.IS_DEEP, reason="a demo, a second server: ./run deep restore"),
]
CLIENTS = 4
BACKUPS = deep.count(gate=1, deep=3)


@pytest.fixture
def elsewhere():
    """A folder on which nothing of the demo's lies, and another for its backups."""
    path = Path(tempfile.mkdtemp(prefix="kabinet-elsewhere-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


def manage(data, *arguments):
    environment = {name: value for name, value in os.environ.items() if not OURS.match(name)}
    done = subprocess.run(
        [str(ROOT / "run"), "manage", *map(str, arguments)], cwd=ROOT, env=environment | {"KABINET_DATA": str(data)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def backed_up_meanwhile(demo, ledger, people, backups):
    """Back up while people send; return what was acknowledged before the last backup began."""
    stopped = Event()
    with ThreadPoolExecutor(CLIENTS) as pool:
        senders = [pool.submit(send_until, stopped, person, f"{deep.SEED} {n}") for n, person in enumerate(people)]
        try:
            for number in range(BACKUPS):
                count = len(ledger.acknowledged)
                wait_for(lambda count=count: len(ledger.acknowledged) >= count + CLIENTS * 3, seconds=120)
                before = list(ledger.acknowledged)
                assert "rows of" in manage(demo.folder, "backup", backups), number
        finally:
            stopped.set()
    assert sum(sender.result() for sender in senders) == len(ledger.acknowledged) > len(before)
    return before


def rows_in(data, contracts):
    """Start the server of what was restored, and look."""
    home = folder.open_folder(data)
    cluster = postgres.prepare(data, account=server_account(), password=folder.secrets_of(home)["database_password"])
    supervisor = Supervisor(logs=home.logs)
    with supervisor.watching():
        url = database.start(supervisor, cluster)
        with psycopg.connect(url, row_factory=dict_row) as connection:
            return connection.execute(SUBMISSIONS, [contracts]).fetchall()


@pytest.mark.spec("READ-03")
def test_what_was_acknowledged_before_a_backup_is_there_after_the_restore(
    shaken_demo, ledger, customer, elsewhere, figures
):
    people = [customer() for _ in range(CLIENTS)]
    before = backed_up_meanwhile(shaken_demo, ledger, people, elsewhere / "backups")
    *_, newest = sorted((elsewhere / "backups").iterdir())

    told = manage(elsewhere / "data", "restore", newest)
    rows = rows_in(elsewhere / "data", sorted({one.contract for one in ledger.acknowledged}))

    kept = Counter((row["key"], int(row["value"])) for row in rows)
    lost = [one for one in before if kept[one.key, one.value] != 1]
    figures(backups=BACKUPS, acknowledged=len(ledger.acknowledged), before_the_backup=len(before), lost=len(lost))
    assert lost == []
    assert kept.keys() <= {(one.key, one.value) for one in ledger.acknowledged}
    assert "Restored and looked at: everything holds." in told
    assert ledger.faults == []
