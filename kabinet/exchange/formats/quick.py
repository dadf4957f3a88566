"""NDJSON at a glance: a block of lines by columns, where every row of it is surely good.

Compiled code reads the lines into bare texts and numbers, then each column is judged once: free texts by their length
and ends, everything else by the field's own rules, which see each value that differs a single time. What may be wrong
anywhere, or is only unusual, is no business of this module: the block is read line by line (`ndjson`), which names the
line, the field and the reason. A test compares both ways.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from operator import ne
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin
from uuid import UUID

import msgspec
from pydantic import StringConstraints, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from kabinet.exchange.values.entities import ENTITIES, Entity
from kabinet.exchange.values.fields import WITHOUT_NUL
from kabinet.exchange.values.sheets import Column, Sheet
from kabinet.kernel.periods import Month

Judge = Callable[[Column], Column | None]

# How a field comes in JSON, by its type.
_RAW: Final[Mapping[Any, Any]] = {
    bool: bool,
    int: int,
    str: str,
    Decimal: str,
    date: str,
    Month: str,
    UUID: str,
    tuple[str, ...]: tuple[str, ...],
}
# The rule over several fields that is known here; an entity with another one is read line by line.
_KNOWN_RULES: Final = frozenset({"_ends_after_start"})


@dataclass(frozen=True, slots=True)
class _Reading:
    """How rows of an entity are read: their shape in JSON, and a judge for each field."""

    entity: Entity
    shape: type[msgspec.Struct]
    names: tuple[str, ...]
    judges: tuple[Judge, ...]
    are_lasting: bool

    def sheet(self, lines: Sequence[int], rows: Sequence[msgspec.Struct]) -> Sheet | None:
        judged: dict[str, Column] = {}
        raw = zip(*map(msgspec.structs.astuple, rows), strict=True)
        for name, judge, column in zip(self.names, self.judges, raw, strict=True):
            good = judge(column)
            if good is None:
                return None
            judged[name] = good
        if self.are_lasting and not _end_after_start(judged["valid_from"], judged["valid_to"]):
            return None
        sources = frozenset(judged.pop("source"))
        columns = dict(zip(self.entity.kept, judged.values(), strict=True))
        return Sheet(self.entity.name, lines, columns, sources)


def sheets_of(block: bytes, *, first: int) -> list[Sheet] | None:
    """Return the rows of the lines, or nothing where any of them is not good at a glance."""
    # Without a backslash there is no sign in any text that JSON or COPY would have to hide.
    if b"\\" in block:
        return None
    try:
        rows = _DECODER.decode_lines(block)
    except msgspec.MsgspecError:
        return None
    if not _is_one_a_line(block, count=len(rows)):
        return None
    sheets = [_READINGS[shape].sheet(lines, given) for shape, (lines, given) in _sorted(rows, first=first).items()]
    good = [sheet for sheet in sheets if sheet is not None]
    return good if len(good) == len(sheets) else None


def _is_one_a_line(block: bytes, *, count: int) -> bool:
    """Say whether each line ends with the end of an object, and there are as many objects as lines."""
    lines = block.removesuffix(b"\n").split(b"\n")
    return count == len(lines) and {line[-1:] for line in lines} == {b"}"}


def _sorted(
    rows: Iterable[msgspec.Struct], *, first: int
) -> dict[type[msgspec.Struct], tuple[list[int], list[msgspec.Struct]]]:
    """Put rows with others of their entity, each beside its line."""
    found: dict[type[msgspec.Struct], tuple[list[int], list[msgspec.Struct]]] = {}
    for line, row in enumerate(rows, start=first):
        kind = type(row)
        if kind not in found:
            found[kind] = ([], [])
        lines, given = found[kind]
        lines.append(line)
        given.append(row)
    return found


def _end_after_start(starts: Column, ends: Column) -> bool:
    if set(ends) == {None}:
        return True
    return all(end > start for start, end in zip(starts, ends, strict=True) if end is not None)


def _reading_of(entity: Entity) -> _Reading | None:
    """Say how an entity is read at a glance; nothing where its shape has a rule that is not known here."""
    decorators = entity.shape.__pydantic_decorators__
    if set(decorators.model_validators) - _KNOWN_RULES or decorators.field_validators:
        return None
    fields = {name: info for name, info in entity.shape.model_fields.items() if name != "entity"}
    shape = msgspec.defstruct(
        entity.name,
        [(name, *_raw_of(info)) for name, info in fields.items()],
        tag_field="entity",
        tag=entity.name,
        rename={name: info.alias for name, info in fields.items() if info.alias},
        forbid_unknown_fields=True,
        kw_only=True,
        gc=False,
    )
    judges = tuple(_judge_of(info) for info in fields.values())
    return _Reading(entity, shape, tuple(fields), judges, "valid_to" in fields)


def _raw_of(info: FieldInfo) -> tuple[Any] | tuple[Any, Any]:
    """Return a field's type in JSON, and its default where it has one."""
    base, rules, may_be_null = _parts(info)
    raw = str if isinstance(base, type) and issubclass(base, Enum) else _RAW[base]
    if raw is str and _is_free_text(base, rules):
        raw = Annotated[raw, _lengths(rules)]
    if may_be_null:
        raw = raw | None
    if info.is_required():
        return (raw,)
    is_as_in_json = info.default is None or _is_free_text(base, rules)
    return (raw, info.default) if is_as_in_json else (raw | msgspec.UnsetType, msgspec.UNSET)


def _judge_of(info: FieldInfo) -> Judge:
    base, rules, may_be_null = _parts(info)
    if _is_free_text(base, rules):
        return _texts_or_null if may_be_null else _texts
    of_field = Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
    return _by_rules(TypeAdapter(list[of_field]), default=info.default)  # type: ignore[valid-type]


def _parts(info: FieldInfo) -> tuple[Any, list[Any], bool]:
    """Return what a field's values are, the rules over them, and whether there may be none."""
    annotation, rules, may_be_null = info.annotation, list(info.metadata), False
    if get_origin(annotation) in {Union, UnionType}:
        parts = get_args(annotation)
        (annotation,) = (part for part in parts if part is not NoneType)
        may_be_null = NoneType in parts
    if get_origin(annotation) is Annotated:
        annotation, *inner = get_args(annotation)
        rules += inner
    return annotation, rules, may_be_null


def _is_free_text(base: Any, rules: Sequence[Any]) -> bool:
    """Say whether any text will do that is not too short or long and has no space at its ends."""
    return base is str and all(
        isinstance(rule, StringConstraints)
        and rule.pattern in {None, WITHOUT_NUL}
        and not (rule.to_lower or rule.to_upper or rule.ascii_only)
        for rule in rules
    )


def _lengths(rules: Iterable[StringConstraints]) -> msgspec.Meta:
    shortest = [rule.min_length for rule in rules if rule.min_length is not None]
    longest = [rule.max_length for rule in rules if rule.max_length is not None]
    return msgspec.Meta(min_length=max(shortest, default=None), max_length=min(longest, default=None))


def _texts(column: Column) -> Column | None:
    return None if any(map(ne, column, map(str.strip, column))) else column


def _texts_or_null(column: Column) -> Column | None:
    return column if _texts([text for text in column if text is not None]) is not None else None


def _by_rules(values: TypeAdapter[Any], *, default: Any) -> Judge:
    """Judge the values that differ as the rows themselves would, and put what they mean in their places."""

    def judge(column: Column) -> Column | None:
        differing = set(column)
        differing.discard(msgspec.UNSET)
        raw = list(differing)
        try:
            read = values.validate_json(msgspec.json.encode(raw), strict=True)
        except ValidationError:
            return None
        meant = dict(zip(raw, read, strict=True))
        meant[msgspec.UNSET] = default
        return list(map(meant.__getitem__, column))

    return judge


_READINGS: Final[Mapping[Any, _Reading]] = {
    reading.shape: reading for reading in map(_reading_of, ENTITIES.values()) if reading is not None
}
# What is read at a glance; a block with anything else is read line by line.
AT_A_GLANCE: Final = frozenset(reading.entity.name for reading in _READINGS.values())
_DECODER: Final = msgspec.json.Decoder(Union[tuple(_READINGS)])  # noqa: UP007 - a union made of a tuple
