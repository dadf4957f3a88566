"""What the floor forgets, and after how long."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from kabinet.infra.db import use_case
from kabinet.infra.models import IdempotencyKey, LimitCounter, OutgoingLetter

# A browser's page or a partner's script that repeats an act after so long has to be told that it was done.
KEYS_ARE_KEPT: Final = timedelta(days=90)
LIMITS_ARE_KEPT: Final = timedelta(days=1)
# Long enough to see what failed, too short for an archive of letters.
LETTERS_ARE_KEPT: Final = timedelta(days=14)
ENDED_JOBS_ARE_KEPT: Final = timedelta(days=30)
ROWS_AT_ONCE: Final = 5_000


def clean(*, at: datetime) -> dict[str, int]:
    """Delete what is past its time, a few thousand rows a transaction; say how much of each."""
    return {
        "keys": _all_of(lambda: _forget_keys(at - KEYS_ARE_KEPT)),
        "limits": _all_of(lambda: _forget_limits(at - LIMITS_ARE_KEPT)),
        "letters": _all_of(lambda: _forget_letters(at - LETTERS_ARE_KEPT)),
        "jobs": _all_of(lambda: _forget_jobs(at - ENDED_JOBS_ARE_KEPT)),
    }


def _all_of(forget_some: Callable[[], int]) -> int:
    total = 0
    while some := forget_some():
        total += some
    return total


@use_case
def _forget_keys(before: datetime) -> int:
    some = IdempotencyKey.objects.filter(bound_at__lt=before).values("pk")[:ROWS_AT_ONCE]
    return IdempotencyKey.objects.filter(pk__in=some).delete()[0]


@use_case
def _forget_limits(before: datetime) -> int:
    some = LimitCounter.objects.filter(window_ends_at__lt=before).values("pk")[:ROWS_AT_ONCE]
    return LimitCounter.objects.filter(pk__in=some).delete()[0]


@use_case
def _forget_letters(before: datetime) -> int:
    some = OutgoingLetter.objects.filter(made_at__lt=before).values("pk")[:ROWS_AT_ONCE]
    return OutgoingLetter.objects.filter(pk__in=some).delete()[0]


@use_case
def _forget_jobs(before: datetime) -> int:
    """Delete ended jobs by the last thing that happened to them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM procrastinate_jobs WHERE id IN (
                SELECT j.id FROM procrastinate_jobs j
                WHERE j.status NOT IN ('todo', 'doing')
                AND (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id) < %s LIMIT %s
            )
            """,
            [before, ROWS_AT_ONCE],
        )
        return int(cursor.rowcount)
