"""The one process that numbers committed events and runs their handlers."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Max

from kabinet.infra import clock, events
from kabinet.infra.models import Event, HandlerCursor, ParkedEvent

log = logging.getLogger(__name__)

LOCK: Final = 0x6B6162  # "kab": one relay an installation
BATCH: Final = 500
POLL_SECONDS: Final = 1.0
FIRST_RETRY: Final = timedelta(seconds=5)
LONGEST_RETRY: Final = timedelta(minutes=15)


def run(*, until: Callable[[], bool]) -> None:
    """Number and deliver until told to stop; waits when another relay holds the lock."""
    events.discover()
    while not until():
        if not holds_lock():
            time.sleep(POLL_SECONDS)
            continue
        if not turn():
            wait_for_events()


def turn() -> int:
    """Number what was committed, deliver it, retry what is due; return how much was done."""
    done = number_events()
    for handler in events.HANDLERS.values():
        done += deliver(handler) + retry_parked(handler)
    return done


def holds_lock() -> bool:
    """Take the session's advisory lock; the same session may take it again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        row = cursor.fetchone()
    return bool(row and row[0])


def wait_for_events() -> None:
    """Sleep until a commit notifies, a second at the most."""
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {events.CHANNEL}")
    raw = connection.connection
    for _ in raw.notifies(timeout=POLL_SECONDS, stop_after=1):
        return


@transaction.atomic
def number_events() -> int:
    """Give committed events the next numbers; only rows that are visible here exist for good."""
    last = Event.objects.aggregate(last=Max("seq"))["last"] or 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH fresh AS (
                SELECT ordinal, row_number() OVER (ORDER BY ordinal) AS place
                FROM infra_event WHERE seq IS NULL ORDER BY ordinal LIMIT %s
            )
            UPDATE infra_event SET seq = %s + fresh.place FROM fresh WHERE infra_event.ordinal = fresh.ordinal
            """,
            [BATCH, last],
        )
        return int(cursor.rowcount)


def deliver(handler: events.Handler) -> int:
    """Run a handler over the events past its cursor."""
    cursor, _ = HandlerCursor.objects.get_or_create(handler=handler.name, defaults={"seq": 0})
    fresh = Event.objects.filter(seq__gt=cursor.seq, kind=handler.kind).order_by("seq")[:BATCH]
    count = 0
    for event in fresh:
        _deliver_one(handler, event)
        count += 1
    return count


def _deliver_one(handler: events.Handler, event: Event) -> None:
    """Run one event with its cursor, or park it and let other contracts pass."""
    if ParkedEvent.objects.filter(handler=handler.name, lane=lane_of(event)).exists():
        _park(handler, event, error="ждёт очереди своего договора")
        return
    try:
        with transaction.atomic():
            handler.body(event)
            _move(handler, event)
    except Exception as error:
        log.exception("handler failed", extra={"handler": handler.name, "event": str(event.uid)})
        _park(handler, event, error=f"{type(error).__name__}: {error}")


@transaction.atomic
def _park(handler: events.Handler, event: Event, *, error: str) -> None:
    ParkedEvent.objects.create(
        handler=handler.name,
        event=event,
        lane=lane_of(event),
        seq=event.seq,
        error=error[:2000],
        retry_at=clock.technical_now() + FIRST_RETRY,
    )
    _move(handler, event)


def _move(handler: events.Handler, event: Event) -> None:
    HandlerCursor.objects.filter(handler=handler.name).update(seq=event.seq)


def retry_parked(handler: events.Handler) -> int:
    """Try the first parked event of each contract again when its time has come."""
    due = (
        ParkedEvent.objects.filter(handler=handler.name)
        .order_by("lane", "seq")
        .distinct("lane")
        .select_related("event")
    )
    at = clock.technical_now()
    return sum(_retry(handler, parked) for parked in due if parked.retry_at <= at)


def _retry(handler: events.Handler, parked: ParkedEvent) -> int:
    try:
        with transaction.atomic():
            handler.body(parked.event)
            parked.delete()
    except Exception as error:
        log.exception("parked event failed again", extra={"handler": handler.name, "event": str(parked.event.uid)})
        parked.attempts += 1
        parked.error = f"{type(error).__name__}: {error}"[:2000]
        parked.retry_at = clock.technical_now() + min(FIRST_RETRY * 2**min(parked.attempts, 12), LONGEST_RETRY)
        parked.save(update_fields=["attempts", "error", "retry_at"])
        return 0
    # The next of the lane need not wait for its own time: what held it is gone.
    ParkedEvent.objects.filter(handler=handler.name, lane=parked.lane).update(retry_at=clock.technical_now())
    return 1


def lane_of(event: Event) -> str:
    """Order is kept within a contract; what belongs to none stands alone."""
    return str(event.contract_id or event.uid)
