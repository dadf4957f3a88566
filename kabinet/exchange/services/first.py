"""A first load: a batch of any length, into tables that are without keys meanwhile (BILL-01).

The batch is staged, judged and written as every other. It is for commands of the installation, who may take up the
rights of the tables' owner, and never for who comes over the network: it keeps everybody else away until it ends.

A load is tried at a glance first: its contracts go straight into their tables. Where any row may have to be judged,
all is undone, and the load begins again by the stage, whose judgement alone counts.
"""

import hashlib
import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Final

from kabinet.contracts.models import Contract
from kabinet.contracts.services import import_ as contracts
from kabinet.exchange.formats import packing
from kabinet.exchange.formats.packing import Block, Limits
from kabinet.exchange.models import Partner
from kabinet.exchange.services import batches
from kabinet.exchange.services.batches import Batch
from kabinet.exchange.services.staging import Filling
from kabinet.exchange.values.batches import Form, Upload
from kabinet.exchange.values.sheets import Sheet
from kabinet.exchange.values.wire import Outcome, Report
from kabinet.infra import idempotency, ids
from kabinet.infra.db import transaction_of
from kabinet.infra.staging import NotAtAGlance, PourerAhead, Stage, StraightStage, rows_in, without_keys
from kabinet.kernel.actors import Actor
from kabinet.readings.services import import_ as readings

# To make keys anew costs as much as a few thousand rows, and as much for a row that was there as for one that comes.
LEAST: Final = 20_000
# Files of our own machine are as long as they are.
BOUNDLESS: Final = Limits(body=sys.maxsize, unpacked=sys.maxsize)


class Kind(Enum):
    """What is loaded at once: the tables that are without keys meanwhile; others of the batch keep theirs."""

    CONTRACTS = tuple(merge.table for merge in contracts.MEASURED)
    READINGS = (readings.READINGS.table, readings.VOLUMES.table)
    EVERYTHING = (*CONTRACTS, *READINGS)


class AlreadyLoaded(Exception):
    """Raised where the provider has contracts already: they are nobody's first."""


def is_worth_it(kind: Kind, *, rows: int) -> bool:
    """Say whether so many rows are loaded sooner without keys: not where as many are stored already, nor for a few."""
    return rows >= LEAST and rows >= rows_in(kind.value)


class NotTaken(Exception):
    """Raised when a load is asked for its report before it has ended."""


class Loading:
    """A batch that is being handed over, part by part."""

    def __init__(self, partner: Partner, stage: Stage, *, at: datetime) -> None:
        self.partner = partner
        self.at = at
        self._report: Report | None = None
        self._stage = stage
        self._filling = Filling(self._stage)
        self._digest = hashlib.sha256()
        self._size = 0
        self._lines = 0

    def take(self, part: Sheet | Block) -> None:
        """Stage a part; the server may still be reading it."""
        if isinstance(part, Sheet):
            part = part.from_line(self._lines + 1)
            self._lines += len(part)
            names = "\n".join(part.columns["external_id"])
            self._digest.update(f"{part.entity}/{len(part)}\n{names}\n".encode())
        else:
            self._digest.update(part.body)
            self._size += len(part.body)
        self._filling.take(part)

    def pour(self) -> None:
        """Wait until the server has read what was handed over."""
        self._filling.pour()

    def settle(self, *, by: Actor) -> None:
        """Judge and write everything; the same content again is the same batch, for which nothing goes straight in."""
        self._filling.finish()
        batch = self.batch
        bound = idempotency.once(
            f"first/{batch.upload.sha256}",
            body={"sha256": batch.upload.sha256, "form": batch.upload.written_as},
            by=by,
            act=lambda: batches.settle(batch, self._stage, by=by),
        )
        report = Report.model_validate(bound)
        if self._stage.written() and report.batch != batch.blank.batch:
            raise NotAtAGlance
        self._report = report

    @property
    def taken(self) -> Report:
        """Return what became of it, once it has ended."""
        if self._report is None:
            raise NotTaken
        return self._report

    @property
    def batch(self) -> Batch:
        digest = self._digest.hexdigest()
        upload = Upload(io.BytesIO(), size=self._size, sha256=digest, form=Form(), has_passed=self._lines > 0)
        blank = Report(batch=ids.new(), outcome=Outcome.TAKEN, sha256=digest, at=self.at)
        return Batch(upload, self.partner, Limits(), blank)


def load_files(files: Sequence[Path], *, partner: Partner, by: Actor, at: datetime) -> Report:
    """Bring in the rows of files, one batch together, for a provider who has no contracts yet."""
    if Contract.objects.filter(provider_id=partner.provider_id).exists():
        raise AlreadyLoaded
    try:
        return _load(files, partner=partner, by=by, at=at, is_straight=True)
    except NotAtAGlance:
        return _load(files, partner=partner, by=by, at=at, is_straight=False)


def _load(files: Sequence[Path], *, partner: Partner, by: Actor, at: datetime, is_straight: bool) -> Report:
    with first_load(Kind.EVERYTHING, partner=partner, by=by, at=at, is_straight=is_straight) as loading:
        for block in _blocks_of(files):
            loading.take(block)
    return loading.taken


def _blocks_of(files: Sequence[Path]) -> Iterator[Block]:
    """Give the lines of all files as if they were one."""
    before = 0
    for path in files:
        last = 0
        with path.open("rb") as file:
            for block in packing.blocks_of(file, packed=path.suffix == ".gz", limits=BOUNDLESS):
                last = block.first - 1 + block.body.rstrip(b"\n").count(b"\n") + 1
                yield Block(before + block.first, block.body)
        before += last


@contextmanager
def first_load(
    kind: Kind, *, partner: Partner, by: Actor, at: datetime, is_straight: bool = False
) -> Iterator[Loading]:
    """Bring in what the block hands over, whole or not at all; its report is there when the block has ended.

    What is to go straight in raises `NotAtAGlance` where it would be refused, or may be: whoever asked asks again
    without.
    """
    pourer = PourerAhead()
    loading = Loading(partner, _stage_of(partner, pourer, is_straight=is_straight), at=at)
    try:
        with transaction_of("exchange.first_load"), without_keys(kind.value), pourer:
            yield loading
            loading.settle(by=by)
    except batches.REFUSALS as refusal:
        if is_straight:
            raise NotAtAGlance from refusal
        raise batches.refused(loading.batch, refusal) from refusal


def _stage_of(partner: Partner, pourer: PourerAhead, *, is_straight: bool) -> Stage:
    provider_id, source = partner.provider_id, partner.source
    if is_straight:
        return StraightStage(contracts.MEASURED, provider_id=provider_id, source=source, pourer=pourer)
    return Stage(provider_id=provider_id, source=source, pourer=pourer, has_keys=False)
