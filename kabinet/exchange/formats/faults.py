"""Why a row cannot be read, in codes of the exchange."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from kabinet.exchange.values.entities import ENTITIES, AnyRow

_CODES: Final = {
    "missing": "required",
    "union_tag_not_found": "required",
    "union_tag_invalid": "unknown_entity",
    "string_too_short": "empty",
    "string_too_long": "too_long",
    "string_pattern_mismatch": "wrong_form",
    "extra_forbidden": "unknown_field",
    "enum": "unknown_code",
    "literal_error": "unknown_entity",
    "json_invalid": "bad_json",
    "dict_type": "bad_json",
    "model_attributes_type": "bad_json",
    "greater_than": "out_of_range",
    "greater_than_equal": "out_of_range",
    "less_than": "out_of_range",
    "less_than_equal": "out_of_range",
    "decimal_max_digits": "out_of_range",
    "decimal_whole_digits": "out_of_range",
    "decimal_max_places": "too_many_decimals",
    "uuid_type": "wrong_id",
    "uuid_parsing": "wrong_id",
    # Codes of our own shapes pass as they are.
    "wrong_day": "wrong_day",
    "wrong_month": "wrong_month",
    "wrong_number": "wrong_number",
    "wrong_form": "wrong_form",
    "out_of_range": "out_of_range",
    "ends_before_start": "ends_before_start",
    "reason_required": "reason_required",
    "act_incomplete": "act_incomplete",
    "volume_required": "volume_required",
    "does_not_add_up": "does_not_add_up",
    "wrong_type": "wrong_type",
}
_FIELD_OF: Final = {
    "ends_before_start": "valid_to",
    "reason_required": "reason",
    "act_incomplete": "verdict",
    "does_not_add_up": "closing",
    "volume_required": "house_volume",
}
_SHOWN: Final = 64


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason why a line is not a row."""

    line: int
    entity: str
    external_id: str
    field: str
    code: str


Parsed = tuple[int, AnyRow] | Fault


def faults_of(error: ValidationError, *, line: int, raw: Any) -> Iterator[Fault]:
    """Say what is wrong with a row; `raw` is what it was read as, for its names."""
    names = raw if isinstance(raw, dict) else {}
    for problem in error.errors(include_url=False, include_context=False, include_input=False):
        code = _CODES.get(problem["type"], "wrong_type")
        path = [str(part) for part in problem["loc"] if part not in ENTITIES]
        named = "entity" if problem["type"].startswith("union_tag") else _FIELD_OF.get(code, "")
        yield Fault(
            line=line,
            entity=shown(names.get("entity")),
            external_id=shown(names.get("external_id")),
            field=shown(path[0] if path else named),
            code=code,
        )


def shown(name: Any) -> str:
    """Return a name of the sender's as a report can hold it: short, and without NUL, which no database keeps."""
    return name[:_SHOWN].replace("\x00", "\ufffd") if isinstance(name, str) else ""
