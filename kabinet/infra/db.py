"""Transactions with names: one use case is one transaction; a step takes part in it.

A use case is not repeated by itself after a deadlock: its arguments may be spent, and whoever asked holds an
idempotency key with which asking again is safe. The fault shows as 503 and asks to come again.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

import psycopg
from django.db import connection, transaction

from kabinet.infra import failpoints

P = ParamSpec("P")
R = TypeVar("R")

_running: ContextVar[str] = ContextVar("running use case", default="")


class NoTransaction(Exception):
    """Raised when a step runs outside of a use case."""


class NestedUseCase(Exception):
    """Raised when a use case is called within another; names both."""

    def __init__(self, inner: str, *, outer: str) -> None:
        super().__init__(f"{inner} was called within {outer}: one of them has to be a step")
        self.inner = inner
        self.outer = outer


class WithinUseCase(Exception):
    """Raised when what must outlive a refusal is done in a transaction that the refusal would take back."""


@contextmanager
def transaction_of(name: str) -> Iterator[None]:
    """Run the block in a transaction of its own, known by its name; for entrances that are not a function."""
    if outer := _running.get():
        raise NestedUseCase(name, outer=outer)
    token = _running.set(name)
    failpoints.reach("before", name)
    try:
        with transaction.atomic(durable=True):
            yield
            failpoints.reach("inside", name)
    finally:
        _running.reset(token)
    failpoints.reach("after", name)


def use_case(function: Callable[P, R]) -> Callable[P, R]:
    """Run the function in the transaction that is its own, the outermost one."""
    name = f"{function.__module__}.{function.__qualname__}"

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction_of(name):
            return function(*args, **kwargs)

    return run


def step(function: Callable[P, R]) -> Callable[P, R]:
    """Run the function within a transaction that a use case has begun."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if not connection.in_atomic_block:
            raise NoTransaction(function.__qualname__)
        return function(*args, **kwargs)

    return run


def constraint_of(fault: Exception) -> str:
    """Return the name of the constraint that was broken; empty where the fault is another."""
    cause = fault.__cause__
    return (cause.diag.constraint_name or "") if isinstance(cause, psycopg.Error) else ""


def stand_alone(what: str) -> None:
    """Refuse to go on within a use case."""
    if outer := _running.get():
        raise WithinUseCase(f"{what} within {outer}")
