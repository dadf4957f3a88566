"""What billing owns, through the very import that its batches take."""

import hashlib
import io
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from kabinet.exchange.formats.packing import Limits
from kabinet.exchange.models import Partner
from kabinet.exchange.services import batches, first
from kabinet.exchange.values.batches import Form, Upload
from kabinet.exchange.values.entities import AnyRow
from kabinet.exchange.values.sheets import Sheet
from kabinet.exchange.values.wire import Report
from kabinet.kernel.actors import Actor, ActorKind, Channel

ROWS_IN_A_BATCH: Final = 50_000
Part = AnyRow | Sheet
P = TypeVar("P", bound=Part)


@dataclass(slots=True)
class Tally:
    """What went into the tables, and how many seconds the portal took for it."""

    contracts: int = 0
    rows: int = 0
    seconds: float = 0.0

    @property
    def speed(self) -> tuple[int, int]:
        """Return how many contracts and rows came in a second."""
        return round(self.contracts / self.seconds), round(self.rows / self.seconds)

    def note(self, report: Report, seconds: float) -> None:
        counted = report.entities
        self.contracts += counted["contract"].inserted if "contract" in counted else 0
        self.rows += sum(entity.inserted for entity in counted.values())
        self.seconds += seconds


def sending(
    parts: Iterable[Part],
    *,
    partner: Partner,
    name: str,
    at: datetime,
    tally: Tally | None = None,
    is_ahead: bool = False,
) -> Iterator[Part]:
    """Send rows and sheets as batches, give each when the portal has it; a repeated sending changes nothing."""
    made = _made_ahead(_batches(parts)) if is_ahead else _batches(parts)
    for number, batch in enumerate(made):
        upload = _handed_over(batch)
        began = time.perf_counter()
        report = batches.receive(
            upload,
            partner=partner,
            key=f"demo/{name}/{number}/{upload.sha256[:16]}",
            is_dry_run=False,
            limits=Limits(),
            by=_actor(partner),
            at=at,
        )
        if tally:
            tally.note(report, time.perf_counter() - began)
        yield from batch


def sending_first(
    kind: first.Kind, sheets: Iterable[Sheet], *, partner: Partner, at: datetime, tally: Tally
) -> Iterator[Part]:
    """Send sheets as one batch into tables without keys; give each when the portal has it. What fails takes all back.

    No row of a crowd has to be judged: it goes straight in, or is a fault of ours.
    """
    by, seconds = _actor(partner), 0.0
    began = time.perf_counter()
    with first.first_load(kind, partner=partner, by=by, at=at, is_straight=True) as loading:
        seconds += time.perf_counter() - began
        for batch in _batches(sheets):
            began = time.perf_counter()
            for sheet in batch:
                loading.take(sheet)
            loading.pour()
            seconds += time.perf_counter() - began
            yield from batch
        began = time.perf_counter()
    tally.note(loading.taken, seconds + time.perf_counter() - began)


def _actor(partner: Partner) -> Actor:
    return Actor(ActorKind.PARTNER, id=partner.pk, provider_id=partner.provider_id, channel=Channel.EXCHANGE)


def _batches(parts: Iterable[P]) -> Iterator[list[P]]:
    batch: list[P] = []
    count = 0
    for part in parts:
        batch.append(part)
        count += len(part) if isinstance(part, Sheet) else 1
        if count >= ROWS_IN_A_BATCH:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch


def _made_ahead(made: Iterator[list[Part]]) -> Iterator[list[Part]]:
    """Make the next batch while the database takes this one; whoever makes rows asks the database nothing."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        nothing: list[Part] = []
        coming = thread.submit(next, made, nothing)
        while batch := coming.result():
            coming = thread.submit(next, made, nothing)
            yield batch


def _handed_over(batch: list[Part]) -> Upload:
    """Let the rows stand for the file that they would be written into; names and versions say what is in them."""
    rows = [part for part in batch if not isinstance(part, Sheet)]
    sheets = [part for part in batch if isinstance(part, Sheet)]
    digest = hashlib.sha256()
    for row in rows:
        digest.update(f"{row.entity}/{row.external_id}/{row.version}\n".encode())
    for sheet in sheets:
        names = "\n".join(sheet.columns["external_id"])
        digest.update(f"{sheet.entity}/{len(sheet)}\n{names}\n".encode())
    return Upload(io.BytesIO(), size=0, sha256=digest.hexdigest(), form=Form(), rows=rows, sheets=sheets)
