"""Bringing one entity from the stage into its table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from psycopg import sql

from kabinet.infra.staging.marks import has_twins, refused, twins
from kabinet.infra.staging.stage import Applied, Counts, Row, Stage, fetch, merged_of, run, table_of


@dataclass(frozen=True, slots=True)
class Parent:
    """A reference: the stage's `field` names a row of `table`, whose id goes into `column` and never changes there."""

    field: str
    entity: str
    table: str
    column: str
    # Columns that the parent's row fills beside its id.
    brings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """How one entity comes into its table: `columns` are the table's, each with its expression over the stage's `s`."""

    entity: str
    table: str
    columns: Mapping[str, str]
    parent: Parent | None = None
    source_column: str = "source"
    # A column that leads the table's composite key; the parent brings it, or is it.
    lane: str = ""
    # Further joins that expressions need, and what they give to checks without being a column of the table.
    beside: str = ""
    carried: Mapping[str, str] = field(default_factory=dict)
    # What a new row gets beside; later it is others' to change.
    at_birth: Mapping[str, str] = field(default_factory=dict)
    # Which updates go first, over `m` and the stored `t`: those that make room for others.
    first: str = "true"

    @property
    def merged(self) -> sql.Identifier:
        return merged_of(self.entity)

    def resolve(self, stage: Stage) -> None:
        """Set each staged row beside its stored one and its parent, and mark what may not come in.

        A row that says what is stored already is left out at once, unless its name comes twice.
        """
        columns, beside = self._found(stage)
        comes_twice = stage.may_repeat(self.entity) and has_twins(table_of(self.entity), "external_id")
        run(
            """
            CREATE TEMPORARY TABLE {merged} ON COMMIT DROP AS
            SELECT s.line, s.id, s.external_id, s.version, o.id AS old_id, o.version AS old_version,
                   {values}, {carried} {parent_columns}
                   o.id IS NOT NULL AND ({fresh}) IS DISTINCT FROM ({stored}) AS differs,
                   NULL::text AS refused_field, NULL::text AS refused_code
            FROM {stage} s {join_parent} {beside}
            LEFT JOIN {table} o ON o.provider_id = %(provider)s AND o.{source} = %(source)s
                 AND o.external_id = s.external_id {lane}
            WHERE {awaited}
            """,
            stage.parameters,
            merged=self.merged,
            stage=table_of(self.entity),
            table=sql.Identifier(self.table),
            source=sql.Identifier(self.source_column),
            values=_listed("{expression} AS {name}", columns),
            carried=sql.SQL(" ").join(_each("{expression} AS {name},", self.carried)),
            parent_columns=self._parent_columns(),
            fresh=_listed("{expression}", columns),
            stored=_listed("o.{name}", columns),
            join_parent=self._join_parent(),
            beside=sql.SQL(beside),
            lane=self._lane("o", "p"),
            awaited=sql.SQL("true") if comes_twice else self._says_something(columns),
        )
        if comes_twice:
            self.refuse("external_id", "duplicate_row", twins("external_id"))
        self._mark(stage)

    def names_others(self, stage: Stage) -> bool:
        """Say whether any row names what is looked for beside; almost always none does."""
        return any(stage.tells(self.entity, named.removeprefix("s.")) for named in self.carried.values())

    def _found(self, stage: Stage) -> tuple[Mapping[str, str], str]:
        """Return the columns and what is joined for them: where no row names others, nothing is, and ids are empty."""
        if not self.beside or self.names_others(stage):
            return self.columns, self.beside
        own = {name: it if it.startswith("s.") else "NULL::uuid" for name, it in self.columns.items()}
        return own, ""

    def _says_something(self, columns: Mapping[str, str]) -> sql.Composable:
        """Return the condition that a row is new, or is not as it is stored."""
        same_parent = "true" if self.parent is None else "p.id = o.{column}"
        return sql.SQL(
            "(s.version = o.version AND {same_parent} AND ({fresh}) IS NOT DISTINCT FROM ({stored})) IS NOT TRUE"
        ).format(
            same_parent=sql.SQL(same_parent).format(column=self._own_parent),
            fresh=_listed("{expression}", columns),
            stored=_listed("o.{name}", columns),
        )

    def _lane(self, one: str, other: str) -> sql.Composable:
        if not self.lane:
            return sql.SQL("")
        is_parent = self.parent is not None and self.parent.column == self.lane
        theirs = "id" if other == "p" and is_parent else self.lane
        return sql.SQL("AND {} = {}").format(sql.Identifier(one, self.lane), sql.Identifier(other, theirs))

    def _parent_columns(self) -> sql.Composable:
        if self.parent is None:
            return sql.SQL("")
        own = sql.SQL("s.{field} AS parent_name, p.id AS {column}, o.{column} AS old_parent,").format(
            field=sql.Identifier(self.parent.field), column=sql.Identifier(self.parent.column)
        )
        brought = [sql.SQL("p.{0} AS {0},").format(sql.Identifier(name)) for name in self.parent.brings]
        return sql.SQL(" ").join([own, *brought])

    def _join_parent(self) -> sql.Composable:
        if self.parent is None:
            return sql.SQL("")
        return sql.SQL(
            "LEFT JOIN {table} p "
            "ON p.provider_id = %(provider)s AND p.source = %(source)s AND p.external_id = s.{field}"
        ).format(table=sql.Identifier(self.parent.table), field=sql.Identifier(self.parent.field))

    def _mark(self, stage: Stage) -> None:
        """Mark references that lead nowhere or elsewhere than before, and one version with two contents."""
        lost, moved, conflicting = self._doubts()
        if self.parent is not None and lost:
            self._mark_lost(stage, self.parent)
        if self.parent is not None and moved:
            self.refuse(self.parent.field, "reference_fixed", "m.{column} <> m.old_parent", column=self._own_parent)
        if conflicting:
            self.refuse("version", "version_conflict", "m.version = m.old_version AND m.differs")

    def _doubts(self) -> Row:
        """Say in one look whether any row has a parent that is lost, has moved, or a version that came otherwise."""
        parent = "false, false" if self.parent is None else "bool_or({column} IS NULL), bool_or({column} <> old_parent)"
        return fetch(
            "SELECT {parent}, bool_or(version = old_version AND differs) FROM {merged}",
            merged=self.merged,
            parent=sql.SQL(parent).format(column=self._own_parent),
        )[0]

    @property
    def _own_parent(self) -> sql.Identifier:
        return sql.Identifier(self.parent.column if self.parent else "")

    def _mark_lost(self, stage: Stage, parent: Parent) -> None:
        column = self._own_parent
        # A parent of the same batch that was refused has been reported; its children are left out without a word.
        if stage.holds(parent.entity):
            among = "EXISTS (SELECT FROM {parents} s WHERE s.external_id = m.parent_name)"
            self.refuse("", "", "m.{column} IS NULL AND " + among, column=column, parents=table_of(parent.entity))
        self.refuse(parent.field, "unknown_reference", "m.{column} IS NULL", column=column)

    def refuse(self, field: str, code: str, where: str, **parts: sql.Composable) -> None:
        """Mark rows for which `where` holds over `m`; rows marked before and stale ones are passed over."""
        run(
            """
            UPDATE {merged} m SET refused_field = {field}, refused_code = {code}
            WHERE m.refused_code IS NULL AND m.version >= coalesce(m.old_version, m.version) AND ({where})
            """,
            merged=self.merged,
            field=sql.Literal(field),
            code=sql.Literal(code),
            where=sql.SQL(where).format(merged=self.merged, **parts),
        )

    def write(self, stage: Stage) -> Applied:
        """Write what was not refused: newer versions first, then new rows; say what each did."""
        fresh, newer, same, stale, unfit, looked_at = self._awaiting()
        problems, total = refused(self.entity) if unfit else ((), 0)
        updated = self._bring_up() if newer else 0
        inserted = self._insert(stage) if fresh else 0
        rows = stage.rows[self.entity]
        counts = Counts(rows, inserted, updated, unchanged=rows - looked_at + same, stale=stale)
        return Applied(self.entity, counts, problems, total)

    def _awaiting(self) -> Row:
        """Count the rows that are new, newer than stored, the same, older, unfit, and all; nothing is done for none."""
        return fetch(
            """
            SELECT count(*) FILTER (WHERE refused_code IS NULL AND old_id IS NULL),
                   count(*) FILTER (WHERE refused_code IS NULL AND version > old_version),
                   count(*) FILTER (WHERE refused_code IS NULL AND version = old_version),
                   count(*) FILTER (WHERE refused_code IS NULL AND version < old_version),
                   count(refused_code), count(*)
            FROM {merged}
            """,
            merged=self.merged,
        )[0]

    def _bring_up(self) -> int:
        self._hold()
        if self.first == "true":
            return self._update("")
        return self._update("({first})") + self._update("NOT ({first})")

    def _hold(self) -> None:
        """Lock what will be updated in the order of ids, as others do who lock several at once."""
        run(
            """
            SELECT FROM {table} t JOIN {merged} m ON t.id = m.old_id {lane}
            WHERE m.refused_code IS NULL AND m.version > m.old_version ORDER BY t.id FOR NO KEY UPDATE OF t
            """,
            table=sql.Identifier(self.table),
            merged=self.merged,
            lane=self._lane("t", "m"),
        )

    def _update(self, part: str) -> int:
        return run(
            """
            UPDATE {table} t SET version = m.version, {values} FROM {merged} m
            WHERE t.id = m.old_id {lane} AND m.refused_code IS NULL AND m.version > t.version {part}
            """,
            table=sql.Identifier(self.table),
            merged=self.merged,
            values=_listed("{name} = m.{name}", self.columns),
            lane=self._lane("t", "m"),
            part=sql.SQL("AND " + part.format(first=self.first)) if part else sql.SQL(""),
        )

    def _insert(self, stage: Stage) -> int:
        parent = () if self.parent is None else (self.parent.column, *self.parent.brings)
        names = sql.SQL(", ").join(map(sql.Identifier, (*self.columns, *parent)))
        return run(
            """
            INSERT INTO {table} (id, provider_id, {source}, external_id, version, {names} {born})
            SELECT id, %(provider)s, %(source)s, external_id, version, {names} {born_as}
            FROM {merged} WHERE old_id IS NULL AND refused_code IS NULL
            """,
            stage.parameters,
            table=sql.Identifier(self.table),
            source=sql.Identifier(self.source_column),
            merged=self.merged,
            names=names,
            born=sql.SQL(" ").join(_each(", {name}", self.at_birth)),
            born_as=sql.SQL(" ").join(_each(", {expression}", self.at_birth)),
        )


def _each(form: str, columns: Mapping[str, str]) -> Iterable[sql.Composable]:
    for name, expression in columns.items():
        yield sql.SQL(form).format(name=sql.Identifier(name), expression=sql.SQL(expression))


def _listed(form: str, columns: Mapping[str, str]) -> sql.Composable:
    return sql.SQL(", ").join(_each(form, columns))
