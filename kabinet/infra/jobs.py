"""Work for later, kept in PostgreSQL: a job is enqueued in the transaction of the change that it belongs to.

A job runs at least once: a worker may be killed after the work and before it is ticked off. Facts are ids and codes.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import InterfaceError, OperationalError
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from kabinet.infra import clock


def enqueue(name: str, *, at: datetime | None = None, lock: str | None = None, **facts: Any) -> None:
    """Put a job by its name («app.task»); an architecture test checks that every name exists."""
    app.configure_task(name, schedule_at=at, lock=lock).defer(**facts)


task = app.task
periodic = app.periodic


OUTAGES: Final = (OperationalError, InterfaceError)


@dataclass(frozen=True, slots=True)
class BackOff(BaseRetryStrategy):
    """Try again for these faults, each time after twice as long, up to `longest`, and never in step with others.

    A database that went away in the middle of a job is no verdict on the job: it is tried again whatever it names.
    """

    on: tuple[type[Exception], ...]
    attempts: int = 20
    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(hours=1)

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Say when to try again; None when the fault is another one or the attempts are spent."""
        if not isinstance(exception, (*self.on, *OUTAGES)) or job.attempts >= self.attempts:
            return None
        return RetryDecision(retry_at=clock.technical_now() + self.wait(job.attempts) * random.uniform(0.75, 1.25))  # noqa: S311

    def wait(self, attempts: int) -> timedelta:
        """Return the pause after so many failed attempts, before the jitter."""
        return min(self.first * (1 << min(attempts, 30)), self.longest)
