"""«Исключения»: jobs that were given up, letters that were refused for good, batches that were refused whole."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Max
from procrastinate.contrib.django.models import ProcrastinateJob

from kabinet.exchange import selectors as exchange
from kabinet.exchange.schemas import TEXTS
from kabinet.infra.models import OutgoingLetter

NEWEST: Final = 20


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


@dataclass(frozen=True, slots=True)
class RefusedBatch:
    """A batch of billing's of which nothing was taken: when, how many faults, and the first of them in words."""

    number: str
    at: datetime
    problems: int
    line: int
    row: str
    words: str


def refused_batches(provider_id: UUID) -> list[RefusedBatch]:
    """Return the newest ones; billing mends its rows and sends them again."""
    refused = exchange.refused_batches_of(provider_id)[:NEWEST]
    return [_refused_batch(message.at, message.answer or {}) for message in refused]


def _refused_batch(at: datetime, report: dict[str, Any]) -> RefusedBatch:
    nothing = {"line": 0, "external_id": "", "entity": "", "code": ""}
    first: dict[str, Any] = next(iter(report["problems"]), nothing)
    return RefusedBatch(
        number=report["batch"],
        at=at,
        problems=report["problems_total"],
        line=first["line"],
        row=f"{first['entity']} {first['external_id']}".strip(),
        words=TEXTS.get(first["code"], first["code"]),
    )
