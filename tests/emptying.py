"""How the tables are emptied after a test that has committed: row by row, where there are any.

TRUNCATE makes every table and index anew, some four hundred files; a test leaves rows in a dozen tables.
"""

from collections.abc import Callable
from functools import cache
from graphlib import TopologicalSorter
from typing import Any, Final

from django.db import connection

# Refuses DELETE by a trigger, for the owner too.
ONLY_GROWS: Final = "infra_auditrow"
REFERENCES: Final = """
    SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
    WHERE contype = 'f' AND NOT condeferrable AND conrelid <> confrelid
"""


def sql_flush(_style: Any, tables: list[str], **_: Any) -> list[str]:
    """Stand in for Django's: return what empties the tables that have rows, those that name others first."""
    quoted: Callable[[str], str] = connection.ops.quote_name
    has_rows = (f"SELECT '{name}' WHERE EXISTS (TABLE {quoted(name)})" for name in tables)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(has_rows))
        filled = {name for (name,) in cursor.fetchall()}
    bound = [name for name in in_order() if name in filled]
    return [
        f"{'TRUNCATE' if name == ONLY_GROWS else 'DELETE FROM'} {quoted(name)}"
        for name in [*bound, *sorted(filled.difference(bound))]
    ]


@cache
def in_order() -> list[str]:
    """Return the tables that a key binds at once, those that name others before those that are named."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    with connection.cursor() as cursor:
        cursor.execute(REFERENCES)
        for naming, named in cursor.fetchall():
            sorter.add(named, naming)
    return list(sorter.static_order())
