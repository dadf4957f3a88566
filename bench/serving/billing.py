"""A billing system that sends its batches over HTTP, one after another, while people use the portal."""

import contextlib
import gzip
import http.client
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from bench.accounts import ROWS_AN_ACCOUNT, accounts
from bench.serving.site import HEADERS
from kabinet.exchange.services.partners import give_key
from kabinet.kernel.actors import Actor, ActorKind
from kabinet.providers.models import Provider
from launcher import ports

ROWS_A_BATCH: Final = 10_000
ANSWER_SECONDS: Final = 300
ADDRESS: Final = "/exchange/v1/batches/"


@dataclass(slots=True)
class Import:
    """Batches on their way; when the first began and the last was taken, by the clock of `time.monotonic`."""

    port: int
    key: str
    bodies: Sequence[bytes]
    taken: int = 0
    put_off: int = 0
    begun: float = 0.0
    ended: float = 0.0
    refusals: list[str] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    @property
    def rows(self) -> int:
        return self.taken * ROWS_A_BATCH

    @property
    def seconds(self) -> float:
        return (self.ended or time.monotonic()) - self.begun

    def begin(self) -> None:
        """Send in a thread of its own: it waits for answers and costs nothing meanwhile."""
        self.begun = time.monotonic()
        self.thread = threading.Thread(target=self._send_all, daemon=True)
        self.thread.start()

    def end(self) -> None:
        """Let the batch under way be answered, and send no more."""
        self.is_over.set()
        if self.thread is not None:
            self.thread.join()

    def _send_all(self) -> None:
        for number, body in enumerate(self.bodies):
            if not self._is_taken(number, body):
                return
            self.taken += 1
        self.ended = time.monotonic()

    def _is_taken(self, number: int, body: bytes) -> bool:
        """Send a batch until it is taken, as the protocol says: put off is not refused."""
        while not self.is_over.is_set():
            status, retry_after, text = self._answer(number, body)
            if status == HTTPStatus.OK:
                return True
            if status != HTTPStatus.SERVICE_UNAVAILABLE:
                self.refusals.append(f"{status}: {text[:300]!r}")
                return False
            self.put_off += 1
            self.is_over.wait(retry_after)
        return False

    def _answer(self, number: int, body: bytes) -> tuple[int, float, bytes]:
        headers = {
            **HEADERS, "Authorization": f"Bearer {self.key}", "Idempotency-Key": f"evening-{number}",
            "Content-Type": "application/x-ndjson", "Content-Encoding": "gzip",
        }  # fmt: skip
        way = http.client.HTTPConnection(ports.LOOPBACK, self.port, timeout=ANSWER_SECONDS)
        with contextlib.closing(way):
            way.request("POST", ADDRESS, body, headers)
            answer = way.getresponse()
            return answer.status, float(answer.headers.get("Retry-After") or 5), answer.read()


def importing(provider: Provider, *, port: int, rows: int) -> Import:
    """Make a billing system with so many rows to send, ready before anything is measured."""
    key = give_key(provider, source="billing", token=None, by=Actor(ActorKind.JOB, provider_id=provider.pk))
    return Import(port, key, list(_bodies(rows)))


def _bodies(rows: int) -> Iterator[bytes]:
    count = ROWS_A_BATCH // ROWS_AN_ACCOUNT
    for batch in range(rows // ROWS_A_BATCH):
        lines = (row.to_line() for row in accounts(range(batch * count, (batch + 1) * count)))
        yield gzip.compress("".join(f"{line}\n" for line in lines).encode(), compresslevel=1)
