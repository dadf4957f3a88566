"""What is wrong with a policy that was typed, and what it would change."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError

from kabinet.providers.values import Policy
from kabinet.staff.values import PolicyChange, PolicyFault

_EXPECTED: Final = ("expected", "expected_tags", "ge", "le", "gt", "lt")


class PolicyUnreadable(Exception):
    """Raised when the text is no JSON object; says the line where reading stopped."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class PolicyInvalid(Exception):
    """Raised when the text is JSON and yet no policy; carries what is wrong, place by place."""

    def __init__(self, faults: tuple[PolicyFault, ...]) -> None:
        super().__init__("not a policy")
        self.faults = faults


def read_policy(text: str) -> Policy:
    """Return the policy that the text says; unknown names are refused, not dropped."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PolicyUnreadable(getattr(error, "lineno", 1)) from None
    try:
        return Policy.model_validate(body)
    except ValidationError as error:
        raise PolicyInvalid(tuple(_fault(item) for item in error.errors())) from None


def write_policy(policy: Policy) -> str:
    """Return the policy as it is edited."""
    return json.dumps(policy.model_dump(mode="json"), ensure_ascii=False, indent=2)


def changes(before: Policy, after: Policy) -> tuple[PolicyChange, ...]:
    """Return each setting that differs, by its place."""
    was, becomes = dict(_flat(before.model_dump(mode="json"))), dict(_flat(after.model_dump(mode="json")))
    places = [*was, *(place for place in becomes if place not in was)]
    return tuple(
        PolicyChange(place, was.get(place, ""), becomes.get(place, ""))
        for place in places
        if was.get(place) != becomes.get(place)
    )


def _fault(item: Mapping[str, Any]) -> PolicyFault:
    context = item.get("ctx", {})
    expected = next((str(context[name]) for name in _EXPECTED if name in context), "")
    return PolicyFault(".".join(map(str, item["loc"])), item["type"], expected)


def _flat(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, f"{place}.{name}" if place else str(name))
    elif isinstance(value, list):
        yield place, ", ".join(map(str, value))
    else:
        yield place, json.dumps(value, ensure_ascii=False) if isinstance(value, bool) else str(value)
