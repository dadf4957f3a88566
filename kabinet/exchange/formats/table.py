"""CSV of one entity: `;` between cells, a line of field names first; UTF-8, or what Excel makes of Russian (cp1251)."""

import csv
import io
from _csv import Reader
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError

from kabinet.exchange.formats.faults import Fault, Parsed, faults_of, shown
from kabinet.exchange.formats.packing import Unreadable
from kabinet.exchange.values.entities import ENTITIES, ROWS, AnyRow

DELIMITER: Final = ";"
ENCODINGS: Final = ("utf-8", "cp1251")


def rows_of(lines: Iterable[bytes], *, entity: str, encoding: str = "") -> Iterator[Parsed]:
    """Read each row of the table; an empty cell is a field left out."""
    reader = csv.reader(_decoded(lines, encoding), delimiter=DELIMITER, strict=True)
    header = [name.strip() for name in _next_cells(reader) or []]
    if faults := list(_header_faults(header, entity)):
        yield from faults
        return
    while True:
        number = reader.line_num + 1
        cells = _next_cells(reader)
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield from _row(header, cells, entity=entity, line=number)


def _next_cells(reader: Reader) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error:
        raise Unreadable("bad_csv", reader.line_num) from None


def _decoded(lines: Iterable[bytes], encoding: str) -> Iterator[str]:
    """Decode by the encoding that was named, else by the one that the first line with foreign signs is valid in."""
    for number, line in enumerate(lines, start=1):
        if line.isascii():
            yield line.decode("ascii")
            continue
        encoding = encoding or _guess(line)
        try:
            yield line.decode(encoding)
        except UnicodeDecodeError:
            raise Unreadable("bad_encoding", number) from None


def _guess(line: bytes) -> str:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1251"
    return "utf-8"


def _header_faults(header: Sequence[str], entity: str) -> Iterator[Fault]:
    known = field_names(entity)
    if not header:
        yield Fault(1, entity, "", "", "empty_file")
    for place, name in enumerate(header):
        if name not in known:
            yield Fault(1, entity, "", shown(name), "unknown_field")
        elif name in header[:place]:
            yield Fault(1, entity, "", name, "twice_in_header")


def field_names(entity: str) -> list[str]:
    """Return the names that a table of this entity may have in its first line."""
    fields = ENTITIES[entity].shape.model_fields
    return [field.alias or name for name, field in fields.items()]


def _row(header: Sequence[str], cells: Sequence[str], *, entity: str, line: int) -> Iterator[Parsed]:
    raw: dict[str, Any] = {"entity": entity} | {
        name: cell.strip() for name, cell in zip(header, cells, strict=False) if cell.strip()
    }
    if len(cells) > len(header):
        yield Fault(line, entity, shown(raw.get("external_id")), "", "too_many_cells")
        return
    if raw["entity"] != entity:
        yield Fault(line, entity, shown(raw.get("external_id")), "entity", "other_entity")
        return
    try:
        yield line, ROWS.validator.validate_strings(raw)
    except ValidationError as error:
        yield from faults_of(error, line=line, raw=raw)


def text_from(rows: Sequence[AnyRow], *, entity: str) -> str:
    """Write rows of one entity as a table."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, field_names(entity), delimiter=DELIMITER, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_cells(row.model_dump(mode="json", by_alias=True)) for row in rows)
    return buffer.getvalue()


def _cells(fields: Mapping[str, object]) -> dict[str, object]:
    """Write as JSON writes, nothing for null, a list with commas."""
    return {name: _cell(value) for name, value in fields.items()}


def _cell(value: object) -> object:
    match value:
        case bool():
            return str(value).lower()
        case list():
            return ",".join(value)
        case _:
            return value
