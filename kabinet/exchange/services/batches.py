"""A batch from billing: taken whole or refused whole, once (BILL-01)."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import DataError, IntegrityError, connection

from kabinet.billing.services import import_ as billing
from kabinet.contracts.services import import_ as contracts
from kabinet.exchange.formats.packing import Limits, TooLarge
from kabinet.exchange.models import Partner
from kabinet.exchange.services import journal
from kabinet.exchange.services.staging import RowsRefused, fill
from kabinet.exchange.values.batches import Upload
from kabinet.exchange.values.wire import PROBLEMS_SHOWN, EntityCounts, Outcome, ProblemLine, Report
from kabinet.infra import audit, idempotency, ids
from kabinet.infra.db import constraint_of, step, use_case
from kabinet.infra.staging import Applied, Problem, Stage
from kabinet.kernel.actors import Actor
from kabinet.providers.services import import_ as periods
from kabinet.readings.services import answers
from kabinet.readings.services import import_ as readings
from kabinet.tariffs.services import import_ as tariffs


@dataclass(frozen=True, slots=True)
class Batch:
    """A file, whose it is, how much of it is borne, and the report that it will fill."""

    upload: Upload
    partner: Partner
    limits: Limits
    blank: Report


class BatchRefused(Exception):
    """Raised when nothing of the batch came in; the report says which lines and why."""

    def __init__(self, report: Report) -> None:
        super().__init__(str(report.batch))
        self.report = report


class _Checked(Exception):
    """Raised to undo a dry run; carries what it would have done."""

    def __init__(self, report: Report) -> None:
        super().__init__(str(report.batch))
        self.report = report


class _Unfit(Exception):
    """Raised when rows do not fit those that are stored or each other."""

    def __init__(self, applied: list[Applied]) -> None:
        super().__init__("rows do not fit")
        self.applied = applied


REFUSALS: Final = (RowsRefused, _Unfit, TooLarge, IntegrityError, DataError)


def receive(
    upload: Upload, *, partner: Partner, key: str, is_dry_run: bool, limits: Limits, by: Actor, at: datetime
) -> Report:
    """Take a batch, or refuse it and keep nothing but the journal's line; the same key and file is one batch."""
    batch = Batch(upload, partner, limits, Report(batch=ids.new(), outcome=Outcome.TAKEN, sha256=upload.sha256, at=at))
    try:
        return _try(batch) if is_dry_run else _take(batch, key=key, by=by)
    except _Checked as tried:
        journal.note_batch(upload, tried.report, partner=partner)
        return tried.report
    except REFUSALS as refusal:
        raise refused(batch, refusal) from refusal


def refused(batch: Batch, refusal: Exception) -> BatchRefused:
    """Keep the journal's line of a batch of which nothing came in; return what to raise."""
    report = _refusal(batch.blank, refusal)
    journal.note_batch(batch.upload, report, partner=batch.partner)
    return BatchRefused(report)


@use_case
def _try(batch: Batch) -> Report:
    stage = _stage_of(batch)
    fill(stage, batch.upload, limits=batch.limits)
    report = _apply(batch, stage)
    raise _Checked(report.model_copy(update={"outcome": Outcome.CHECKED}))


@use_case
def _take(batch: Batch, *, key: str, by: Actor) -> Report:
    body = {"sha256": batch.upload.sha256, "form": batch.upload.written_as}
    return Report.model_validate(idempotency.once(key, body=body, by=by, act=lambda: _accept(batch, by=by)))


def _accept(batch: Batch, *, by: Actor) -> dict[str, Any]:
    stage = _stage_of(batch)
    fill(stage, batch.upload, limits=batch.limits)
    return settle(batch, stage, by=by)


@step
def settle(batch: Batch, stage: Stage, *, by: Actor) -> dict[str, Any]:
    """Bring everything that is staged into the tables, and write down that it was taken."""
    report = _apply(batch, stage)
    message = journal.write_batch(batch.upload, report, partner=batch.partner)
    journal.write_answers(stage, message)
    periods.hear_billing(batch.partner.provider_id, at=report.at)
    counts = {name: counted.model_dump() for name, counted in report.entities.items()}
    audit.record("exchange.batch_taken", message, before=None, after=counts, by=by)
    stage.drop()
    return report.model_dump(mode="json")


def _stage_of(batch: Batch) -> Stage:
    return Stage(provider_id=batch.partner.provider_id, source=batch.partner.source)


@step
def _apply(batch: Batch, stage: Stage) -> Report:
    """Let each app write its own entities, in the order of `ENTITIES`."""
    _wait_for_turn(batch.partner.provider_id)
    applied = [
        *stage.written(),
        *contracts.apply(stage),
        *tariffs.apply(stage),
        *periods.apply(stage, at=batch.blank.at),
        *readings.apply(stage),
        *answers.answer(stage, at=batch.blank.at),
        *billing.apply(stage, at=batch.blank.at),
    ]
    if any(one.problems_total for one in applied):
        raise _Unfit(applied)
    return batch.blank.model_copy(update={"entities": {one.entity: _counts(one) for one in applied}})


def _wait_for_turn(provider_id: UUID) -> None:
    """Let one batch of a provider be compared and written at a time."""
    number = int.from_bytes(hashlib.sha256(b"exchange" + provider_id.bytes).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _counts(applied: Applied) -> EntityCounts:
    return EntityCounts.model_validate(asdict(applied.counts))


def _refusal(blank: Report, refusal: Exception) -> Report:
    """Say why nothing came in; a database constraint is the last to notice, and knows no line."""
    entities: dict[str, EntityCounts] = {}
    match refusal:
        case RowsRefused():
            problems, total = refusal.problems, len(refusal.problems)
        case _Unfit():
            problems = sorted((p for one in refusal.applied for p in one.problems), key=lambda p: p.line)
            total = sum(one.problems_total for one in refusal.applied)
            entities = {one.entity: EntityCounts(rows=one.counts.rows) for one in refusal.applied}
        case TooLarge():
            problems, total = [Problem(0, "", "", "", refusal.code)], 1
        case _:
            problems, total = [Problem(0, "", "", constraint_of(refusal), "constraint")], 1
    return blank.model_copy(
        update={
            "outcome": Outcome.REFUSED,
            "entities": entities,
            "problems": tuple(ProblemLine(**asdict(problem)) for problem in problems[:PROBLEMS_SHOWN]),
            "problems_total": total,
        }
    )
