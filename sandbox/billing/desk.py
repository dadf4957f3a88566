"""The billing system of one provider at work: it listens, decides, answers, and starts again where it was."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from kabinet.exchange.values.wire import ActRequested, FeedItem, MeterClaimed, ReadingWithdrawn
from kabinet.kernel.periods import Month
from kabinet.providers.values import DeadlineDay, WindowRule
from sandbox.billing import acts, closing, decisions, journal, outbox, submissions, truth
from sandbox.billing.acts import Printed
from sandbox.billing.gateway import FEED_LIMIT, Answer, Portal, PortalUnreachable, UploadRefused
from sandbox.billing.journal import Line
from sandbox.billing.outbox import Batch
from sandbox.billing.values import Books, Fault
from sandbox.clock import Clock
from sandbox.database import Database

PAUSE_SECONDS: Final = 1.0
ANSWERS_IN_A_BATCH: Final = 200

WINDOWS: Final[TypeAdapter[WindowRule]] = TypeAdapter(WindowRule)

log = logging.getLogger(__name__)


class Desk:
    """One provider's billing; every step leaves the books whole, so it may be killed at any moment."""

    def __init__(self, slug: str, *, books: Database, portal: Portal, clock: Clock) -> None:
        self.slug = slug
        self._books = books
        self._portal = portal
        self._clock = clock
        self.heard_at: datetime | None = None
        self._wake = threading.Event()
        self._stopped = threading.Event()

    def run(self) -> None:
        """Work until stopped; a trouble is written down and tried again."""
        while not self._stopped.is_set():
            try:
                self.tick()
            except Exception:
                # One broken round must not end the demonstration's billing for good.
                log.exception("the billing of %s stumbled", self.slug)
            self._wake.wait(PAUSE_SECONDS)
            self._wake.clear()

    def wake(self) -> None:
        """Work at once instead of at the next second."""
        self._wake.set()

    def stop(self) -> None:
        self._stopped.set()
        self._wake.set()

    def tick(self) -> None:
        """Do one round: send what waits, hear what is new, decide what is due, send the answers."""
        if not self._may_work():
            return
        try:
            self.send_waiting()
            self.listen()
            self._keep_periods()
            self.decide_due()
            self.close_past()
            self.charge()
            self.prepare_acts()
            self.send_waiting()
        except PortalUnreachable as trouble:
            self._note_trouble(str(trouble))
        else:
            self._note_trouble(None)

    def listen(self) -> None:
        """Read the feed to its end: first on our disk, then acknowledged; after a fall the same items come again."""
        fault, after = self._fault_and_place()
        while True:
            page = self._portal.feed(after=after)
            items: list[Any] = page["items"]
            if not items:
                return
            self._keep(items)
            after = page["last"]
            if fault is not Fault.NO_ACKNOWLEDGEMENT:
                self._portal.acknowledge(after)
                self._note_acknowledged(after, len(items))
            if len(items) < FEED_LIMIT:
                return

    def decide_due(self) -> None:
        """Decide what has waited long enough, when the system decides by itself."""
        with self._transaction() as books:
            provider = books.provider
            if not provider["is_automatic"]:
                return
            until = books.at - timedelta(seconds=provider["delay_seconds"])
            due = submissions.waiting(books.db, self.slug, until=until, limit=ANSWERS_IN_A_BATCH)
            decisions.decide(books, due)

    def close_past(self) -> None:
        """Close by itself the months that are over, where the system charges households and decides by itself."""
        with self._transaction() as books:
            provider = books.provider
            if not provider["is_automatic"] or not closing.charges_here(books):
                return
            last = Month.of(books.at.astimezone(ZoneInfo(provider["zone"])).date()).previous
            if last in truth.periods(books.db, self.slug):
                decisions.close_period(books, last)

    def prepare_acts(self) -> None:
        """Print the acts that were asked for long enough ago, and upload them one after another."""
        with self._transaction() as books:
            acts.print_due(books, until=books.at - timedelta(seconds=books.provider["delay_seconds"]))
        while True:
            with self._books.reading() as db:
                printed = acts.first_printed(db, self.slug)
            if printed is None:
                return
            self._upload(printed)

    def send_waiting(self) -> None:
        """Send stored batches in their order until none is left or the portal gives no answer."""
        while True:
            with self._books.reading() as db:
                batch = outbox.first_waiting(db, self.slug, now=time.time())
            if batch is None:
                return
            self._send(batch)

    def close_period(self, month: Month) -> bool:
        """Close a month; what is undecided in it is decided first, when the system decides by itself."""
        with self._transaction() as books:
            if books.provider["is_automatic"]:
                waiting = submissions.waiting(books.db, self.slug, until=books.at, limit=-1)
                decisions.decide(books, [sent for sent in waiting if sent.month <= month])
            is_closed = decisions.close_period(books, month)
        self.charge()
        self.wake()
        return is_closed

    def charge(self) -> None:
        """Go on with months that are being closed, a house at a time, so that nobody waits for long."""
        is_charging = True
        while is_charging and not self._stopped.is_set():
            with self._transaction() as books:
                is_charging = closing.go_on(books)

    @contextmanager
    def deciding(self) -> Iterator[Books]:
        """Give the books for a decision by hand, and send it at once."""
        with self._transaction() as books:
            yield books
        self.wake()

    @contextmanager
    def _transaction(self) -> Iterator[Books]:
        with self._books.transaction() as db:
            yield Books(db, self.slug, self._clock.now())

    def _may_work(self) -> bool:
        with self._books.reading() as db:
            row = db.execute("SELECT fault FROM provider WHERE slug = ?", (self.slug,)).fetchone()
        return row is not None and row["fault"] != Fault.UNAVAILABLE

    def _fault_and_place(self) -> tuple[Fault, int]:
        with self._books.reading() as db:
            row = db.execute("SELECT * FROM provider WHERE slug = ?", (self.slug,)).fetchone()
        return Fault(row["fault"]), row["acknowledged"]

    def _keep(self, items: list[Any]) -> None:
        with self._transaction() as books:
            for raw in items:
                try:
                    item = FeedItem.model_validate(raw)
                except ValidationError as error:
                    self._quarantine(books, raw, str(error.errors(include_url=False, include_input=False)[0]["msg"]))
                    continue
                self._keep_item(books, item)

    def _keep_item(self, books: Books, item: FeedItem) -> None:
        payload = item.payload
        if isinstance(payload, ActRequested):
            subject, is_news = str(payload.request), acts.keep(books, payload)
        elif isinstance(payload, ReadingWithdrawn):
            subject, is_news = str(payload.submission), submissions.withdraw(books.db, self.slug, payload)
        elif isinstance(payload, MeterClaimed):
            # The clerk reads it in the journal: the books change by an order, not by a customer's word.
            subject, is_news = f"{payload.meter}: {payload.kind}", True
        else:
            subject = str(payload.submission)
            is_news = submissions.keep(books.db, self.slug, payload, seq=item.seq, at=books.at)
        if is_news:
            journal.write(books.db, self.slug, Line("in", item.kind, subject, key=str(item.id)), at=books.at)

    def _upload(self, printed: Printed) -> None:
        try:
            file = self._portal.upload(printed.body)
        except UploadRefused as refusal:
            with self._transaction() as books:
                acts.give_up(books, printed, why="Файл акта не передан в кабинет.")
                line = Line("out", acts.ANSWERS, printed.id, answer=str(refusal))
                journal.write(books.db, self.slug, line, at=books.at)
        else:
            with self._transaction() as books:
                acts.answer(books, printed, file=file)

    def _quarantine(self, books: Books, raw: Any, trouble: str) -> None:
        """Put a message aside where people see it, so that those behind it pass."""
        line = Line("in", "unknown", str(raw)[:80], answer=f"отложено: {trouble}; {raw}")
        journal.write(books.db, self.slug, line, at=books.at)

    def _note_acknowledged(self, upto: int, count: int) -> None:
        with self._transaction() as books:
            books.db.execute("UPDATE provider SET acknowledged = ? WHERE slug = ?", (upto, self.slug))
            line = Line("out", "acknowledgement", f"до № {upto}", status=200, answer=f"{count}")
            journal.write(books.db, self.slug, line, at=books.at)

    def _keep_periods(self) -> None:
        """Open a month in time: where a deadline falls on the 1st, its window begins in the month before."""
        with self._transaction() as books:
            provider = books.provider
            rule = WINDOWS.validate_json(provider["window_rule"])
            today = books.at.astimezone(ZoneInfo(provider["zone"])).date()
            wanted = {Month.of(today)}
            if isinstance(rule, DeadlineDay):
                wanted.add(Month.of(today + timedelta(days=rule.window_days)))
            decisions.open_periods(books, sorted(wanted))

    def _send(self, batch: Batch) -> None:
        try:
            answer = self._portal.send(batch.body, key=batch.key)
        except PortalUnreachable:
            with self._transaction() as books:
                outbox.postpone(books.db, batch, now=time.time())
            raise
        with self._transaction() as books:
            self._settle(books, batch, answer)
        if not answer.is_final:
            raise PortalUnreachable(f"портал ответил {answer.status} на пакет")

    def _settle(self, books: Books, batch: Batch, answer: Answer) -> None:
        line = Line("out", batch.kind, batch.subject, batch.key, answer.status, answer.text)
        journal.write(books.db, self.slug, line, at=books.at)
        if answer.is_success:
            outbox.settle(books.db, batch, state="accepted")
            submissions.mark_delivered(books.db, self.slug, batch.submissions, at=books.at)
        elif not answer.is_final:
            outbox.postpone(books.db, batch, now=time.time())
        elif len(batch.groups) > 1:
            outbox.split(books.db, self.slug, batch, at=books.at)
        else:
            outbox.settle(books.db, batch, state="refused")
            trouble = f"портал не принял ответ ({answer.status})"
            submissions.mark_troubled(books.db, self.slug, batch.submissions, trouble=trouble)

    def _note_trouble(self, trouble: str | None) -> None:
        """Keep what is wrong now; the journal gets a line when it changes, not every second."""
        if trouble is None:
            self.heard_at = self._clock.now()
        with self._transaction() as books:
            if trouble == books.provider["trouble"]:
                return
            books.db.execute("UPDATE provider SET trouble = ? WHERE slug = ?", (trouble, self.slug))
            line = Line("out", "connection", "связь с порталом", answer=trouble or "связь восстановлена")
            journal.write(books.db, self.slug, line, at=books.at)
