"""Jobs belong to their change, outlive their worker and are cleaned away."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import InterfaceError, OperationalError, connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from kabinet.infra import cleaning, clock, idempotency, jobs, limits, stalled, tasks
from kabinet.infra.db import transaction_of, use_case
from kabinet.infra.models import IdempotencyKey, LimitCounter, OutgoingLetter
from kabinet.kernel.actors import Actor, ActorKind
from tests.infra.conftest import jobs_named
from tests.infra.test_limits import THREE_AN_HOUR

ROOT = Path(__file__).resolve().parents[2]
NOBODY = {"letter": "00000000-0000-0000-0000-000000000000"}


def enqueue():
    with transaction_of("test"):
        jobs.enqueue("infra.send_mail", **NOBODY)


def run_sql(statement, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def fetch(worker):
    """Let a worker take the job, as procrastinate does."""
    run_sql("SELECT procrastinate_fetch_job_v2(NULL, %s)", worker)


def new_worker(silent_for=0):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [silent_for],
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_no_jobs")
def test_job_goes_back_with_its_cause():
    @use_case
    def enqueue_and_refuse():
        jobs.enqueue("infra.send_mail", **NOBODY)
        raise LookupError

    with pytest.raises(LookupError):
        enqueue_and_refuse()

    assert not jobs_named("infra.send_mail")


@pytest.mark.django_db
@pytest.mark.parametrize(("silent_for", "status"), [(61, "todo"), (59, "doing")])
def test_job_of_a_silent_worker_is_put_back(silent_for, status):
    enqueue()
    fetch(new_worker(silent_for))

    stalled.requeue()

    assert ProcrastinateJob.objects.get().status == status


@pytest.mark.django_db
def test_job_of_a_forgotten_worker_is_put_back():
    enqueue()
    fetch(new_worker())
    run_sql("DELETE FROM procrastinate_workers")

    stalled.requeue()

    assert ProcrastinateJob.objects.get().status == "todo"


@pytest.mark.django_db
def test_job_that_ends_its_workers_is_given_up(caplog):
    enqueue()
    fetch(new_worker(61))
    run_sql("UPDATE procrastinate_jobs SET attempts = %s", stalled.MOST_STARTS)

    stalled.requeue()

    assert ProcrastinateJob.objects.get().status == "failed"
    assert "a job ends its workers" in caplog.messages


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_no_jobs")
def test_job_of_a_killed_worker_is_done_by_the_next(process_environment):
    enqueue()
    run_sql("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour'")
    killed = subprocess.Popen(
        [sys.executable, "manage.py", "work"], cwd=ROOT, env=process_environment, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 20
    while not workers():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    run_sql("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", *workers())
    run_sql("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")

    stalled.requeue()
    command = [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"]
    subprocess.run(command, cwd=ROOT, env=process_environment, check=True, timeout=30)

    assert not jobs_named("infra.send_mail")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_no_jobs")
def test_worker_puts_the_jobs_of_a_dead_one_back_by_itself(process_environment):
    """The row that is put back is held by the job that does it; another connection would wait for it for ever."""
    enqueue()
    fetch(new_worker(61))
    with transaction_of("test"):
        jobs.enqueue("infra.requeue_stalled", timestamp=0)

    next_ = subprocess.Popen([sys.executable, "manage.py", "work"], cwd=ROOT, env=process_environment)
    try:
        deadline = time.monotonic() + 30
        while jobs_named("infra.send_mail"):
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        next_.kill()
        next_.wait()


def workers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_workers")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
def test_ended_jobs_are_cleaned_after_their_time():
    ended = ProcrastinateJob.objects
    for status in ("failed", "succeeded", "cancelled", "todo"):
        enqueue()
        run_sql("UPDATE procrastinate_jobs SET status = %s WHERE id = (SELECT max(id) FROM procrastinate_jobs)", status)

    cleaning.clean(at=clock.technical_now() + timedelta(days=29))
    assert ended.count() == 4
    cleaning.clean(at=clock.technical_now() + timedelta(days=31))

    assert [job.status for job in ended.all()] == ["todo"]


@pytest.mark.django_db
def test_each_thing_is_kept_for_its_time_and_no_longer(monkeypatch):
    monkeypatch.setattr(cleaning, "ROWS_AT_ONCE", 2)
    now = clock.technical_now()
    for number in range(3):
        limits.spend(THREE_AN_HOUR, str(number))
        OutgoingLetter.objects.create(template="t", to="", subject="", text="", made_at=now)
        with transaction_of("test"):
            idempotency.once(str(number), body=1, by=Actor(ActorKind.JOB), act=dict)

    nothing = {"keys": 0, "limits": 0, "letters": 0, "jobs": 0}
    assert cleaning.clean(at=now + timedelta(hours=24)) == nothing
    assert cleaning.clean(at=now + timedelta(hours=26)) == nothing | {"limits": 3}
    assert cleaning.clean(at=now + timedelta(days=15)) == nothing | {"letters": 3}
    assert cleaning.clean(at=now + timedelta(days=91)) == nothing | {"keys": 3}
    assert not any(model.objects.exists() for model in (IdempotencyKey, LimitCounter, OutgoingLetter))


@pytest.mark.parametrize(
    ("error", "attempts", "again"),
    [
        (OSError(), 0, True),
        (OSError(), 5, False),
        (ValueError(), 0, False),
        (OperationalError(), 0, True),
        (InterfaceError(), 0, True),
        (OperationalError(), 5, False),
    ],
)
def test_back_off_tries_again_for_its_faults_and_so_often(error, attempts, again):
    strategy = jobs.BackOff(on=(OSError,), attempts=5)
    job = Job(id=1, queue="q", task_name="t", lock=None, queueing_lock=None, attempts=attempts)

    assert bool(strategy.get_retry_decision(exception=error, job=job)) is again


def test_back_off_spreads_tries_by_a_quarter():
    strategy = jobs.BackOff(on=(OSError,), first=timedelta(seconds=100))
    job = Job(id=1, queue="q", task_name="t", lock=None, queueing_lock=None)
    before = clock.technical_now()

    pauses = {
        (strategy.get_retry_decision(exception=OSError(), job=job).retry_at - before).total_seconds()
        for _ in range(200)
    }

    assert len(pauses) > 100
    assert 75 <= min(pauses) < 85
    assert 115 < max(pauses) < 127


def test_every_housekeeping_job_has_its_hour():
    scheduled = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}

    assert scheduled >= {"infra.requeue_stalled", "infra.anchor_audit", "infra.clean", "infra.delete_orphans"}


@pytest.mark.django_db
@pytest.mark.parametrize("task", [tasks.requeue_stalled, tasks.anchor_audit, tasks.clean])
def test_housekeeping_runs_where_there_is_nothing_to_do(task):
    task(timestamp=0)
