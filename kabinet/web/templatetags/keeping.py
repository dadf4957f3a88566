"""Keeping finished what stands around the content of every page: rendered once for all whom it is the same for."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from types import MappingProxyType
from typing import Any, Final, cast

from django import template
from django.template import engines
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.urls import get_script_prefix
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from kabinet.web import shapes

register = template.Library()

KEPT_AT_MOST: Final = 1024
# What differs between two people, or two pages, stands in the kept text under a sign that no text has.
_SIGN: Final = "\x01{}\x01"
_SIGNS: Final = re.compile("\x01(csrf_token|here|person_name)\x01")
_CUTS: Final = re.compile("\x01(\\w+)\x01")
# No word has it either; if one had, the words would be escaped one by one.
_BETWEEN: Final = "\x02"
# Text and sign by turns; the sign of a word is its number.
Parts = Sequence[str | int]
_kept: dict[tuple[Any, ...], list[str]] = {}
_shapes: dict[tuple[Any, ...], Parts] = {}


class Keep(Node):
    """A stretch of a template that is the same wherever its keys are."""

    def __init__(self, name: str, keys: list[FilterExpression], nodelist: NodeList) -> None:
        self.name = name
        self.keys = keys
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        """Return the stretch with this person's own words in it; without a first key it is rendered as it is."""
        keys = [key.resolve(context) for key in self.keys]
        if not keys[0]:
            return self.nodelist.render(context)
        parts = self._parts((self.name, get_script_prefix(), get_language(), *keys), context)
        own = {name: str(escape(context.get(name, ""))) for name in set(parts[1::2])}
        told = [own[part] if place % 2 else part for place, part in enumerate(parts)]
        return SafeString("".join(told))

    def _parts(self, key: tuple[Any, ...], context: template.Context) -> list[str]:
        parts = _kept.get(key)
        if parts is None:
            signs = {name: SafeString(_SIGN.format(name)) for name in ("csrf_token", "here", "person_name")}
            with context.push(**signs):
                parts = _SIGNS.split(self.nodelist.render(context))
            if len(_kept) >= KEPT_AT_MOST:
                _kept.clear()
            _kept[key] = parts
        return parts


@register.tag
def keep(parser: Parser, token: Token) -> Keep:
    """`{% keep "name" key … %}…{% endkeep %}`: where the first key is empty, nothing is kept."""
    _, name, *keys = token.split_contents()
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return Keep(name.strip("\"'"), [parser.compile_filter(key) for key in keys], nodelist)


class Kept(Node):
    """A part of a page that is rendered once for each shape of what it shows (web/shapes.py)."""

    def __init__(self, name: str, given: dict[str, FilterExpression]) -> None:
        self.name = name
        self.given = given

    def render(self, context: template.Context) -> SafeString:
        """Return the part with these words in it; the template sees what it was given, and nothing else."""
        return kept_text(self.name, {name: value.resolve(context) for name, value in self.given.items()})


def kept_text(name: str, given: Mapping[str, Any], *, held: str = "") -> SafeString:
    """Return a template with these words in it; `held` is finished HTML that it shows without looking into it."""
    words: list[str] = []
    shape = shapes.shape_of(tuple(given.values()), words)
    key = (name, get_script_prefix(), get_language(), bool(held), shape)
    parts = _shapes.get(key)
    if parts is None:
        parts = cut(name, given, named=["held"] if held else [])
        if len(_shapes) >= KEPT_AT_MOST:
            _shapes.clear()
        _shapes[key] = parts
    return filled(parts, words, {"held": held})


def cut(
    name: str, given: Mapping[str, Any], *, named: Iterable[str], around: Mapping[str, Any] = MappingProxyType({})
) -> Parts:
    """Render a template once, from a twin of what it is given, and cut it where signs stand: text and sign by turns.

    What is named is put in each time, too; what stands around is seen as it is.
    """
    twins = shapes.twin_of(tuple(given.values()), (_SIGN.format(number) for number in count()))
    signs = {one: SafeString(_SIGN.format(one)) for one in named}
    made = engines["django"].engine.get_template(name)  # type: ignore[attr-defined]  # of Django's own templates
    text = made.render(template.Context({**around, **signs, **dict(zip(given, twins, strict=True))}))
    return [int(part) if place % 2 and part.isdigit() else part for place, part in enumerate(_CUTS.split(text))]


def filled(parts: Parts, words: Sequence[str], named: Mapping[str, str]) -> SafeString:
    """Put words, escaped, and what has a name, as it is, where their signs stand."""
    told, escaped = list(parts), _escaped(words)
    for place in range(1, len(told), 2):
        sign = told[place]
        told[place] = escaped[sign] if type(sign) is int else named[cast("str", sign)]
    return SafeString("".join(cast("list[str]", told)))


def _escaped(words: Sequence[str]) -> Sequence[str]:
    """Escape all words in one go; where one of them holds the sign between them, each on its own."""
    together = html.escape(_BETWEEN.join(words)).split(_BETWEEN)
    return together if len(together) == len(words) else [html.escape(word) for word in words]


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """`{% kept "template.html" name=value … %}`: an include of which only shapes are rendered."""
    _, name, *given = token.split_contents()
    pairs = (one.split("=", 1) for one in given)
    return Kept(name.strip("\"'"), {key: parser.compile_filter(value) for key, value in pairs})
