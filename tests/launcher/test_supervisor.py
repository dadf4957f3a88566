"""The children: kept running, ended together, never left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from launcher.processes import Child, Program
from launcher.supervisor import Supervisor
from launcher.talk import Stop, Stopped

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PATIENT = "import time; print('up', flush=True); time.sleep(60)"
MASTER = (
    "import subprocess, sys, time; "
    "worker = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); "
    "print(worker.pid, flush=True); time.sleep(60)"
)


def program(code, name="worker"):
    return Program(name=name, command=(sys.executable, "-c", code), environment=dict(os.environ), options={})


@pytest.fixture
def supervisor(tmp_path):
    supervisor = Supervisor(logs=tmp_path)
    with supervisor.watching():
        yield supervisor


def wait_for_words(supervisor, child):
    supervisor.wait_until(lambda: child.log.read_text().strip(), child=child, seconds=20)
    return child.log.read_text().strip()


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def ends(pid):
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(pid)


def test_dead_child_is_started_again(supervisor, capsys):
    child = supervisor.start(program(PATIENT))
    wait_for_words(supervisor, child)
    first = child.process.pid

    os.kill(first, signal.SIGKILL)
    supervisor.wait_until(lambda: child.process.pid != first and child.is_running, child=child, seconds=20)

    assert "The worker was ended by signal 9; starting it again in 1 s." in capsys.readouterr().err


def test_pauses_grow_and_end_at_the_longest(tmp_path):
    child = Child(program(PATIENT), log=tmp_path / "log")
    child.started_at = time.monotonic()

    assert [child.plan_restart() for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]


def test_long_life_forgives_earlier_deaths(tmp_path):
    child = Child(program(PATIENT), log=tmp_path / "log")
    child.pause, child.started_at = 30.0, time.monotonic() - 61

    assert child.plan_restart() == 1


def test_child_that_never_starts_stops_all_with_its_words(supervisor, monkeypatch):
    monkeypatch.setattr("launcher.processes.FIRST_PAUSE", 0.1)
    child = supervisor.start(program("raise SystemExit('no such table')"))
    child.pause = 3.0

    with pytest.raises(Stop, match="no such table"):
        supervisor.wait_until(lambda: False, child=child, seconds=20)


def test_stubborn_child_is_ended_by_force(supervisor, monkeypatch):
    monkeypatch.setattr("launcher.supervisor.STOP_SECONDS", 0.2)
    child = supervisor.start(program(STUBBORN))
    wait_for_words(supervisor, child)

    supervisor.stop()

    assert child.process.returncode == -signal.SIGKILL


def test_workers_of_a_killed_master_are_swept(supervisor):
    child = supervisor.start(program(MASTER))
    worker = int(wait_for_words(supervisor, child))

    os.kill(child.process.pid, signal.SIGKILL)
    supervisor.wait_until(lambda: child.due_at is not None, child=child, seconds=20)

    assert ends(worker)


def test_ctrl_c_is_asked_once_and_forced_twice(supervisor):
    child = supervisor.start(program(STUBBORN))
    wait_for_words(supervisor, child)

    os.kill(os.getpid(), signal.SIGINT)
    with pytest.raises(Stopped):
        supervisor.tick()
    os.kill(os.getpid(), signal.SIGINT)
    began = time.monotonic()
    supervisor.stop()

    assert not child.is_running
    assert time.monotonic() - began < 3


def test_failed_step_stops_with_its_words(supervisor):
    with pytest.raises(Stop, match="half a table"):
        supervisor.run("migrate", [sys.executable, "-c", "raise SystemExit('half a table')"], environment=os.environ)


def test_command_at_the_terminal_gives_its_code(supervisor):
    assert supervisor.attend([sys.executable, "-c", "raise SystemExit(3)"], environment=os.environ) == 3


def test_children_die_with_a_killed_launcher(tmp_path):
    script = (
        "import os, sys, time; from pathlib import Path;"
        "from launcher.processes import Program; from launcher.supervisor import Supervisor;"
        "command = (sys.executable, '-c', 'import time; time.sleep(60)');"
        "program = Program(name='a', command=command, environment={}, options={});"
        "child = Supervisor(logs=Path(sys.argv[1])).start(program);"
        "print(child.process.pid, flush=True); time.sleep(60)"
    )
    launcher = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )
    child = int(launcher.stdout.readline())
    assert is_alive(child)

    launcher.kill()
    launcher.wait()

    assert ends(child)
