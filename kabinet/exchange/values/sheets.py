"""Rows of one entity by columns, as they go to the portal's tables: many cost no more than their values do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kabinet.exchange.values.entities import ENTITIES

Column = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where each row stands in its file, each field that is kept, by its name on the wire, and whose rows they are."""

    entity: str
    lines: Sequence[int]
    columns: Mapping[str, Column]
    sources: frozenset[str] = frozenset()

    @classmethod
    def of(cls, entity: str, told: Mapping[str, Column]) -> "Sheet":
        """Fill the fields that are not told with their defaults; a required one has none."""
        count = len(next(iter(told.values())))
        fields = ENTITIES[entity].kept
        if unknown := set(told) - set(fields):
            raise KeyError(*unknown)
        columns = {
            name: told[name] if name in told or info.is_required() else [info.default] * count
            for name, info in fields.items()
        }
        return cls(entity, range(1, count + 1), columns)

    def from_line(self, first: int) -> "Sheet":
        """Let the rows stand in a file from a line on, one a line."""
        return replace(self, lines=range(first, first + len(self)))

    def __len__(self) -> int:
        return len(self.lines)
