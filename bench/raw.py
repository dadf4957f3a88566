"""Two floors, both into logged tables without a single index, key or check.

`load` is a bare loader: the ordinary program that reads the same file (json) or is given the same rows, and sends them
by COPY (psycopg) without looking at them. `copy` is stricter: the server's share alone, of text that somebody else has
prepared.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from kabinet.exchange.services.staging import columns_of
from kabinet.exchange.values.batches import Upload
from kabinet.exchange.values.entities import ENTITIES, AnyRow
from kabinet.infra import ids


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of one entity as COPY's text."""

    entity: str
    text: bytes


def blocks(rows: Sequence[AnyRow]) -> list[Block]:
    """Write rows down for COPY, entity by entity, with an id each as the import gives them."""
    lines: dict[str, list[str]] = {}
    for row in rows:
        cells = [ids.spelled(), *(_cell(value) for value in _facts(row).values())]
        lines.setdefault(row.entity, []).append("\t".join(cells))
    return [Block(entity, "\n".join([*written, ""]).encode()) for entity, written in lines.items()]


def _facts(row: AnyRow) -> Mapping[str, object]:
    return row.model_dump(mode="json", by_alias=True, include=set(columns_of(ENTITIES[row.entity])))


def _cell(value: object) -> str:
    match value:
        case None:
            return r"\N"
        case list():
            return f"{{{','.join(value)}}}"
        case _:
            return str(value)


def make_tables() -> None:
    """Make a table for each entity: the columns of the import's stage, logged like any other, no index or rule."""
    with connection.cursor() as cursor:
        for name, entity in ENTITIES.items():
            columns = sql.SQL(", ").join(
                sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind))
                for column, kind in columns_of(entity).items()
            )
            statement = sql.SQL("CREATE TABLE {} (id uuid, {})").format(_table(name), columns)
            cursor.execute(statement.as_string())


def copy(prepared: Sequence[Block]) -> None:
    """Copy everything in one transaction."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        for block in prepared:
            with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(_table(block.entity))) as into:
                into.write(block.text)


def load(upload: Upload) -> None:
    """Read the file, or take the rows that are handed over, and copy everything in one transaction."""
    rows = _given(upload.rows) if upload.rows else _read(upload)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        for entity, cells in rows.items():
            with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(_table(entity))) as into:
                for row in cells:
                    into.write_row(row)


def _read(upload: Upload) -> dict[str, list[list[Any]]]:
    columns = {name: list(columns_of(entity)) for name, entity in ENTITIES.items()}
    rows: dict[str, list[list[Any]]] = {}
    for line in upload.file:
        row = json.loads(line)
        cells = [ids.spelled(), *(row[name] for name in columns[row["entity"]])]
        rows.setdefault(row["entity"], []).append(cells)
    return rows


def _given(given: Iterable[AnyRow]) -> dict[str, list[list[Any]]]:
    fields = {
        name: attrgetter(*(field for field in entity.shape.model_fields if field not in {"entity", "source"}))
        for name, entity in ENTITIES.items()
    }
    rows: dict[str, list[list[Any]]] = {}
    for row in given:
        # psycopg writes a tuple as a record: what is a list of texts comes as one.
        cells = [list(value) if type(value) is tuple else value for value in fields[row.entity](row)]
        rows.setdefault(row.entity, []).append([ids.spelled(), *cells])
    return rows


def empty() -> None:
    with connection.cursor() as cursor:
        names = sql.SQL(", ").join(_table(name) for name in ENTITIES)
        cursor.execute(sql.SQL("TRUNCATE {}").format(names).as_string())


def _table(entity: str) -> sql.Identifier:
    return sql.Identifier(f"bench_{entity}")
