"""Staged rows that may not come in."""

from typing import Final

from psycopg import sql

from kabinet.infra.staging.stage import Problem, fetch, merged_of

PROBLEMS_KEPT: Final = 1000


def refused(entity: str) -> tuple[tuple[Problem, ...], int]:
    """Return the marked rows of an entity in the order of the file, and how many there are."""
    rows = fetch(
        """
        SELECT line, external_id, refused_field, refused_code, count(*) OVER ()
        FROM {merged} WHERE refused_code <> '' ORDER BY line LIMIT {kept}
        """,
        merged=merged_of(entity),
        kept=sql.Literal(PROBLEMS_KEPT),
    )
    problems = tuple(Problem(line, entity, external_id, field, code) for line, external_id, field, code, _ in rows)
    return problems, rows[0][4] if rows else 0


def has_twins(table: sql.Identifier, column: str) -> bool:
    """Say whether two rows of a staged table share a value."""
    return bool(
        fetch(
            "SELECT FROM {table} GROUP BY {column} HAVING count(*) > 1 LIMIT 1",
            table=table,
            column=sql.Identifier(column),
        )
    )


def twins(column: str) -> str:
    """Return the condition over `m` that a row before this one has the same value."""
    return (
        f"m.line IN (SELECT t.line FROM (SELECT line, row_number() OVER (PARTITION BY {column} ORDER BY line) AS place "  # noqa: S608
        "FROM {merged}) t WHERE t.place > 1)"
    )
