"""What billing knows of submissions and volumes: that it has them, that it took or refused them (BILL-02, I7).

States move along sent → passed → taken or refused and no other way. A row that a correction has superseded keeps its
state; its answer is noted beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg import sql

from kabinet.infra.db import step
from kabinet.infra.staging import Applied, Counts, Stage, fetch, has_twins, refused, run, table_of, twins


@dataclass(frozen=True, slots=True)
class Answered:
    """A kind of rows that billing answers: the answer's entity and the table with the states.

    `sent` is the event that took such a row to billing, `told` the one that tells of the answer; `lock` is the column
    by which senders lock: answers lock in the same order.
    """

    entity: str
    table: str
    lock: str
    sent: str
    told: str

    @property
    def merged(self) -> sql.Identifier:
        return sql.Identifier(f"merged_{self.entity}")

    @property
    def rows(self) -> sql.Identifier:
        return sql.Identifier(self.table)

    @property
    def order(self) -> sql.Identifier:
        return sql.Identifier(self.lock)


SUBMISSIONS: Final = Answered(
    "submission_answer",
    table="readings_submission",
    lock="register_id",
    sent="readings.sent",
    told="readings.answered",
)
VOLUMES: Final = Answered(
    "volume_answer",
    table="readings_sewagevolume",
    lock="point_id",
    sent="readings.volume_sent",
    told="readings.volume_answered",
)
KINDS: Final = (SUBMISSIONS, VOLUMES)

# A note on a superseded submission needs a code even where billing gave none.
_NOTED: Final = "coalesce(nullif(s.reason_code, ''), s.verdict)"


@step
def pass_on(kind: Answered, named: Sequence[tuple[UUID, UUID]], *, at: datetime) -> int:
    """Move rows (contract, id) from sent to passed: billing has acknowledged them."""
    return run(
        """
        WITH held AS (
            SELECT s.contract_id, s.id FROM {table} s
            JOIN unnest(%(contracts)s::uuid[], %(ids)s::uuid[]) AS n (contract_id, id) USING (contract_id, id)
            WHERE s.state = 'sent' ORDER BY s.contract_id, s.{lock}, s.id FOR NO KEY UPDATE OF s
        )
        UPDATE {table} t SET state = 'passed', state_at = %(at)s
        FROM held WHERE t.contract_id = held.contract_id AND t.id = held.id AND t.state = 'sent'
        """,
        {"contracts": [contract for contract, _ in named], "ids": [id_ for _, id_ in named], "at": at},
        table=kind.rows,
        lock=kind.order,
    )


@step
def answer(stage: Stage, *, at: datetime) -> list[Applied]:
    """Write billing's answers down and tell of each once; the same answer again changes nothing."""
    return [_answer(kind, stage, at=at) for kind in KINDS if stage.holds(kind.entity)]


def _answer(kind: Answered, stage: Stage, *, at: datetime) -> Applied:
    _hold(kind, stage)
    _resolve(kind, stage)
    _mark(kind, stage)
    problems, total = refused(kind.entity)
    return Applied(kind.entity, _write(kind, stage, at=at), problems, total)


def _hold(kind: Answered, stage: Stage) -> None:
    """Lock the named rows in the order in which senders lock them."""
    run(
        """
        SELECT FROM {table} t
        JOIN contracts_contract c ON c.id = t.contract_id AND c.provider_id = %(provider)s AND c.source = %(source)s
        JOIN {stage} s ON s.contract = c.external_id AND s.submission = t.id
        ORDER BY t.contract_id, t.{lock}, t.id FOR NO KEY UPDATE OF t
        """,
        stage.parameters,
        stage=table_of(kind.entity),
        table=kind.rows,
        lock=kind.order,
    )


def _resolve(kind: Answered, stage: Stage) -> None:
    run(
        """
        CREATE TEMPORARY TABLE {merged} ON COMMIT DROP AS
        SELECT s.line, s.id, s.external_id, s.submission, s.verdict, s.reason_code, s.reason, s.billed_in,
               s.contract AS contract_name, c.id AS contract_id,
               t.id AS old_id, t.state AS old_state, t.state IN ('superseded', 'withdrawn') AS is_superseded,
               CASE WHEN t.state IN ('superseded', 'withdrawn') THEN {noted} ELSE s.reason_code END AS code_to_keep,
               t.reason_code AS old_code, t.reason AS old_reason, t.billed_in AS old_billed_in,
               t.state IN ('taken', 'refused')
                   OR (t.state IN ('superseded', 'withdrawn') AND t.reason_code <> '') AS was_answered,
               false AS same, NULL::text AS refused_field, NULL::text AS refused_code
        FROM {stage} s
        LEFT JOIN contracts_contract c
             ON c.provider_id = %(provider)s AND c.source = %(source)s AND c.external_id = s.contract
        LEFT JOIN {table} t ON t.contract_id = c.id AND t.id = s.submission
        """,
        stage.parameters,
        merged=kind.merged,
        stage=table_of(kind.entity),
        table=kind.rows,
        noted=sql.SQL(_NOTED),
    )
    # An answer already given may still learn the bill that it went into.
    run(
        """
        UPDATE {merged} SET same = old_code = code_to_keep AND old_reason = reason
            AND (old_state = verdict OR is_superseded)
            AND (old_billed_in IS NOT DISTINCT FROM billed_in OR old_billed_in IS NULL)
        WHERE was_answered
        """,
        merged=kind.merged,
    )


def _mark(kind: Answered, stage: Stage) -> None:
    if has_twins(kind.merged, "submission"):
        _refuse(kind, "submission", "duplicate_row", twins("submission"))
    if stage.holds("contract"):
        _refuse(
            kind,
            "",
            "",
            "m.contract_id IS NULL AND EXISTS (SELECT FROM {stage} s WHERE s.external_id = m.contract_name)",
        )
    _refuse(kind, "contract", "unknown_reference", "m.contract_id IS NULL")
    _refuse(kind, "submission", "unknown_submission", "m.old_id IS NULL")
    _refuse(kind, "verdict", "already_answered", "m.was_answered AND NOT m.same")


def _refuse(kind: Answered, field: str, code: str, where: str) -> None:
    run(
        """
        UPDATE {merged} m SET refused_field = {field}, refused_code = {code}
        WHERE m.refused_code IS NULL AND ({where})
        """,
        merged=kind.merged,
        field=sql.Literal(field),
        code=sql.Literal(code),
        where=sql.SQL(where).format(merged=kind.merged, stage=table_of("contract")),
    )


def _write(kind: Answered, stage: Stage, *, at: datetime) -> Counts:
    """Change state columns alone: the application may not touch what the customer sent."""
    changes = sql.SQL("m.refused_code IS NULL AND NOT (m.same AND m.old_billed_in IS NOT DISTINCT FROM m.billed_in)")
    updated = run(
        """
        UPDATE {table} t
        SET state = CASE WHEN m.is_superseded THEN t.state ELSE m.verdict END,
            state_at = CASE WHEN m.is_superseded OR m.was_answered THEN t.state_at ELSE %(at)s END,
            reason_code = m.code_to_keep, reason = m.reason, billed_in = m.billed_in
        FROM {merged} m WHERE t.contract_id = m.contract_id AND t.id = m.submission AND {changes}
        """,
        {"at": at},
        merged=kind.merged,
        table=kind.rows,
        changes=changes,
    )
    _tell(kind, stage, at=at)
    accepted = int(fetch("SELECT count(*) FROM {merged} WHERE refused_code IS NULL", merged=kind.merged)[0][0])
    return Counts(stage.rows[kind.entity], updated=updated, unchanged=accepted - updated)


def _tell(kind: Answered, stage: Stage, *, at: datetime) -> None:
    """Emit one event per first answer, a batch's worth in one statement; the row's id becomes the event's."""
    run(
        """
        INSERT INTO infra_event (uid, provider_id, contract_id, kind, payload, at)
        SELECT id, %(provider)s, contract_id, %(kind)s,
               jsonb_build_object('submission', submission, 'verdict', verdict, 'reason_code', reason_code), %(at)s
        FROM {merged} WHERE refused_code IS NULL AND NOT was_answered ORDER BY line
        """,
        {"provider": stage.provider_id, "kind": kind.told, "at": at},
        merged=kind.merged,
    )
