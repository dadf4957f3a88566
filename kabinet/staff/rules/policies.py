"""What another policy would change."""

import json
from collections.abc import Iterator
from typing import Any

from kabinet.providers.values import Policy
from kabinet.staff.values import PolicyChange


def changes(before: Policy, after: Policy) -> tuple[PolicyChange, ...]:
    """Return each setting that differs, by its place."""
    was, becomes = dict(_flat(before.model_dump(mode="json"))), dict(_flat(after.model_dump(mode="json")))
    places = [*was, *(place for place in becomes if place not in was)]
    return tuple(
        PolicyChange(place, was.get(place, ""), becomes.get(place, ""))
        for place in places
        if was.get(place) != becomes.get(place)
    )


def _flat(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, f"{place}.{name}" if place else str(name))
    elif isinstance(value, list):
        yield place, ", ".join(map(str, value))
    else:
        yield place, json.dumps(value, ensure_ascii=False) if isinstance(value, bool) else str(value)
