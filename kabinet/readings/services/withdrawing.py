"""A file is taken back: what it sent and still holds gives way to what held before, or to nothing (READ-12).

Until the period is closed. Where an earlier reading was corrected, it is sent anew and billing sees a correction; where
there was none, billing is told that the reading is withdrawn.
"""

from datetime import datetime
from typing import Any

from kabinet.infra import audit, ids
from kabinet.infra.db import step, use_case
from kabinet.infra.staging import fetch, run
from kabinet.kernel.actors import Actor
from kabinet.kernel.periods import Month
from kabinet.readings.models import ReadingsFile
from kabinet.readings.services import bulk
from kabinet.readings.services.files import AlreadyDone, NotNow, held_for
from kabinet.readings.services.periods import hold_open_period
from kabinet.readings.values.files import FileState


class PeriodClosed(Exception):
    """Raised when billing has closed the period: what was sent for it stands."""


class NothingToWithdraw(Exception):
    """Raised when nothing that the file sent holds any more."""


@use_case
def withdraw(file: ReadingsFile, *, by: Actor, at: datetime) -> None:
    """Take back whatever of the file still holds; rows that were corrected or refused since are left alone."""
    held = held_for(file.pk, by=by, at=at)
    if held.state == FileState.WITHDRAWN:
        raise AlreadyDone
    if held.state != FileState.DONE or held.month is None:
        raise NotNow
    _hold_registers(held)
    month = Month.of(held.month)
    if not hold_open_period(held.contract.provider_id, month):
        raise PeriodClosed
    rows = _holding(held)
    if not rows:
        raise NothingToWithdraw
    undoing = bulk.Sending(held, month=month, by=by, at=at, today=month.first, key=f"undo:{held.pk}")
    _stage(rows)
    bulk.send(undoing, _earlier(held))
    _withdraw(undoing)
    _note_fates(held)
    _finish(held, rows=len(rows), by=by, at=at)


def _hold_registers(file: ReadingsFile) -> None:
    """Hold the registers in the order of every sender."""
    fetch(
        """
        SELECT FROM contracts_register WHERE contract_id = %(contract)s AND id IN (
            SELECT register_id FROM readings_filerow
            WHERE contract_id = %(contract)s AND file_id = %(file)s AND submission_id IS NOT NULL)
        ORDER BY id FOR UPDATE
        """,
        {"contract": file.contract_id, "file": file.pk},
    )


def _holding(file: ReadingsFile) -> list[tuple[Any, ...]]:
    """Return the rows whose submissions hold still, each with the one it corrected, unless billing refused that."""
    return fetch(
        """
        SELECT f.number, s.id, p.id
        FROM readings_filerow f
        JOIN readings_submission s ON s.contract_id = f.contract_id AND s.id = f.submission_id
             AND s.state IN ('sent', 'passed', 'taken')
        LEFT JOIN readings_submission p ON p.contract_id = s.contract_id AND p.id = s.corrects
             AND p.state = 'superseded' AND p.reason = ''
        WHERE f.contract_id = %(contract)s AND f.file_id = %(file)s ORDER BY f.number
        """,
        {"contract": file.contract_id, "file": file.pk},
    )


@step
def _stage(rows: list[tuple[Any, ...]]) -> None:
    """Stage the file's submissions, each with the one that held before it."""
    run("CREATE TEMPORARY TABLE stage_undo (number integer, uid uuid, id uuid, earlier uuid) ON COMMIT DROP")
    cells = [f"{number}\t{ids.spelled()}\t{id_}\t{earlier or bulk.NULL}" for number, id_, earlier in rows]
    bulk.copy("stage_undo", ("number", "uid", "id", "earlier"), cells)


def _earlier(file: ReadingsFile) -> list[bulk.Going]:
    """Return what held before as new versions that correct the file's own."""
    rows = fetch(
        """
        SELECT u.uid::text, p.register_id::text, p.raw, p.value::text, p.previous::text, p.rolls_over, u.id::text,
               p.confirmed::text, p.remarks::text, p.taken_on::text, m.external_id, r.external_id
        FROM stage_undo u JOIN readings_submission p ON p.contract_id = %(contract)s AND p.id = u.earlier
        JOIN contracts_register r ON r.id = p.register_id JOIN contracts_meter m ON m.id = r.meter_id
        ORDER BY u.number
        """,
        {"contract": file.contract_id},
    )
    return [_again(bulk.Going._make(row)) for row in rows]


def _again(row: bulk.Going) -> bulk.Going:
    return row._replace(
        raw=bulk.escaped(row.raw),
        previous=row.previous or bulk.NULL,
        rolls_over="t" if row.rolls_over else "f",
        confirmed=bulk.escaped(row.confirmed),
        remarks=bulk.escaped(row.remarks),
    )


@step
def _withdraw(undoing: bulk.Sending) -> None:
    """Withdraw what had nothing before it, and tell billing of each."""
    run(
        """
        UPDATE readings_submission t SET state = 'withdrawn', state_at = %(at)s
        FROM stage_undo u WHERE t.contract_id = %(contract)s AND t.id = u.id AND u.earlier IS NULL
        """,
        undoing.parameters,
    )
    run(
        """
        INSERT INTO infra_event (uid, provider_id, contract_id, kind, payload, at)
        SELECT u.uid, %(provider)s, %(contract)s, 'readings.withdrawn', jsonb_build_object(
                   'submission', u.id, 'contract', %(contract_name)s::text, 'meter', m.external_id,
                   'register', r.external_id, 'month', %(month_name)s::text, 'withdrawn_at', %(at_name)s::text), %(at)s
        FROM stage_undo u JOIN readings_submission s ON s.contract_id = %(contract)s AND s.id = u.id
        JOIN contracts_register r ON r.id = s.register_id JOIN contracts_meter m ON m.id = r.meter_id
        WHERE u.earlier IS NULL ORDER BY u.number
        """,
        undoing.parameters,
    )


@step
def _note_fates(file: ReadingsFile) -> None:
    run(
        """
        UPDATE readings_filerow f SET fate = CASE WHEN u.earlier IS NULL THEN 'withdrawn' ELSE 'restored' END
        FROM stage_undo u WHERE f.contract_id = %(contract)s AND f.file_id = %(file)s AND f.number = u.number
        """,
        {"contract": file.contract_id, "file": file.pk},
    )


@step
def _finish(file: ReadingsFile, *, rows: int, by: Actor, at: datetime) -> None:
    file.state, file.state_at, file.counts = FileState.WITHDRAWN, at, bulk.counts_of(file)
    file.save(update_fields=["state", "state_at", "counts"])
    after = {"month": str(file.month), "rows": rows}
    audit.record("readings.file_withdrawn", file, before=None, after=after, by=by, contract_id=file.contract_id)
