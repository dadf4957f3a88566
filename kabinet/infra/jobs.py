"""Work for later, kept in PostgreSQL: a job is enqueued in the transaction of the change that it belongs to."""

from datetime import datetime
from typing import Any

from procrastinate.contrib.django import app


def enqueue(name: str, *, at: datetime | None = None, lock: str | None = None, **facts: Any) -> None:
    """Put a job by its name («app.task»); an architecture test checks that every name exists."""
    app.configure_task(name, schedule_at=at, lock=lock).defer(**facts)


task = app.task
periodic = app.periodic
