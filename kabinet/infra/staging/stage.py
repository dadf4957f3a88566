"""The stage: typed rows by entity, copied into temporary tables that vanish with the transaction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import lt
from typing import Any, Final
from uuid import UUID

from django.db import connection
from psycopg import sql

from kabinet.infra.db import step
from kabinet.infra.staging.copytext import Column, text_of
from kabinet.infra.staging.pouring import Pourer

# For this transaction alone: sorts and joins of some hundred thousand rows stay in memory. How large the stage is the
# planner sees by itself, and every join finds a unique index on its other side: statistics would tell it nothing more.
SETTINGS: Final = "SET LOCAL work_mem = '64MB'"

# Without keys there are no statistics either: the planner takes a table for a row or two, and would compare each with
# each.
AT_ONCE: Final = "SET LOCAL enable_nestloop = off"

Row = tuple[Any, ...]
Columns = Mapping[str, str]
Usual = Mapping[str, Any]
NOTHING_USUAL: Final[Usual] = {}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row of the batch may not come in."""

    line: int
    entity: str
    external_id: str
    field: str
    code: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What the rows of one entity did."""

    rows: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    stale: int = 0


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of an entity: its counts, or its problems, of which only so many are kept."""

    entity: str
    counts: Counts
    problems: tuple[Problem, ...] = ()
    problems_total: int = 0


class Stage:
    """The rows of one batch; its tables vanish with the transaction.

    What most rows leave out is not sent: a column in which all have its usual value takes it from the table.
    """

    def __init__(self, *, provider_id: UUID, source: str, pourer: Pourer | None = None, has_keys: bool = True) -> None:
        self.provider_id = provider_id
        self.source = source
        # Whether the tables have theirs while the rows come in.
        self.has_keys = has_keys
        self._pourer = pourer or Pourer()
        self.rows: dict[str, int] = {}
        # Of each entity, the columns that any row tells of.
        self._told: defaultdict[str, set[str]] = defaultdict(set)
        # The last name of each entity whose names have only risen so far; nothing where they have not.
        self.risen_to: dict[str, str | None] = {}

    @property
    def parameters(self) -> dict[str, Any]:
        return {"provider": self.provider_id, "source": self.source}

    def holds(self, entity: str) -> bool:
        """Say whether rows of the entity wait to be judged and written."""
        return entity in self.rows

    def tells(self, entity: str, column: str) -> bool:
        """Say whether any row has more there than what is usual."""
        return column in self._told[entity]

    def written(self) -> list[Applied]:
        """Say what went into the tables without being staged: nothing does."""
        return []

    @step
    def append(self, entity: str, kinds: Columns, columns: Sequence[Column], *, usual: Usual = NOTHING_USUAL) -> None:
        """Copy rows behind those that are there, given by columns: their lines, their ids, then those of the entity."""
        if entity not in self.rows:
            self._make(entity, kinds, usual)
        lines, named, *told = columns
        sent = [
            (name, kind, column)
            for (name, kind), column in zip(kinds.items(), told, strict=True)
            if name not in usual or column.count(usual[name]) < len(column)
        ]
        names = sql.SQL(", ").join(map(sql.Identifier, ("line", "id", *(name for name, _, _ in sent))))
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table_of(entity), names)
        text = text_of(("line", "id", *(kind for _, kind, _ in sent)), [lines, named, *(cells for *_, cells in sent)])
        self._pourer.pour(statement, text)
        self._told[entity].update(name for name, _, _ in sent)
        self.rows[entity] += len(lines)
        self._watch(entity, told[list(kinds).index("external_id")])

    def wait(self) -> None:
        """Wait until everything has been copied that was given."""
        self._pourer.wait()

    def may_repeat(self, entity: str) -> bool:
        """Say whether a name may stand there twice: names that only rise do not, and billing systems sort theirs."""
        return self.risen_to[entity] is None

    def _watch(self, entity: str, names: Column) -> None:
        before = self.risen_to.get(entity, "")
        is_rising = before is not None and before < names[0] and all(map(lt, names, islice(names, 1, None)))
        self.risen_to[entity] = names[-1] if is_rising else None

    def _make(self, entity: str, columns: Columns, usual: Usual) -> None:
        self.wait()
        self._begin()
        typed = sql.SQL(", ").join(
            sql.SQL("{} {} DEFAULT {}").format(sql.Identifier(name), sql.SQL(kind), _literal(usual.get(name)))
            for name, kind in columns.items()
        )
        run(
            "CREATE TEMPORARY TABLE {stage} (line integer, id uuid, {typed}) ON COMMIT DROP",
            stage=table_of(entity),
            typed=typed,
        )
        self.rows[entity] = 0

    def _begin(self) -> None:
        """Set the transaction up for its first rows."""
        if not self.rows:
            run(SETTINGS)
            if not self.has_keys:
                run(AT_ONCE)

    def drop(self) -> None:
        """Let go of the tables before the transaction ends, where another stage may follow in it."""
        for entity in self.rows:
            run("DROP TABLE IF EXISTS {stage}, {merged}", stage=table_of(entity), merged=merged_of(entity))


def _literal(value: Any) -> sql.Composable:
    """Write a value that rows may leave out; a list of texts that somebody leaves out is empty."""
    if value == ():
        return sql.SQL("'{}'")
    return sql.Literal(str(value) if isinstance(value, str) else value)


def merged_of(entity: str) -> sql.Identifier:
    return sql.Identifier(f"merged_{entity}")


def table_of(entity: str) -> sql.Identifier:
    return sql.Identifier(f"stage_{entity}")


def run(statement: str, parameters: Mapping[str, Any] | None = None, **parts: sql.Composable) -> int:
    """Execute a statement whose names are filled in as identifiers; return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(_composed(statement, parts), parameters)
        return int(cursor.rowcount)


def fetch(statement: str, parameters: Mapping[str, Any] | None = None, **parts: sql.Composable) -> list[Row]:
    """Execute a query whose names are filled in as identifiers; return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(_composed(statement, parts), parameters)
        return list(cursor.fetchall())


def array_of(ids: Iterable[UUID | str]) -> str:
    """Write ids as one text for `%(…)s::uuid[]`: thousands, given one by one, cost more than the query."""
    return "{" + ",".join([str(one) for one in ids]) + "}"


def _composed(statement: str, parts: Mapping[str, sql.Composable]) -> str:
    return sql.SQL(statement).format(**parts).as_string()
