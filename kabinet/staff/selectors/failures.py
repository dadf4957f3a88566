"""«Исключения»: parked events of the provider, and how many jobs of which kind were given up."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max
from procrastinate.contrib.django.models import ProcrastinateJob


@dataclass(frozen=True, slots=True)
class FailedJobs:
    """Jobs of a kind that were given up; they belong to the installation, so only their number is told."""

    name: str
    count: int
    last_at: datetime | None


def failed_jobs() -> list[FailedJobs]:
    failed = ProcrastinateJob.objects.filter(status="failed").values("task_name")
    counted = failed.annotate(count=Count("pk", distinct=True), last_at=Max("procrastinateevent__at"))
    return [FailedJobs(row["task_name"], row["count"], row["last_at"]) for row in counted.order_by("task_name")]
