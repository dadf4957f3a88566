"""Keys and indexes out of the way while tables are filled: made once over all rows, they cost a third."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from django.db import connection, models, transaction

_CONSTRAINTS: Final = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype IN ('p', 'u', 'x', 'f') AND (conrelid = ANY(%(tables)s::regclass[])
                                               OR contype = 'f' AND confrelid = ANY(%(tables)s::regclass[]))
    -- What others point at goes last and comes back first.
    ORDER BY contype = 'f' DESC, conrelid::regclass::text, conname
"""
_INDEXES: Final = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY(%(tables)s::regclass[])
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
    ORDER BY 1
"""


@contextmanager
def laid_aside(rows: Sequence[type[models.Model]]) -> Iterator[None]:
    """Drop the keys and indexes of the tables, and make the very same again; a failure leaves everything as it was."""
    with transaction.atomic():
        constraints = _asked(_CONSTRAINTS, rows)
        for table, name, _definition in constraints:
            _run(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        indexes = _asked(_INDEXES, rows)
        for name, _definition in indexes:
            _run(f"DROP INDEX {name}")
        yield
        _run("SET LOCAL maintenance_work_mem = '1GB'")
        for table, name, definition in reversed(constraints):
            _run(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        for _name, definition in indexes:
            _run(definition)


def _asked(sql: str, rows: Sequence[type[models.Model]]) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"tables": [model._meta.db_table for model in rows]})
        return list(cursor.fetchall())


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
