"""What two parts of a page have in common, and what is each one's own: the shape, and the words.

A shape says all that a template may decide by: numbers, codes, which words are there at all. A part of the same shape
is the same text with other words in it. So that nobody's words ever get into another's page, the text is rendered from
a twin of the value in which a sign stands for every word: there is nothing else that it could be made of.
"""

import dataclasses
import functools
from collections.abc import Hashable, Iterator, Mapping
from typing import Any, Final

# A field whose text is no word but a code: templates decide by it.
CODE: Final[Mapping[str, bool]] = {"is_code": True}
# A field that is no part of its value's shape; a kept part does not see it.
APART: Final[Mapping[str, bool]] = {"is_apart": True}
_WORD: Final = object()


def shape_of(value: Any, words: list[str]) -> Hashable:
    """Return the shape of a value; its words are added to `words` as they come."""
    kind: Any = type(value)
    if kind is str:
        if value:
            words.append(value)
        return _WORD if value else ""
    if kind is tuple:
        return tuple([shape_of(one, words) for one in value])
    fields = _fields(kind)
    if fields is None:
        return (kind, value)
    own: list[Hashable] = [kind]
    for name, is_code in fields:
        part = getattr(value, name)
        if is_code:
            own.append(part)
        elif type(part) is str:  # as most are: a call less for each word of a page
            if part:
                words.append(part)
            own.append(_WORD if part else "")
        else:
            own.append(shape_of(part, words))
    return tuple(own)


def twin_of(value: Any, signs: Iterator[str]) -> Any:
    """Return the same value with a sign in place of each word, in the order in which `shape_of` finds them."""
    kind: Any = type(value)
    if kind is str:
        return next(signs) if value else ""
    if kind is tuple:
        return tuple(twin_of(one, signs) for one in value)
    fields = _fields(kind)
    if fields is None:
        return value
    own = {name: getattr(value, name) for name, _ in fields}
    twins = {name: own[name] if is_code else twin_of(own[name], signs) for name, is_code in fields}
    return kind(**twins, **_empty(kind))


@functools.cache
def _fields(kind: Any) -> tuple[tuple[str, bool], ...] | None:
    """Return the fields of a frozen value that its shape is made of; None for what is no such value."""
    if not dataclasses.is_dataclass(kind):
        return None
    return tuple(
        (one.name, "is_code" in one.metadata) for one in dataclasses.fields(kind) if "is_apart" not in one.metadata
    )


@functools.cache
def _empty(kind: Any) -> Mapping[str, tuple[()]]:
    """Return what a twin has in place of what stands apart."""
    return {one.name: () for one in dataclasses.fields(kind) if "is_apart" in one.metadata}
