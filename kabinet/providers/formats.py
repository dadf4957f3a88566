"""Files of policies: text ↔ values, with every fault named by its field and value (SITE-02)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from kabinet.providers.values import Policy

# A fault is one line: longer values are cut where they are shown.
_SHOWN: Final = 80
# Where pydantic tells what would have been right.
_ALLOWANCES: Final = ("expected", "expected_tags", "ge", "gt", "le", "lt", "error")


@dataclass(frozen=True, slots=True)
class PolicyFault:
    """What is wrong with one field: its dotted name, the value as written, the code, and what would be right."""

    field: str
    value: str
    code: str
    allowed: str = ""


class PolicyUnreadable(Exception):
    """Raised when a text is not a policy; says every fault."""

    def __init__(self, faults: tuple[PolicyFault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults


def read_policy(text: str | bytes) -> Policy:
    """Read a policy, or refuse it whole with all of its faults."""
    try:
        return Policy.model_validate_json(text)
    except ValidationError as refusal:
        found = refusal.errors(include_url=False)
        raise PolicyUnreadable(tuple(_fault(error) for error in found)) from refusal


def _fault(error: ErrorDetails) -> PolicyFault:
    told = error.get("ctx", {})
    allowed = next((str(told[name]) for name in _ALLOWANCES if name in told), "")
    has_value = error["type"] not in {"missing", "json_invalid"}
    value = json.dumps(error["input"], ensure_ascii=False, default=str) if has_value else ""
    return PolicyFault(_name(error["loc"]), value[:_SHOWN], error["type"], allowed)


def _name(loc: Iterable[int | str]) -> str:
    """Write the place as the file has it: the tag that chose the kind of window is no key of its own."""
    names = [str(part) for part in loc if part != "[key]"]
    return ".".join(names[:1] + names[2:] if names[:1] == ["window"] else names)
