"""How one field of a row is written: numbers, days, months and names, as docs/exchange.md promises."""

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any, Final

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from kabinet.kernel.periods import Month

_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RUSSIAN_DAY: Final = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")
_NUMBER: Final = re.compile(r"-?[0-9]{1,20}([.,][0-9]{1,20})?")
WITHOUT_NUL: Final = r"^[^\x00]*$"
_ADDRESS: Final = re.compile(r"[^\s\x00@,;<>]{1,64}@[^\s\x00@,;<>]{1,189}")
ADDRESSES_AT_MOST: Final = 50
KEPT_AT_MOST: Final = 8_000
# A million rows hold some thousand different days.
_KEPT: Final = 8192


def to_day(value: Any) -> date:
    """Read `2026-10-08` or `08.10.2026`."""
    if type(value) is date:
        return value
    if isinstance(value, str):
        try:
            return _day_of(value)
        except ValueError:
            pass
    raise PydanticCustomError("wrong_day", "a day is written 2026-10-08")


@lru_cache(_KEPT)
def _day_of(text: str) -> date:
    # date.fromisoformat alone takes week dates and dates without hyphens too; nobody agreed to those.
    if _ISO_DAY.fullmatch(text):
        return date.fromisoformat(text)
    if russian := _RUSSIAN_DAY.fullmatch(text):
        return date(int(russian[3]), int(russian[2]), int(russian[1]))
    raise ValueError(text)


def to_month(value: Any) -> Month:
    """Read `2026-10`."""
    if isinstance(value, Month):
        return value
    if isinstance(value, str):
        try:
            return _month_of(value)
        except ValueError:
            pass
    raise PydanticCustomError("wrong_month", "a month is written 2026-10")


@lru_cache(_KEPT)
def _month_of(text: str) -> Month:
    return Month.parse(text)


def to_addresses(value: Any) -> tuple[str, ...]:
    """Read a list of e-mail addresses; in a cell of a table commas stand between them. Case does not count."""
    listed = [part for part in re.split(r"[\s,;]+", value) if part] if isinstance(value, str) else value
    if not isinstance(listed, list | tuple) or not all(isinstance(each, str) for each in listed):
        raise PydanticCustomError("wrong_type", "addresses come as a list of texts")
    addresses = tuple(dict.fromkeys(each.strip().lower() for each in listed))
    if not all(_ADDRESS.fullmatch(each) for each in addresses):
        raise PydanticCustomError("wrong_form", "an address is written name@host")
    if len(addresses) > ADDRESSES_AT_MOST:
        raise PydanticCustomError("out_of_range", "too many addresses")
    return addresses


def to_number(value: Any) -> Decimal:
    """Read a number written as text, with a point or a comma; a JSON number may have lost digits on its way."""
    if isinstance(value, Decimal) and value.is_finite():
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value.replace(",", "."))
    raise PydanticCustomError("wrong_number", 'a number is written as text: "123.45"')


def to_kept(value: Any) -> str:
    """Read what a rule was given: a JSON object whose numbers are texts; a cell of a table holds it as text."""
    try:
        kept = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        kept = None
    if not isinstance(kept, dict):
        raise PydanticCustomError("wrong_type", "kept values come as one object")
    written = json.dumps(kept, ensure_ascii=False, sort_keys=True)
    if "\\u0000" in written:
        raise PydanticCustomError("wrong_form", "no NUL in kept values")
    if len(written) > KEPT_AT_MOST:
        raise PydanticCustomError("out_of_range", "too many kept values")
    if not _is_exact(kept):
        raise PydanticCustomError("wrong_number", 'a number is written as text: "123.45"')
    return written


def _is_exact(value: Any) -> bool:
    """Say whether no number in it could have lost digits on its way."""
    if isinstance(value, dict | list):
        return all(map(_is_exact, value.values() if isinstance(value, dict) else value))
    return not isinstance(value, float)


def _or_quickly(whole_digits: int, *, zero: bool = False) -> WrapValidator:
    """Take a plain number that breaks no rule at a glance; whatever else comes is judged by the rules themselves.

    The rules cost five times as much as reading the number does; a test holds both to one verdict.
    """
    is_plain = re.compile(rf"[0-9]{{1,{whole_digits}}}(\.[0-9]{{1,4}})?").fullmatch

    def read(value: Any, by_rules: Callable[[Any], Decimal]) -> Decimal:
        if type(value) is str and is_plain(value):
            number = Decimal(value)
            if number or zero:
                return number
        return by_rules(value)

    return WrapValidator(read)


def _text_like(pattern: str, words: str) -> WithJsonSchema:
    """Say how a field is written, for the description of the exchange: what its reader takes is code, not a shape."""
    return WithJsonSchema({"type": "string", "pattern": pattern, "description": words})


def _number_like(words: str, *, whole: int, decimals: int, sign: str = "") -> WithJsonSchema:
    return _text_like(rf"^{sign}[0-9]{{1,{whole}}}([.,][0-9]{{1,{decimals}}})?$", f"{words}, as text")


Day = Annotated[
    date,
    PlainValidator(to_day),
    PlainSerializer(date.isoformat, when_used="json"),
    _text_like(r"^([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}\.[0-9]{2}\.[0-9]{4})$", "a day: 2026-10-08"),
]
MonthField = Annotated[
    Month, PlainValidator(to_month), PlainSerializer(str), _text_like("^[0-9]{4}-[0-9]{2}$", "a month: 2026-10")
]
Number = Annotated[Decimal, BeforeValidator(to_number)]

Count = Annotated[
    Number,
    Field(ge=0, max_digits=16, decimal_places=4),
    _or_quickly(12, zero=True),
    _number_like("0 and more", whole=12, decimals=4),
]
Factor = Annotated[
    Number,
    Field(gt=0, max_digits=12, decimal_places=4),
    _or_quickly(8),
    _number_like("above 0", whole=8, decimals=4),
]
Limit = Annotated[
    Number,
    Field(gt=0, max_digits=14, decimal_places=4),
    _or_quickly(10),
    _number_like("above 0", whole=10, decimals=4),
]

Area = Annotated[Number, Field(gt=0, max_digits=10, decimal_places=2), _number_like("above 0", whole=8, decimals=2)]
AreaOrNone = Annotated[
    Number, Field(ge=0, max_digits=10, decimal_places=2), _number_like("0 and more", whole=8, decimals=2)
]

# Sums may be below zero: a correction, an overpayment.
Money = Annotated[
    Number, Field(max_digits=14, decimal_places=2), _number_like("money", whole=12, decimals=2, sign="-?")
]
Price = Annotated[Number, Field(ge=0, max_digits=14, decimal_places=5), _number_like("0 and more", whole=9, decimals=5)]
SignedCount = Annotated[
    Number, Field(max_digits=16, decimal_places=4), _number_like("a number", whole=12, decimals=4, sign="-?")
]
Kept = Annotated[
    str,
    PlainValidator(to_kept),
    PlainSerializer(json.loads, when_used="json"),
    WithJsonSchema({"type": "object", "description": "what the rule was given; numbers as texts"}),
]

# PostgreSQL keeps no NUL in texts; everything else that people write is theirs.
_text = StringConstraints(strip_whitespace=True, pattern=WITHOUT_NUL)
Text20 = Annotated[str, _text, StringConstraints(max_length=20)]
Text40 = Annotated[str, _text, StringConstraints(max_length=40)]
Text80 = Annotated[str, _text, StringConstraints(max_length=80)]
Text200 = Annotated[str, _text, StringConstraints(max_length=200)]
Text240 = Annotated[str, _text, StringConstraints(max_length=240)]
Text300 = Annotated[str, _text, StringConstraints(max_length=300)]
Name40 = Annotated[Text40, StringConstraints(min_length=1)]
Name240 = Annotated[Text240, StringConstraints(min_length=1)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{0,40}$")]
Inn = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^([0-9]{10}|[0-9]{12})?$")]
Kpp = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^([0-9]{4}[0-9A-Z]{2}[0-9]{3})?$")]
Ogrn = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^([0-9]{13}|[0-9]{15})?$")]
Bic = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^([0-9]{9})?$")]
# The sixth sign of an account in a clearing currency is a letter.
BankAccount = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^([0-9]{5}[0-9A-Z][0-9]{14})?$")]
Addresses = Annotated[
    tuple[str, ...],
    PlainValidator(to_addresses),
    PlainSerializer(list),
    WithJsonSchema({"type": "array", "maxItems": ADDRESSES_AT_MOST, "items": {"type": "string", "format": "email"}}),
]

ExternalId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=WITHOUT_NUL)]
Version = Annotated[int, Field(ge=1, le=2**63 - 1)]
