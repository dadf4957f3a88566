"""Billing opens and closes the provider's months (BILL-02)."""

from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg import sql

from kabinet.infra.db import step
from kabinet.infra.staging import Applied, Counts, Stage, fetch, has_twins, refused, run, table_of, twins
from kabinet.providers.models import Provider

ENTITY: Final = "billing_period"
MERGED: Final = sql.Identifier("merged_billing_period")


@step
def apply(stage: Stage, *, at: datetime) -> list[Applied]:
    """Open and close months; the rows of those that come are held from here on, as senders of readings hold them."""
    if not stage.holds(ENTITY):
        return []
    _hold(stage)
    _resolve(stage)
    problems, total = refused(ENTITY)
    return [Applied(ENTITY, _write(stage, at=at), problems, total)]


@step
def hear_billing(provider_id: UUID, *, at: datetime) -> None:
    """Remember when billing last told something: pages say how fresh their data is."""
    Provider.objects.filter(pk=provider_id).update(billing_heard_at=at)


def _hold(stage: Stage) -> None:
    fetch(
        """
        SELECT FROM providers_billingperiod p
        WHERE p.provider_id = %(provider)s AND p.month IN (SELECT month FROM {stage}) ORDER BY p.month FOR UPDATE
        """,
        stage.parameters,
        stage=table_of(ENTITY),
    )


def _resolve(stage: Stage) -> None:
    run(
        """
        CREATE TEMPORARY TABLE {merged} ON COMMIT DROP AS
        SELECT s.line, s.id, s.external_id, s.version, s.month, s.state,
               o.id AS old_id, o.source_version AS old_version, o.state AS old_state,
               NULL::text AS refused_field, NULL::text AS refused_code
        FROM {stage} s LEFT JOIN providers_billingperiod o ON o.provider_id = %(provider)s AND o.month = s.month
        """,
        stage.parameters,
        merged=MERGED,
        stage=table_of(ENTITY),
    )
    if has_twins(MERGED, "month"):
        _refuse("month", "duplicate_row", twins("month"))
    _refuse("version", "version_conflict", "m.version = m.old_version AND m.state <> m.old_state")
    _refuse("state", "period_closed", "m.version > m.old_version AND m.old_state = 'closed' AND m.state = 'open'")


def _refuse(field: str, code: str, where: str) -> None:
    run(
        """
        UPDATE {merged} m SET refused_field = {field}, refused_code = {code}
        WHERE m.refused_code IS NULL AND ({where})
        """,
        merged=MERGED,
        field=sql.Literal(field),
        code=sql.Literal(code),
        where=sql.SQL(where).format(merged=MERGED),
    )


def _write(stage: Stage, *, at: datetime) -> Counts:
    parameters = {**stage.parameters, "at": at}
    closed_at = sql.SQL("CASE WHEN m.state = 'closed' THEN %(at)s::timestamptz END")
    updated = run(
        """
        UPDATE providers_billingperiod t
        SET state = m.state, source_version = m.version, closed_at = coalesce(t.closed_at, {closed_at})
        FROM {merged} m WHERE t.id = m.old_id AND m.refused_code IS NULL AND m.version > t.source_version
        """,
        parameters,
        merged=MERGED,
        closed_at=closed_at,
    )
    inserted = run(
        """
        INSERT INTO providers_billingperiod (id, provider_id, month, state, source_version, closed_at)
        SELECT m.id, %(provider)s, m.month, m.state, m.version, {closed_at}
        FROM {merged} m WHERE m.old_id IS NULL AND m.refused_code IS NULL
        """,
        parameters,
        merged=MERGED,
        closed_at=closed_at,
    )
    stale, unchanged = fetch(
        """
        SELECT count(*) FILTER (WHERE version < old_version), count(*) FILTER (WHERE version = old_version)
        FROM {merged} WHERE refused_code IS NULL
        """,
        merged=MERGED,
    )[0]
    return Counts(stage.rows[ENTITY], inserted, updated, unchanged, stale)
