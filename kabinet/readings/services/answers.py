"""What billing knows of submissions: that it has them, that it took or refused them (BILL-02, I7).

States move along sent → passed → taken or refused and no other way. A submission that a correction has superseded
keeps its state; its answer is noted beside it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from psycopg import sql

from kabinet.infra import events
from kabinet.infra.db import step
from kabinet.infra.staging import Applied, Counts, Stage, fetch, has_twins, refused, run, table_of, twins

ENTITY: Final = "submission_answer"
ANSWERED: Final = "readings.answered"
MERGED: Final = sql.Identifier("merged_submission_answer")

# A note on a superseded submission needs a code even where billing gave none.
_NOTED: Final = "coalesce(nullif(s.reason_code, ''), s.verdict)"


@step
def pass_on(named: Sequence[tuple[UUID, UUID]], *, at: datetime) -> int:
    """Move submissions (contract, id) from sent to passed: billing has acknowledged them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH held AS (
                SELECT s.contract_id, s.id FROM readings_submission s
                JOIN unnest(%(contracts)s::uuid[], %(ids)s::uuid[]) AS n (contract_id, id) USING (contract_id, id)
                WHERE s.state = 'sent' ORDER BY s.contract_id, s.register_id, s.id FOR NO KEY UPDATE OF s
            )
            UPDATE readings_submission t SET state = 'passed', state_at = %(at)s
            FROM held WHERE t.contract_id = held.contract_id AND t.id = held.id AND t.state = 'sent'
            """,
            {"contracts": [contract for contract, _ in named], "ids": [id_ for _, id_ in named], "at": at},
        )
        return int(cursor.rowcount)


@step
def answer(stage: Stage, *, at: datetime) -> list[Applied]:
    """Write billing's answers down and tell of each once; the same answer again changes nothing."""
    if not stage.holds(ENTITY):
        return []
    _hold(stage)
    _resolve(stage)
    _mark(stage)
    problems, total = refused(ENTITY)
    counts = _write(stage, at=at)
    return [Applied(ENTITY, counts, problems, total)]


def _hold(stage: Stage) -> None:
    """Lock the named submissions in the order in which senders lock them."""
    run(
        """
        SELECT FROM readings_submission t
        JOIN contracts_contract c ON c.id = t.contract_id AND c.provider_id = %(provider)s AND c.source = %(source)s
        JOIN {stage} s ON s.contract = c.external_id AND s.submission = t.id
        ORDER BY t.contract_id, t.register_id, t.id FOR NO KEY UPDATE OF t
        """,
        stage.parameters,
        stage=table_of(ENTITY),
    )


def _resolve(stage: Stage) -> None:
    run(
        """
        CREATE TEMPORARY TABLE {merged} ON COMMIT DROP AS
        SELECT s.line, s.id, s.external_id, s.submission, s.verdict, s.reason_code, s.reason, s.billed_in,
               s.contract AS contract_name, c.id AS contract_id,
               t.id AS old_id, t.state AS old_state, t.state = 'superseded' AS is_superseded,
               CASE WHEN t.state = 'superseded' THEN {noted} ELSE s.reason_code END AS code_to_keep,
               t.reason_code AS old_code, t.reason AS old_reason, t.billed_in AS old_billed_in,
               t.state IN ('taken', 'refused') OR (t.state = 'superseded' AND t.reason_code <> '') AS was_answered,
               false AS same, NULL::text AS refused_field, NULL::text AS refused_code
        FROM {stage} s
        LEFT JOIN contracts_contract c
             ON c.provider_id = %(provider)s AND c.source = %(source)s AND c.external_id = s.contract
        LEFT JOIN readings_submission t ON t.contract_id = c.id AND t.id = s.submission
        """,
        stage.parameters,
        merged=MERGED,
        stage=table_of(ENTITY),
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
        merged=MERGED,
    )


def _mark(stage: Stage) -> None:
    if has_twins(MERGED, "submission"):
        _refuse("submission", "duplicate_row", twins("submission"))
    if stage.holds("contract"):
        _refuse(
            "",
            "",
            "m.contract_id IS NULL AND EXISTS (SELECT FROM {stage} s WHERE s.external_id = m.contract_name)",
        )
    _refuse("contract", "unknown_reference", "m.contract_id IS NULL")
    _refuse("submission", "unknown_submission", "m.old_id IS NULL")
    _refuse("verdict", "already_answered", "m.was_answered AND NOT m.same")


def _refuse(field: str, code: str, where: str) -> None:
    run(
        "UPDATE {merged} m SET refused_field = {field}, refused_code = {code} WHERE m.refused_code IS NULL AND ({where})",
        merged=MERGED,
        field=sql.Literal(field),
        code=sql.Literal(code),
        where=sql.SQL(where).format(merged=MERGED, stage=table_of("contract")),
    )


def _write(stage: Stage, *, at: datetime) -> Counts:
    """Change state columns alone: the application may not touch what the customer sent."""
    changes = sql.SQL("m.refused_code IS NULL AND NOT (m.same AND m.old_billed_in IS NOT DISTINCT FROM m.billed_in)")
    updated = run(
        """
        UPDATE readings_submission t
        SET state = CASE WHEN m.is_superseded THEN t.state ELSE m.verdict END,
            state_at = CASE WHEN m.is_superseded OR m.was_answered THEN t.state_at ELSE %(at)s END,
            reason_code = m.code_to_keep, reason = m.reason, billed_in = m.billed_in
        FROM {merged} m WHERE t.contract_id = m.contract_id AND t.id = m.submission AND {changes}
        """,
        {"at": at},
        merged=MERGED,
        changes=changes,
    )
    _tell(stage, at=at)
    accepted = int(fetch("SELECT count(*) FROM {merged} WHERE refused_code IS NULL", merged=MERGED)[0][0])
    return Counts(stage.rows[ENTITY], updated=updated, unchanged=accepted - updated)


def _tell(stage: Stage, *, at: datetime) -> None:
    """Emit one event per first answer, a batch's worth in one statement; the row's id becomes the event's."""
    told = run(
        """
        INSERT INTO infra_event (uid, provider_id, contract_id, kind, payload, at)
        SELECT id, %(provider)s, contract_id, %(kind)s,
               jsonb_build_object('submission', submission, 'verdict', verdict, 'reason_code', reason_code), %(at)s
        FROM {merged} WHERE refused_code IS NULL AND NOT was_answered ORDER BY line
        """,
        {"provider": stage.provider_id, "kind": ANSWERED, "at": at},
        merged=MERGED,
    )
    if told:
        events.wake_relay()
