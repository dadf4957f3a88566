"""Transactions with names: one use case is one transaction; a step takes part in it."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")


class NoTransaction(Exception):
    """Raised when a step runs outside of a use case."""


def use_case(function: Callable[P, R]) -> Callable[P, R]:
    """Run the function in the transaction that is its own, the outermost one."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(durable=True):
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
