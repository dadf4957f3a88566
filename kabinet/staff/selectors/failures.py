"""«Исключения»: parked events of the provider, how many jobs were given up, how many letters were refused for good."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max
from procrastinate.contrib.django.models import ProcrastinateJob

from kabinet.infra.models import OutgoingLetter


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


@dataclass(frozen=True, slots=True)
class RefusedLetters:
    """Letters of a kind that the mail server refused for good by one code; to whom they went is not kept."""

    template: str
    code: str
    count: int
    last_at: datetime


def refused_letters() -> list[RefusedLetters]:
    refused = OutgoingLetter.objects.exclude(refused_at=None).values("template", "refusal")
    counted = refused.annotate(count=Count("pk"), last_at=Max("refused_at")).order_by("template", "refusal")
    return [RefusedLetters(row["template"], row["refusal"], row["count"], row["last_at"]) for row in counted]
