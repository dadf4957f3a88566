"""Policies as text: JSON ↔ values, with every fault named by its place and value (SITE-02)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from kabinet.providers.values import Policy

# A fault is one line: longer values are cut where they are shown.
_SHOWN: Final = 80
_EXPECTED: Final = ("expected", "expected_tags", "ge", "le", "gt", "lt", "error")


@dataclass(frozen=True, slots=True)
class PolicyFault:
    """A place of a policy that is wrong: where, the code of what is wrong there with its figures, what stands there."""

    place: str
    code: str
    expected: str = ""
    value: str = ""


class PolicyUnreadable(Exception):
    """Raised when the text is no JSON; says the line where reading stopped."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class PolicyInvalid(Exception):
    """Raised when the text is JSON and yet no policy; carries what is wrong, place by place."""

    def __init__(self, faults: tuple[PolicyFault, ...]) -> None:
        super().__init__("not a policy")
        self.faults = faults


def read_policy(text: str | bytes) -> Policy:
    """Return the policy that the text says; unknown names are refused, not dropped."""
    try:
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PolicyUnreadable(getattr(error, "lineno", 1)) from None
    try:
        return Policy.model_validate(body)
    except ValidationError as error:
        raise PolicyInvalid(tuple(_fault(item) for item in error.errors(include_url=False))) from None


def write_policy(policy: Policy) -> str:
    """Return the policy as it is edited."""
    return json.dumps(policy.model_dump(mode="json"), ensure_ascii=False, indent=2)


def _fault(item: ErrorDetails) -> PolicyFault:
    context = item.get("ctx", {})
    expected = next((str(context[name]) for name in _EXPECTED if name in context), "")
    value = "" if item["type"] == "missing" else json.dumps(item["input"], ensure_ascii=False)
    return PolicyFault(_place(item["loc"]), item["type"], expected, value[:_SHOWN])


def _place(loc: Iterable[int | str]) -> str:
    """Write the place as the text has it: the tag that chose the kind of window is no key of its own."""
    names = [str(part) for part in loc if part != "[key]"]
    return ".".join(names[:1] + names[2:] if names[:1] == ["window"] else names)
