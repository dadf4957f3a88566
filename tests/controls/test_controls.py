"""The tests notice what they are there for: with a fault planted each of them fails, and for the right reason."""

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tests.deep import IS_DEEP, SEED, share

SECONDS = 300


@dataclass(frozen=True)
class Control:
    """A fault, the test that has to notice it, and how it says so: in words, or by the signal that ends it."""

    plant: str
    test: str
    words: str = ""
    ended_by: int = 0

    def __str__(self):
        return f"{self.plant}, {self.test.rpartition('::')[2]}"


CONTROLS = [
    Control(
        "no unique key",
        "tests/infra/test_idempotency.py::test_twenty_equal_at_once_are_one_act",
        r"assert (\d\d|[2-9]) == 1$",
    ),
    Control(
        "no row lock",
        "tests/accounts/test_first_passwords.py::test_of_five_sign_ins_at_once_one_is_let_in",
        r"assert [2-5] == 1$",
    ),
    Control(
        "no row lock",
        "tests/storm/test_people.py::test_roles_given_taken_and_asked_for_at_once_leave_one_administrator",
        r"IntegrityError|two live roles|in the audit",
    ),
    Control(
        "no child", "tests/infra/test_parsing.py::test_one_far_cell_ends_the_child_and_not_us", ended_by=signal.SIGABRT
    ),
    Control(
        "no look into archives",
        "tests/infra/test_parsing.py::test_bomb_is_refused_before_it_is_opened",
        "DID NOT RAISE .*BadArchive",
    ),
    Control(
        "event within the request",
        "tests/infra/test_relay.py::test_act_that_is_taken_back_is_told_to_nobody",
        r"assert \['taken back'\] == \[\]",
    ),
    Control(
        "number at insert",
        "tests/infra/test_relay.py::test_uncommitted_event_has_no_number",
        r"assert \[\(None, 0\)\]",
    ),
    Control("nothing taken back", "tests/machines/test_files.py::test_files_hold_whatever_is_done", r"assert \{"),
    Control("anybody sends", "tests/machines/test_readings.py::test_readings_hold_whatever_is_pressed", "NotSeen"),
    Control(
        "leaving leaves the role", "tests/machines/test_roles.py::test_roles_hold_whatever_is_pressed", r"assert \{"
    ),
    Control(
        "answer before the disk",
        "tests/faults/test_power.py::test_acknowledged_rows_outlive_the_power",
        r"acknowledged \d+, lost [1-9]",
    ),
]


def run(control, *, planted):
    """Run the test in a process and on a database of its own; return how it ended and what it said."""
    url = os.environ["DATABASE_URL"]
    name = conninfo_to_dict(url)["dbname"]
    environment = {
        **os.environ,
        # Whom a plant kills may leave a connection behind: each control has a database of its own.
        "DATABASE_URL": url_of(url, f"{name}_control_{CONTROLS.index(control)}{'_planted' * planted}"),
        "KABINET_PLANT": control.plant if planted else "nothing",
        "KABINET_SEED": str(SEED),
        "KABINET_DEEP": "",
    }
    for inherited in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_CURRENT_TEST", "KABINET_TOLD"):
        environment.pop(inherited, None)
    command = [sys.executable, "-m", "pytest", "-p", "tests.controls.plants", "-n0", "-q", "--create-db", control.test]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False
    )
    return done.returncode, done.stdout + done.stderr


def url_of(url, name):
    return re.sub(r"/[^/?]*(\?|$)", rf"/{name}\1", url, count=1) if "://" in url else make_conninfo(url, dbname=name)


@pytest.mark.parametrize("control", share(CONTROLS), ids=str)
@pytest.mark.xdist_group("controls")
def test_planted_fault_is_noticed(control, figures):
    code, said = run(control, planted=True)

    if control.ended_by:
        assert code == -control.ended_by, said[-3000:]
    else:
        assert code == 1, said[-3000:]
        assert re.search(rf"^E .*(?:{control.words})", said, re.MULTILINE), said[-3000:]
    figures(faults_planted=1, noticed=1)


@pytest.mark.skipif(not IS_DEEP, reason="the tests themselves run beside")
@pytest.mark.parametrize("control", share(CONTROLS), ids=str)
@pytest.mark.xdist_group("controls")
def test_without_the_fault_it_holds(control):
    code, said = run(control, planted=False)

    assert code == 0, said[-3000:]
