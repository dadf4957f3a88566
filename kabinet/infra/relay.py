"""The one process that numbers committed events and runs their handlers.

Order: a number is given to rows that are committed, by the sequence of their inserts. Writers of a contract that
wait for each other (lock, then look, then write) insert in the order in which they commit; those that do not wait
have no order between them. Effect and cursor move in one transaction, so a relay that is killed repeats nothing.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Max

from kabinet.infra import clock, db, events
from kabinet.infra.events import Handler
from kabinet.infra.models import Event, HandlerCursor, ParkedEvent

log = logging.getLogger(__name__)

LOCK: Final = 0x6B6162  # "kab": one relay an installation
BATCH: Final = 500
# A NOTIFY by each writer would be quicker by a tenth of a second, and would make commits wait for each other.
POLL_SECONDS: Final = 0.2
LOCK_POLL_SECONDS: Final = 1.0
RECONNECT_SECONDS: Final = 1.0
FIRST_RETRY: Final = timedelta(seconds=5)
LONGEST_RETRY: Final = timedelta(minutes=15)
WAITS: Final = "waits"  # in place of an error: an earlier event of the contract is parked

Until = Callable[[], bool]


def run(*, until: Until) -> None:
    """Do the relay's work until told to stop; a lost database is waited for."""
    events.discover()
    while not until():
        try:
            work(until=until)
        except (OperationalError, InterfaceError) as error:
            log.warning("the relay lost the database and tries again", extra={"error": type(error).__name__})
            drop_connection()
            if not until():
                time.sleep(RECONNECT_SECONDS)


def work(*, until: Until) -> None:
    """Do turn after turn on one connection, once no other relay holds the lock."""
    while not until() and not take_lock():
        time.sleep(LOCK_POLL_SECONDS)
    while not until():
        if not turn(until=until):
            time.sleep(POLL_SECONDS)


def take_lock() -> bool:
    """Take the advisory lock; it lives as long as the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        row = cursor.fetchone()
    return bool(row and row[0])


def drop_connection() -> None:
    """Close for good: a pool would keep the session, and with it the lock, out of our reach."""
    if connection.connection is not None:
        connection.connection.close()
    connection.close()


def turn(*, until: Until = lambda: False) -> int:
    """Give numbers, deliver, retry what is due; return how much was done."""
    cursors = find_cursors()
    return number_events() + deliver(cursors, until=until) + retry_parked(until=until)


def find_cursors() -> dict[str, int]:
    """Return how far each handler has read.

    A new one begins where numbering stood when it came. Only the relay gives numbers, so all that was emitted by the
    code that knows the handler, while the relay was being restarted, still lies before it.
    """
    known = dict(HandlerCursor.objects.values_list("handler", "seq"))
    for handler in events.HANDLERS.values():
        if handler.name not in known:
            start = 0 if handler.from_the_first else last_number()
            HandlerCursor.objects.get_or_create(handler=handler.name, defaults={"seq": start})
            known[handler.name] = start
    return {name: known[name] for name in events.HANDLERS}


def last_number() -> int:
    return Event.objects.aggregate(last=Max("seq"))["last"] or 0


def number_events() -> int:
    """Give committed events the next numbers; only rows that are visible here exist for good."""
    with db.transaction_of("relay: numbers"), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH fresh AS (
                SELECT ordinal, row_number() OVER (ORDER BY ordinal) AS place
                FROM infra_event WHERE seq IS NULL ORDER BY ordinal LIMIT %s
            )
            UPDATE infra_event SET seq = %s + fresh.place FROM fresh WHERE infra_event.ordinal = fresh.ordinal
            """,
            [BATCH, last_number()],
        )
        return int(cursor.rowcount)


def deliver(cursors: dict[str, int], *, until: Until) -> int:
    """Run the handlers over the next batch past their cursors, in the order of numbers."""
    lowest = min(cursors.values(), default=None)
    if lowest is None:
        return 0
    batch = list(Event.objects.filter(seq__gt=lowest).order_by("seq")[:BATCH])
    for event in batch:
        for handler in events.HANDLERS.values():
            if until():
                return 0
            if handler.kind == event.kind and cursors[handler.name] < number_of(event):
                _deliver_one(handler, event)
    if batch:
        _pass_by(number_of(batch[-1]))
    return len(batch)


def _deliver_one(handler: Handler, event: Event) -> None:
    """Run one event with its cursor, or park it and let other contracts pass."""
    if ParkedEvent.objects.filter(handler=handler.name, lane=lane_of(event)).exists():
        _park(handler, event, error=WAITS)
        return
    try:
        with db.transaction_of(f"relay: {handler.name}"):
            if _is_moved(handler, event):
                handler.body(event)
    except Exception as error:
        _pass_on_if_lost(error)
        log.exception("handler failed", extra={"handler": handler.name, "event": str(event.uid)})
        _park(handler, event, error=_told(error))


def _pass_on_if_lost(error: Exception) -> None:
    """Raise what is the connection's fault and not the handler's: nothing can be parked now."""
    if not connection.is_usable():
        raise error


def _park(handler: Handler, event: Event, *, error: str) -> None:
    with db.transaction_of(f"relay: {handler.name}"):
        if _is_moved(handler, event):
            ParkedEvent.objects.create(
                handler=handler.name,
                event=event,
                lane=lane_of(event),
                seq=number_of(event),
                error=error,
                retry_at=clock.technical_now() + FIRST_RETRY,
            )


def _is_moved(handler: Handler, event: Event) -> bool:
    """Move the cursor over the event; False when another has been here, whatever lock it thought it held."""
    behind = HandlerCursor.objects.filter(handler=handler.name, seq__lt=event.seq)
    return bool(behind.update(seq=event.seq))


def _pass_by(number: int) -> None:
    """Move the cursors of handlers to which the rest of the batch meant nothing."""
    HandlerCursor.objects.filter(handler__in=events.HANDLERS, seq__lt=number).update(seq=number)


def retry_parked(*, until: Until) -> int:
    """Try the first parked event of each contract again when its time has come."""
    first = (
        ParkedEvent.objects.filter(handler__in=events.HANDLERS)
        .order_by("handler", "lane", "seq")
        .distinct("handler", "lane")
    )
    due = ParkedEvent.objects.filter(pk__in=first.values("pk"), retry_at__lte=clock.technical_now())
    done = 0
    for parked in due.select_related("event").order_by("retry_at")[:BATCH]:
        if until():
            break
        done += _retry(events.HANDLERS[parked.handler], parked)
    return done


def _retry(handler: Handler, parked: ParkedEvent) -> int:
    try:
        with db.transaction_of(f"relay: {handler.name}"):
            if ParkedEvent.objects.select_for_update().filter(pk=parked.pk).first():
                handler.body(parked.event)
                _unpark(parked)
    except Exception as error:
        _pass_on_if_lost(error)
        log.exception("parked event failed again", extra={"handler": handler.name, "event": str(parked.event.uid)})
        _postpone(parked, error=_told(error))
        return 0
    return 1


def _unpark(parked: ParkedEvent) -> None:
    """Let the next of the lane go at once: what held it is gone."""
    ParkedEvent.objects.filter(pk=parked.pk).delete()
    ParkedEvent.objects.filter(handler=parked.handler, lane=parked.lane).update(retry_at=clock.technical_now())


def _postpone(parked: ParkedEvent, *, error: str) -> None:
    parked.attempts += 1
    parked.error = error
    parked.retry_at = clock.technical_now() + min(FIRST_RETRY * (1 << min(parked.attempts, 12)), LONGEST_RETRY)
    parked.save(update_fields=["attempts", "error", "retry_at"])


def _told(error: Exception) -> str:
    """Name the error by its type alone: its words may be somebody's data, and the log has them."""
    return type(error).__name__


def lane_of(event: Event) -> str:
    """Order is kept within a contract; what belongs to none stands alone."""
    return str(event.contract_id or event.uid)


def number_of(event: Event) -> int:
    """Return the number that a delivered event surely has."""
    if event.seq is None:
        raise ValueError(event.uid)
    return event.seq
