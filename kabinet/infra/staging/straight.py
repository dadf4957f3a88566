"""Rows of a first load that need no judging, straight into their tables; beside them a stage for all others."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Any, Final
from uuid import UUID

from psycopg import sql

from kabinet.infra.db import step
from kabinet.infra.staging.copytext import Column, text_of
from kabinet.infra.staging.merge import Merge
from kabinet.infra.staging.pouring import Pourer
from kabinet.infra.staging.stage import NOTHING_USUAL, Applied, Columns, Counts, Stage, Usual

MOST: Final = 8 * 1024 * 1024
_STAGED: Final = "s."
# Of columns whose cells are COPY's text already.
_WRITTEN: Final = "id"


class NotAtAGlance(Exception):
    """Raised where a row may have to be judged: nothing of the load may stay, and it is staged from its beginning."""


@dataclass(slots=True)
class Way:
    """How an entity goes straight in: its merge, whose children follow it, and what they copy of each row by name."""

    merge: Merge
    child: Merge | None
    known: dict[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> dict[str, str]:
        """Return the table's columns that are copied, each with the stage's column that it is."""
        given = self.merge.columns.items()
        return {name: expression[len(_STAGED) :] for name, expression in given if expression.startswith(_STAGED)}

    @property
    def looked_up(self) -> list[str]:
        """Return the stage's columns by which other rows are found that are no parents."""
        return [expression[len(_STAGED) :] for expression in self.merge.carried.values()]


class StraightStage(Stage):
    """Takes rows of some entities into their tables at once, each with the id of the row above.

    The tables are without keys meanwhile. What names a row that has not come before it, or anything else that has to
    be looked for, is not taken; names that come twice are found by the keys when they are made again. Rows of other
    entities are staged as ever.
    """

    def __init__(self, merges: Sequence[Merge], *, provider_id: UUID, source: str, pourer: Pourer) -> None:
        """Let each of the merges name rows of the one before."""
        super().__init__(provider_id=provider_id, source=source, pourer=pourer, has_keys=False)
        # What is written down while the server is busy; a few long pieces cost it less than many short ones.
        self._waiting: defaultdict[tuple[str, tuple[str, ...]], list[bytes]] = defaultdict(list)
        self._ways = {merge.entity: Way(merge, child) for merge, child in pairwise([*merges, None]) if merge}

    def holds(self, entity: str) -> bool:
        return super().holds(entity) and entity not in self._ways

    def written(self) -> list[Applied]:
        """Say what has gone straight in."""
        counted = {entity: self.rows[entity] for entity in self._ways if entity in self.rows}
        return [Applied(entity, Counts(rows, inserted=rows)) for entity, rows in counted.items()]

    @step
    def append(self, entity: str, kinds: Columns, columns: Sequence[Column], *, usual: Usual = NOTHING_USUAL) -> None:
        """Copy rows into their table, or into the stage."""
        if entity not in self._ways:
            super().append(entity, kinds, columns, usual=usual)
            return
        self._begin()
        _, named, *told = columns
        self._copy(self._ways[entity], named, dict(zip(kinds, told, strict=True)), kinds)
        self.rows[entity] = self.rows.get(entity, 0) + len(named)

    def _copy(self, way: Way, named: Column, told: Mapping[str, Column], kinds: Columns) -> None:
        if any(told[name].count(None) < len(named) for name in way.looked_up):
            raise NotAtAGlance
        above = self._above(way, told)
        if way.child:
            way.known.update(zip(told["external_id"], _lineage(way, named, above), strict=True))
        copied = {"external_id": "external_id", "version": "version", **way.columns}
        same = {name: of for name, of in copied.items() if _is_same(told[of])}
        own = {name: of for name, of in copied.items() if name not in same}
        written = [named, *above, [self._said_once(way, same, told, kinds)] * len(named)]
        text = text_of(
            (*(kinds[of] for of in own.values()), *(_WRITTEN for _ in written)),
            [*(told[of] for of in own.values()), *written],
        )
        names = (*own, "id", *_parents(way.merge), way.merge.source_column, "provider_id", *same, *way.merge.at_birth)
        self._waiting[way.merge.table, names].append(text)
        if self._pourer.is_idle or sum(map(len, chain.from_iterable(self._waiting.values()))) > MOST:
            self._pour()

    def _pour(self) -> None:
        """Let the server read what waits of one table, the one of which there is most."""
        table, names = longest = max(self._waiting, key=lambda each: sum(map(len, self._waiting[each])))
        texts = self._waiting.pop(longest)
        listed = sql.SQL(", ").join(map(sql.Identifier, names))
        self._pourer.pour(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), listed), b"".join(texts))

    def wait(self) -> None:
        while self._waiting:
            self._pour()
        super().wait()

    def _above(self, way: Way, told: Mapping[str, Column]) -> list[list[str]]:
        """Return what the rows copy of those above them, as one column of text."""
        if way.merge.parent is None:
            return []
        known = self._ways[way.merge.parent.entity].known
        try:
            return [[known[name] for name in told[way.merge.parent.field]]]
        except KeyError as unknown:
            raise NotAtAGlance from unknown

    def _said_once(self, way: Way, same: Mapping[str, str], told: Mapping[str, Column], kinds: Columns) -> str:
        """Write down, as the end of each row, what all of them have alike."""
        ours: dict[str, Any] = {"source": self.source, "provider": self.provider_id}
        given = [*ours.values(), *(told[of][0] for of in same.values()), *way.merge.at_birth.values()]
        spelled = ["text", "uuid", *(kinds[of] for of in same.values()), *("boolean" for _ in way.merge.at_birth)]
        return text_of(spelled, [[value] for value in given]).decode().removesuffix("\n")


def _parents(merge: Merge) -> tuple[str, ...]:
    return () if merge.parent is None else (merge.parent.column, *merge.parent.brings)


def _lineage(way: Way, named: Column, above: list[list[str]]) -> Iterable[str]:
    """Return what the children of each row will copy: its id, and what it brings them of what it has itself."""
    if way.child is None or way.child.parent is None or not way.child.parent.brings:
        return named
    own, (cells,) = _parents(way.merge), above
    places = [own.index(name) if name in own else None for name in way.child.parent.brings]
    fixed = way.merge.at_birth
    split = [cell.split("\t") for cell in cells]
    columns = [
        [cells[place] for cells in split] if place is not None else [fixed[name]] * len(named)
        for name, place in zip(way.child.parent.brings, places, strict=True)
    ]
    return map("\t".join, zip(named, *columns, strict=True))


def _is_same(column: Column) -> bool:
    return column[0] == column[-1] and column.count(column[0]) == len(column)
