"""Pages whose frame, all but what they hold, is rendered once a shape (web/shapes.py)."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.utils.html import escape

from kabinet.web.shapes import shape_of
from kabinet.web.templatetags.keeping import KEPT_AT_MOST, Parts, cut, filled

# What a frame sees of a request: the same for all who have the same `shell_key`, brand and look.
_AROUND: Final = ("shell_key", "brand", "look", "language", "footer", "menu", "person", "bars")
_PUT_IN: Final = ("csrf_token", "here", "person_name")
_kept: dict[tuple[Any, ...], Parts] = {}


def render_framed(request: HttpRequest, template: str, facts: Mapping[str, Any], *, held: str) -> HttpResponse:
    """Render a page that holds finished HTML; its template sees the facts, the shell and nothing else of the request.

    Where there is something to say once, or nothing is known to be the same for others, it is rendered as ever.
    """
    told: dict[str, Any] = {}
    for processor in engines["django"].engine.template_context_processors:  # type: ignore[attr-defined]
        told |= processor(request)
    if not told.get("shell_key") or len(told["messages"]):
        return render(request, template, {**facts, "held": held})
    words: list[str] = []
    shape = shape_of(tuple(facts.values()), words)
    key = (template, told["shell_key"], told["brand"], told["look"], bool(held), shape)
    parts = _kept.get(key)
    if parts is None:
        around = {name: told.get(name) for name in _AROUND}
        parts = cut(template, facts, named=[*_PUT_IN, *(["held"] if held else [])], around=around)
        if len(_kept) >= KEPT_AT_MOST:
            _kept.clear()
        _kept[key] = parts
    named = {name: str(escape(told.get(name, ""))) for name in _PUT_IN}
    return HttpResponse(filled(parts, words, {**named, "held": held}))
