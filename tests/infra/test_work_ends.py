"""The worker that is asked to end finishes its job, or leaves it to the next (TRUST 1, 9)."""

import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from kabinet.infra import clock, jobs, stalled
from kabinet.infra.db import transaction_of
from kabinet.infra.models import OutgoingLetter
from tests.infra.conftest import jobs_named

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_no_jobs")]

ROOT = Path(__file__).resolve().parents[2]
# SMTP as far as a letter needs it: what is answered to each line.
ANSWERS = {b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}


class Post:
    """A mail server that says nothing until it is allowed to."""

    def __init__(self):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.has_caller = threading.Event()
        self.may_answer = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        caller, _ = self.listening.accept()
        self.has_caller.set()
        self.may_answer.wait(60)
        with caller, caller.makefile("rb") as lines:
            caller.sendall(b"220 ready\r\n")
            is_letter = False
            for line in lines:
                if is_letter and line != b".\r\n":
                    continue
                is_letter = line.startswith(b"DATA")
                caller.sendall(ANSWERS.get(line.strip()[:4].upper(), b"250 ok\r\n"))


@pytest.fixture
def post():
    server = Post()
    yield server
    server.may_answer.set()
    server.listening.close()


@pytest.fixture
def worker(post, process_environment):
    """A worker that is busy with a letter which the server does not take yet."""
    with transaction_of("test"):
        row = OutgoingLetter.objects.create(
            template="code", to="anna@example.com", subject="Код", text="7", made_at=clock.technical_now()
        )
        jobs.enqueue("infra.send_mail", letter=str(row.pk))
    started = subprocess.Popen(
        [sys.executable, "manage.py", "work"],
        cwd=ROOT,
        env=process_environment | {"KABINET_SMTP_URL": f"smtp://127.0.0.1:{post.port}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert post.has_caller.wait(60)
    yield started
    started.kill()
    started.wait()


def test_job_that_is_nearly_done_is_finished(worker, post):
    worker.send_signal(signal.SIGTERM)
    post.may_answer.set()

    assert worker.wait(30) == 0
    assert jobs_named("infra.send_mail") == []
    assert not OutgoingLetter.objects.exists()


def test_job_that_takes_too_long_is_left_to_the_next(worker):
    worker.send_signal(signal.SIGTERM)
    worker.wait(40)

    stalled.requeue()

    (job,) = ProcrastinateJob.objects.filter(task_name="infra.send_mail")
    assert job.status == "todo"
    assert OutgoingLetter.objects.exists()
