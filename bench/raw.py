"""The floor: COPY of the same rows, already written as COPY wants them, into tables without a single index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from psycopg import sql

from kabinet.exchange.services.staging import columns_of
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


def empty() -> None:
    with connection.cursor() as cursor:
        names = sql.SQL(", ").join(_table(name) for name in ENTITIES)
        cursor.execute(sql.SQL("TRUNCATE {}").format(names).as_string())


def _table(entity: str) -> sql.Identifier:
    return sql.Identifier(f"bench_{entity}")
