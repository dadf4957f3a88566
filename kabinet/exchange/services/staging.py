"""A file of rows into the stage, a handful at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from operator import attrgetter
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin
from uuid import UUID

from kabinet.exchange.formats import ndjson, packing, quick, table
from kabinet.exchange.formats.faults import Fault, Parsed
from kabinet.exchange.values.batches import Upload
from kabinet.exchange.values.entities import ENTITIES, AnyRow, Entity
from kabinet.exchange.values.sheets import Sheet
from kabinet.infra import ids
from kabinet.infra.staging import PROBLEMS_KEPT, Problem, Row, Stage
from kabinet.kernel.periods import Month

# More at a time costs more: rows that wait keep the collector of cycles busy. Fewer cost a statement each.
CHUNK: Final = 2_000
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
    filling = Filling(stage)
    for part in _parts(upload, limits=limits):
        filling.take(part)
        if len(filling.problems) >= PROBLEMS_KEPT:
            break
    filling.finish()


Part = packing.Block | Sheet | Iterable[Parsed]


def _parts(upload: Upload, *, limits: packing.Limits) -> Iterator[Part]:
    """Give blocks of lines, or rows and faults; where the file breaks off, the last is the fault that says so."""
    if upload.is_handed_over:
        yield enumerate(upload.rows, start=1)
        yield from _numbered(upload.sheets, first=len(upload.rows) + 1)
        return
    try:
        yield from _blocks_or_rows(upload, limits=limits)
    except packing.Unreadable as broken:
        yield [Fault(broken.line, upload.form.entity, "", "", broken.code)]


def _numbered(sheets: Iterable[Sheet], *, first: int) -> Iterator[Sheet]:
    """Let the lines of sheets that were never a file go on from one to the next."""
    for sheet in sheets:
        yield sheet.from_line(first)
        first += len(sheet)


def _blocks_or_rows(upload: Upload, *, limits: packing.Limits) -> Iterator[Part]:
    form = upload.form
    if not form.entity:
        yield from packing.blocks_of(upload.file, packed=form.packed, limits=limits)
        return
    lines = packing.lines_of(upload.file, packed=form.packed, limits=limits)
    for item in table.rows_of(lines, entity=form.entity, encoding=form.encoding):
        yield [item]


class Filling:
    """Rows on their way into the stage, and what is wrong with any: then none of them matters any more."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.problems: list[Problem] = []
        self.waiting: dict[str, list[Row]] = {name: [] for name in ENTITIES}

    def take(self, part: Part) -> None:
        """Take rows on; whether the server has read them yet is known after `pour`."""
        match part:
            case packing.Block():
                self._take_block(part)
            case Sheet():
                self._append(part.entity, part.lines, list(part.columns.values()))
            case _:
                self._take_rows(part)

    def _take_block(self, block: packing.Block) -> None:
        """Take a block whole where its rows are surely good and the partner's own, else line by line."""
        sheets = quick.sheets_of(block.body, first=block.first)
        if sheets is None or not all(sheet.sources <= {"", self.stage.source} for sheet in sheets):
            self._take_rows(ndjson.rows_of(block.lines, first=block.first))
        elif not self.problems:
            # What is named comes before what names it.
            for sheet in sorted(sheets, key=lambda sheet: _ORDER[sheet.entity]):
                self.take(sheet)

    def _take_rows(self, parsed: Iterable[Parsed]) -> None:
        for line, row in _own(parsed, source=self.stage.source, problems=self.problems):
            staged = self.waiting[row.entity]
            staged.append((line, *_GETTERS[row.entity](row)))
            if len(staged) >= CHUNK:
                self._pour(row.entity)

    def pour(self) -> None:
        """Let nothing wait any longer."""
        for entity in self.waiting:
            self._pour(entity)
        self.stage.wait()

    def finish(self) -> None:
        """Have everything in the stage, or refuse the file."""
        self.pour()
        if self.problems:
            raise RowsRefused(self.problems)
        if not self.stage.rows:
            raise RowsRefused([Problem(0, "", "", "", "empty_file")])

    def _pour(self, entity: str) -> None:
        if rows := self.waiting[entity]:
            lines, *columns = zip(*rows, strict=True)
            self._append(entity, lines, columns)
            rows.clear()

    def _append(self, entity: str, lines: Sequence[int], columns: Sequence[Sequence[Any]]) -> None:
        named = [ids.spelled() for _ in lines]
        self.stage.append(entity, _COLUMNS[entity], [lines, named, *columns], usual=_USUAL[entity])


def _own(parsed: Iterable[Parsed], *, source: str, problems: list[Problem]) -> Iterator[tuple[int, AnyRow]]:
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


def columns_of(entity: Entity) -> dict[str, str]:
    """Return the stage's columns, named as on the wire, with their types in the database."""
    return {name: _type_of(info.annotation) for name, info in entity.kept.items()}


def _usual_of(entity: Entity) -> dict[str, Any]:
    """Return what fields are when a row leaves them out."""
    return {name: info.default for name, info in entity.kept.items() if not info.is_required()}


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
_ORDER: Final = {name: place for place, name in enumerate(ENTITIES)}
_USUAL: Final = {name: _usual_of(entity) for name, entity in ENTITIES.items()}
_COLUMNS: Final = {name: columns_of(entity) for name, entity in ENTITIES.items()}
