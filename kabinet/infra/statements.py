"""Statements of the hottest pages: prepared once a connection, several of them in one round trip.

A round trip is one wait for the server. What these pages ask is spelled once, by hand, and stands behind the ordinary
signatures of selectors and services; everything else goes by the framework's own way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import NotSupportedError, connection, models
from django.db.models.base import ModelState
from psycopg import Connection

Row = tuple[Any, ...]
ModelT = TypeVar("ModelT", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL that is the same at each call, so that the server plans it once, and what differs."""

    sql: str
    parameters: Mapping[str, Any]


def one_line(sql: str) -> str:
    """Return SQL without its layout: the driver remembers how it has read a statement of up to 4096 signs."""
    return " ".join(sql.split())


def fetch(statement: Statement) -> list[Row]:
    """Return the rows of one statement: one round trip."""
    (rows,) = together(statement)
    return rows


def together(*statements: Statement) -> list[list[Row]]:
    """Return the rows of several statements that do not need each other's: one round trip for all."""
    connection.ensure_connection()
    try:
        return _sent(statements)
    except NotSupportedError:
        # «cached plan must not change result type»: a migration went by while the plan was kept.
        if connection.in_atomic_block:
            raise
        _forget_plans(_driver())
        return _sent(statements)


def _sent(statements: Sequence[Statement]) -> list[list[Row]]:
    driver = _driver()
    with connection.wrap_database_errors:
        if len(statements) == 1:
            return [driver.execute(statements[0].sql, statements[0].parameters, prepare=True).fetchall()]
        with driver.pipeline():
            cursors = [driver.execute(one.sql, one.parameters, prepare=True) for one in statements]
        # Fetched within the pipeline, the answers would be waited for apart from its end.
        return [cursor.fetchall() for cursor in cursors]


def _driver() -> Connection[Row]:
    driver: Connection[Row] = connection.connection
    return driver


def _forget_plans(driver: Connection[Row]) -> None:
    """Let go of every plan of the connection, the driver's own list of them too."""
    driver.execute("DEALLOCATE ALL", prepare=False)
    driver._prepared.clear()  # noqa: SLF001 - the driver has no door of its own for it


def attnames(model: type[models.Model], *names: str) -> tuple[str, ...]:
    """Return the columns of a table, those named or all, in the model's own order, as `row_of` wants them."""
    own = tuple(field.attname for field in model._meta.concrete_fields)
    return tuple(name for name in own if name in names) if names else own


def columns_of(alias: str, names: Sequence[str]) -> str:
    """Return columns as a statement lists them."""
    return ", ".join(f"{alias}.{name}" for name in names)


def row_of(model: type[ModelT], names: Sequence[str], values: Sequence[Any]) -> ModelT:
    """Return the row that a statement has brought; columns that were not asked for are asked for when they are read.

    The same as `Model.from_db`, without its walk over the columns that are not there and its signals.
    """
    row, state = model.__new__(model), ModelState()
    state.adding, state.db = False, connection.alias
    row.__dict__.update(zip(names, values, strict=True), _state=state)
    return row
