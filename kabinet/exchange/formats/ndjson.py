"""NDJSON: one JSON object a line, rows of any entities in any order."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from kabinet.exchange.formats.faults import Fault, Parsed, faults_of
from kabinet.exchange.values.entities import ROWS, AnyRow


def rows_of(lines: Iterable[bytes], *, first: int = 1) -> Iterator[Parsed]:
    """Read each line; an empty one is nothing, a wrong one gives its faults."""
    read = ROWS.validate_json
    for number, line in enumerate(lines, start=first):
        if not line.strip():
            continue
        try:
            row = read(line, strict=True)
        except ValidationError as error:
            yield from _faults(error, line=number, raw=line)
        else:
            yield number, row


def _faults(error: ValidationError, *, line: int, raw: bytes) -> Iterator[Fault]:
    return faults_of(error, line=line, raw=_loaded(raw))


def _loaded(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def lines_from(rows: Iterable[AnyRow]) -> Iterator[bytes]:
    """Write rows, a line each."""
    for row in rows:
        yield row.to_line().encode() + b"\n"
