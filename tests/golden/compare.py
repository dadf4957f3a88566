"""Comparing an answer with what a golden case expects."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any


def differences(expected: Any, answer: Any, where: str = "expected") -> Iterator[str]:
    """Name every place where the answer differs; keys that are not expected do not count."""
    if isinstance(expected, dict) and isinstance(answer, dict):
        for key, value in expected.items():
            if key in answer:
                yield from differences(value, answer[key], f"{where}.{key}")
            else:
                yield f"{where}.{key}: the answer has no such key"
    elif isinstance(expected, list) and isinstance(answer, list | tuple):
        if len(expected) != len(answer):
            yield f"{where}: {len(expected)} expected, {len(answer)} answered"
        for place, (one, other) in enumerate(zip(expected, answer, strict=False)):
            yield from differences(one, other, f"{where}[{place}]")
    elif not _is_same(expected, answer):
        yield f"{where}: {expected!r} expected, {answer!r} answered"


def _is_same(expected: Any, answer: Any) -> bool:
    # True equals 1 in Python, not in a golden case.
    if isinstance(expected, bool) or isinstance(answer, bool):
        return expected is answer
    if isinstance(answer, Decimal):
        return _decimal(expected) == answer
    return bool(expected == answer)


def _decimal(expected: Any) -> Decimal | None:
    try:
        return Decimal(str(expected))
    except InvalidOperation:
        return None
