"""Tables without keys and indexes while they are filled for the first time; afterwards all are as they were.

Definitions are transactional in PostgreSQL: a load that is killed leaves the keys that were there. It asks for the
rights of the tables' owner, which a command of the installation may take up again, and keeps everybody else away from
the tables until the transaction ends: never while somebody waits for a page.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.db import connection
from psycopg import sql

from kabinet.infra.db import NoTransaction
from kabinet.infra.staging.stage import Row, fetch, run

# Whoever is at work in the tables is waited for so long; nobody can begin meanwhile.
PATIENCE: Final = "SET LOCAL lock_timeout = '20s'"
# Of the building of indexes, for this transaction alone.
MEMORY: Final = "SET LOCAL maintenance_work_mem = '256MB'"
# Three thousand rows of each table say what the planner has to know until autovacuum looks at so many new rows itself.
SAMPLE: Final = "SET LOCAL default_statistics_target = 10"


class NotAsBefore(Exception):
    """Raised when the tables would not end as they began: then nothing has happened; carries what differs."""

    def __init__(self, differing: Iterable[Row]) -> None:
        super().__init__(*sorted(map(str, differing)))


@dataclass(frozen=True, slots=True)
class Key:
    """A constraint or an index: the statements that take it away and make it again."""

    taken: sql.Composable
    made: sql.Composable


@contextmanager
def without_keys(tables: Sequence[str]) -> Iterator[None]:
    """Take keys and indexes of the tables away, make them anew after the block, and look that all are as before."""
    if not connection.in_atomic_block:
        raise NoTransaction("without_keys")
    with _as_owner():
        _hold(tables)
        before, keys = definitions(tables), _keys_of(tables)
        for key in reversed(keys):
            run("{words}", words=key.taken)
    yield
    with _as_owner():
        run(MEMORY)
        for key in keys:
            run("{words}", words=key.made)
        if differing := before ^ definitions(tables):
            raise NotAsBefore(differing)
        run(SAMPLE)
        run("ANALYZE {tables}", tables=_listed(tables))
        run("RESET default_statistics_target")


def rows_in(tables: Sequence[str]) -> int:
    """Count what is stored."""
    return sum(int(fetch("SELECT count(*) FROM {table}", table=sql.SQL(table))[0][0]) for table in tables)


def definitions(tables: Sequence[str]) -> frozenset[Row]:
    """Return every constraint and index of the tables, and the keys of others that lead to them, in PostgreSQL's words.

    What a definition does not say stands beside it: comments, whether a key is valid, clustered by or replicated by.
    """
    return frozenset(
        fetch(
            """
            SELECT 'constraint', c.conrelid::regclass::text, c.conname::text, pg_get_constraintdef(c.oid),
                   obj_description(c.oid, 'pg_constraint'), c.convalidated::text
            FROM pg_constraint c
            WHERE c.conrelid = ANY(%(tables)s::regclass[]) OR c.confrelid = ANY(%(tables)s::regclass[])
            UNION ALL
            SELECT 'index', i.indrelid::regclass::text, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid),
                   obj_description(i.indexrelid, 'pg_class'),
                   concat_ws(' ', i.indisvalid, i.indisclustered, i.indisreplident, x.reltablespace)
            FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
            WHERE i.indrelid = ANY(%(tables)s::regclass[])
            """,
            {"tables": list(tables)},
        )
    )


@contextmanager
def _as_owner() -> Iterator[None]:
    """Take up the rights of who signed in, and lay them down again; a failure takes all back anyway."""
    before = str(fetch("SELECT current_setting('role')")[0][0])
    run("SET LOCAL ROLE NONE")
    yield
    run("SET LOCAL ROLE {before}", before=sql.SQL("NONE") if before == "none" else sql.Identifier(before))


def _hold(tables: Sequence[str]) -> None:
    """Lock the tables and those that keys tie to them, all at once and in the order of their names."""
    tied = fetch(
        """
        SELECT DISTINCT name FROM (
            SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
            WHERE contype = 'f' AND (conrelid = ANY(%(tables)s::regclass[]) OR confrelid = ANY(%(tables)s::regclass[]))
        ) pairs (one, other), LATERAL (VALUES (one), (other)) named (name)
        """,
        {"tables": list(tables)},
    )
    run(PATIENCE)
    run("LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE", tables=_listed(sorted({name for (name,) in tied} | {*tables})))
    run("RESET lock_timeout")


def _keys_of(tables: Sequence[str]) -> list[Key]:
    """Return keys and indexes in the order in which they can be made: those that lead elsewhere come last."""
    constraints = fetch(
        """
        SELECT c.contype = 'f', CASE c.contype WHEN 'f' THEN c.oid ELSE c.conindid END,
               c.conrelid::regclass::text, c.conname::text, pg_get_constraintdef(c.oid)
        FROM pg_constraint c
        WHERE c.conrelid = ANY(%(tables)s::regclass[]) AND c.contype IN ('p', 'u', 'x', 'f')
           OR c.confrelid = ANY(%(tables)s::regclass[]) AND c.contype = 'f'
        """,
        {"tables": list(tables)},
    )
    indexes = fetch(
        """
        SELECT false, i.indexrelid, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
        FROM pg_index i WHERE i.indrelid = ANY(%(tables)s::regclass[])
         AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
        """,
        {"tables": list(tables)},
    )
    found = [
        *((row[:2], _constraint(*row[2:])) for row in constraints),
        *((row[:2], _index(*row[2:])) for row in indexes),
    ]
    return [key for _, key in sorted(found, key=lambda pair: pair[0])]


def _constraint(table: str, name: str, definition: str) -> Key:
    parts = {"table": sql.SQL(table), "name": sql.Identifier(name), "definition": sql.SQL(definition)}
    return Key(
        sql.SQL("ALTER TABLE {table} DROP CONSTRAINT {name}").format(**parts),
        sql.SQL("ALTER TABLE {table} ADD CONSTRAINT {name} {definition}").format(**parts),
    )


def _index(name: str, definition: str) -> Key:
    return Key(sql.SQL("DROP INDEX {}").format(sql.SQL(name)), sql.SQL(definition))


def _listed(tables: Sequence[str]) -> sql.Composable:
    # As the server spells them: with the schema and in quotes where they are needed.
    return sql.SQL(", ").join(map(sql.SQL, tables))
