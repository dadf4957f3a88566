"""Every route of the portal, as Django resolves them."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@cache
def routes() -> frozenset[str]:
    """Return the names of all routes; one without a name could have no row, so it is named by its pattern."""
    return frozenset(_below(get_resolver(), ""))


def _below(resolver: URLResolver, namespace: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _below(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        else:
            yield namespace + _name_of(entry)


def _name_of(entry: URLPattern) -> str:
    name: Any = entry.name
    return name or f"(without a name: {entry.pattern})"
