"""Jobs whose worker was killed stand as «doing» for ever; they go back into the queue."""

import logging
from datetime import timedelta
from typing import Final

from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now
from procrastinate.contrib.django.models import ProcrastinateJob

from kabinet.infra import clock
from kabinet.infra.db import use_case

log = logging.getLogger(__name__)

# A worker that lives tells so each ten seconds, however long its jobs take.
SILENT_FOR: Final = timedelta(seconds=60)
MOST_STARTS: Final = 25


@use_case
def requeue() -> int:
    """Put the jobs of silent workers back; return how many. A job that has ended so many workers is given up."""
    is_silent = Q(worker=None) | Q(worker__last_heartbeat__lt=Now() - SILENT_FOR)
    doing = ProcrastinateJob.objects.filter(is_silent, status="doing")
    jobs = list(doing.select_for_update(of=("self",), skip_locked=True))
    for job in jobs:
        if job.attempts >= MOST_STARTS:
            _give_up(job)
        else:
            _put_back(job)
    return len(jobs)


def _put_back(job: ProcrastinateJob) -> None:
    """Let the job be taken again, by the connection that holds its row: the worker's own would wait for this one."""
    with connection.cursor() as cursor:
        now = clock.technical_now()
        cursor.execute("SELECT procrastinate_retry_job_v2(%s, %s, NULL, NULL, NULL)", [job.id, now])


def _give_up(job: ProcrastinateJob) -> None:
    log.error("a job ends its workers", extra={"task": job.task_name, "job": job.id, "starts": job.attempts})
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [job.id])
