"""A file of rows into the stage, a handful at a time."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from operator import attrgetter
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin
from uuid import UUID

from kabinet.exchange.formats import ndjson, packing, table
from kabinet.exchange.formats.faults import Fault, Parsed
from kabinet.exchange.values.batches import Upload
from kabinet.exchange.values.entities import ENTITIES, AnyRow, Entity
from kabinet.infra import ids
from kabinet.infra.staging import PROBLEMS_KEPT, Problem, Row, Stage
from kabinet.kernel.periods import Month

# More at a time costs more: rows that wait keep the collector of cycles busy.
CHUNK: Final = 500
_TYPES: Final[Mapping[type, str]] = {
    bool: "boolean",
    int: "bigint",
    Decimal: "numeric",
    date: "date",
    Month: "date",
    UUID: "uuid",
}


class RowsRefused(Exception):
    """Raised when lines of the file are no rows; nothing was compared with what is stored."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def fill(stage: Stage, upload: Upload, *, limits: packing.Limits) -> None:
    """Read the whole file into the stage; refuse it when any of its lines is no row of this partner."""
    problems: list[Problem] = []
    waiting: dict[str, list[Row]] = {name: [] for name in ENTITIES}
    for line, row in _own(_parsed(upload, limits=limits), source=stage.source, problems=problems):
        staged = waiting[row.entity]
        staged.append((line, ids.spelled(), *_GETTERS[row.entity](row)))
        if len(staged) >= CHUNK:
            _pour(stage, row.entity, staged)
    for entity, staged in waiting.items():
        _pour(stage, entity, staged)
    if problems:
        raise RowsRefused(problems)
    if not stage.rows:
        raise RowsRefused([Problem(0, "", "", "", "empty_file")])
    stage.settle()


def _parsed(upload: Upload, *, limits: packing.Limits) -> Iterator[Parsed]:
    """Give rows and faults; where the file cannot be read on, the last is the fault that says so."""
    if upload.rows:
        yield from enumerate(upload.rows, start=1)
        return
    lines = packing.lines_of(upload.file, packed=upload.form.packed, limits=limits)
    try:
        if upload.form.entity:
            yield from table.rows_of(lines, entity=upload.form.entity, encoding=upload.form.encoding)
        else:
            yield from ndjson.rows_of(lines)
    except packing.Unreadable as broken:
        yield Fault(broken.line, upload.form.entity, "", "", broken.code)


def _own(parsed: Iterator[Parsed], *, source: str, problems: list[Problem]) -> Iterator[tuple[int, AnyRow]]:
    """Pass the partner's rows on; put aside what is no row or another's, until there is enough to show."""
    for item in parsed:
        if isinstance(item, Fault):
            problems.append(Problem(item.line, item.entity, item.external_id, item.field, item.code))
        elif item[1].source not in {"", source}:
            line, row = item
            problems.append(Problem(line, row.entity, row.external_id, "source", "foreign_source"))
        elif not problems:
            yield item
        if len(problems) >= PROBLEMS_KEPT:
            return


def _pour(stage: Stage, entity: str, rows: list[Row]) -> None:
    if rows:
        stage.append(entity, columns_of(ENTITIES[entity]), rows)
        rows.clear()


def columns_of(entity: Entity) -> dict[str, str]:
    """Return the stage's columns, named as on the wire, with their types in the database."""
    fields = entity.shape.model_fields
    return {info.alias or name: _type_of(info.annotation) for name, info in fields.items() if name in _kept(entity)}


def _kept(entity: Entity) -> list[str]:
    return [name for name in entity.shape.model_fields if name not in {"entity", "source"}]


def _type_of(annotation: Any) -> str:
    if get_origin(annotation) is Annotated:
        return _type_of(get_args(annotation)[0])
    if get_origin(annotation) is tuple:
        return f"{_type_of(get_args(annotation)[0])}[]"
    if get_origin(annotation) in {Union, UnionType}:
        return next(_type_of(part) for part in get_args(annotation) if part is not NoneType)
    return _TYPES.get(annotation, "text")


_GETTERS: Final[Mapping[str, Callable[[Any], Row]]] = {
    name: attrgetter(*_kept(entity)) for name, entity in ENTITIES.items()
}
