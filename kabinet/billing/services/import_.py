"""Billing answers a request for an act: prepared with its file, or refused with a reason (DOC-03, BILL-01)."""

from datetime import datetime
from typing import Final

from psycopg import sql

from kabinet.billing.services import money
from kabinet.infra.db import step
from kabinet.infra.staging import Applied, Counts, Stage, fetch, has_twins, refused, run, table_of, twins

ENTITY: Final = "reconciliation_act"
ANSWERED: Final = "billing.act_answered"
MERGED: Final = sql.Identifier("merged_reconciliation_act")


@step
def apply(stage: Stage, *, at: datetime) -> list[Applied]:
    """Write down what was charged and paid, then the answers, telling of each once; a repeat changes nothing."""
    return [*money.apply(stage), *_answers(stage, at=at)]


def _answers(stage: Stage, *, at: datetime) -> list[Applied]:
    if not stage.holds(ENTITY):
        return []
    _hold(stage)
    _resolve(stage)
    _mark(stage)
    problems, total = refused(ENTITY)
    return [Applied(ENTITY, _write(stage, at=at), problems, total)]


def _hold(stage: Stage) -> None:
    run(
        """
        SELECT FROM billing_reconciliationact t
        JOIN contracts_contract c ON c.id = t.contract_id AND c.provider_id = %(provider)s AND c.source = %(source)s
        JOIN {stage} s ON s.contract = c.external_id AND s.request = t.id
        ORDER BY t.id FOR NO KEY UPDATE OF t
        """,
        stage.parameters,
        stage=table_of(ENTITY),
    )


def _resolve(stage: Stage) -> None:
    """Set each answer beside its request; a request of another contract, or another provider's, is not found."""
    run(
        """
        CREATE TEMPORARY TABLE {merged} ON COMMIT DROP AS
        SELECT s.line, s.id, s.external_id, s.version, s.request, s.verdict, s.number, s.made_on, s.reason,
               s.file AS file_named, f.id AS file_id, s.contract AS contract_name, c.id AS contract_id,
               t.id AS old_id, t.answer_version AS old_version,
               (t.number, t.made_on, t.file_id, t.reason, t.state = 'refused')
                   IS DISTINCT FROM (s.number, s.made_on, f.id, s.reason, s.verdict = 'refused') AS differs,
               NULL::text AS refused_field, NULL::text AS refused_code
        FROM {stage} s
        LEFT JOIN contracts_contract c
             ON c.provider_id = %(provider)s AND c.source = %(source)s AND c.external_id = s.contract
        LEFT JOIN billing_reconciliationact t ON t.id = s.request AND t.contract_id = c.id
        LEFT JOIN contracts_paper f ON f.id = s.file AND f.provider_id = %(provider)s
        """,
        stage.parameters,
        merged=MERGED,
        stage=table_of(ENTITY),
    )


def _mark(stage: Stage) -> None:
    if has_twins(MERGED, "request"):
        _refuse("request", "duplicate_row", twins("request"))
    if stage.holds("contract"):
        # A contract of the same batch that was refused has been reported.
        among = "EXISTS (SELECT FROM {stage} s WHERE s.external_id = m.contract_name)"
        _refuse("", "", f"m.contract_id IS NULL AND {among}")
    _refuse("contract", "unknown_reference", "m.contract_id IS NULL")
    _refuse("request", "unknown_request", "m.old_id IS NULL")
    _refuse("file", "unknown_file", "m.file_named IS NOT NULL AND m.file_id IS NULL")
    _refuse("version", "version_conflict", "m.version = m.old_version AND m.differs")


def _refuse(field: str, code: str, where: str) -> None:
    run(
        """
        UPDATE {merged} m SET refused_field = {field}, refused_code = {code}
        WHERE m.refused_code IS NULL AND m.version >= coalesce(m.old_version, m.version) AND ({where})
        """,
        merged=MERGED,
        field=sql.Literal(field),
        code=sql.Literal(code),
        where=sql.SQL(where).format(merged=MERGED, stage=table_of("contract")),
    )


def _write(stage: Stage, *, at: datetime) -> Counts:
    """Write newer answers: a corrected act is there to be received anew."""
    _tell(stage, at=at)
    updated = run(
        """
        UPDATE billing_reconciliationact t
        SET state = m.verdict, state_at = %(at)s, number = m.number, made_on = m.made_on, file_id = m.file_id,
            reason = m.reason, answer_version = m.version
        FROM {merged} m WHERE t.id = m.old_id AND m.refused_code IS NULL AND m.version > m.old_version
        """,
        {"at": at},
        merged=MERGED,
    )
    stale, unchanged = fetch(
        """
        SELECT count(*) FILTER (WHERE version < old_version), count(*) FILTER (WHERE version = old_version)
        FROM {merged} WHERE refused_code IS NULL
        """,
        merged=MERGED,
    )[0]
    return Counts(stage.rows[ENTITY], updated=updated, unchanged=unchanged, stale=stale)


def _tell(stage: Stage, *, at: datetime) -> None:
    """Emit one event per new answer; the row's id becomes the event's."""
    run(
        """
        INSERT INTO infra_event (uid, provider_id, contract_id, kind, payload, at)
        SELECT id, %(provider)s, contract_id, %(kind)s,
               jsonb_build_object('request', request, 'verdict', verdict, 'version', version), %(at)s
        FROM {merged} WHERE refused_code IS NULL AND version > old_version ORDER BY line
        """,
        {"provider": stage.provider_id, "kind": ANSWERED, "at": at},
        merged=MERGED,
    )
