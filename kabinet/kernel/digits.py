"""Numbers as people type them, and the digits of dials, accounts and meters."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

# ASCII only: str.isdigit and \d take digits of other scripts, which no billing system reads.
_NUMBER = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?")
_MINUS = re.compile(r"[-−‐‑‒–—](?=[0-9.,])")
_INVISIBLE = str.maketrans("", "", "\u200b\u200c\u200d\u2060\ufeff\u00ad")
_NOT_DIGITS = re.compile(r"[^0-9]+")


class NumberProblem(StrEnum):
    EMPTY = "empty"
    NEGATIVE = "negative"
    NOT_A_NUMBER = "not_a_number"


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """A number with its digits as they were typed, zeros in front included."""

    whole: str
    fraction: str = ""

    @property
    def value(self) -> Decimal:
        return Decimal(f"{self.whole}.{self.fraction or '0'}")

    @property
    def whole_value(self) -> Decimal:
        """Return the number without its fraction, dropped and not rounded."""
        return Decimal(self.whole)


def without_spaces(text: str) -> str:
    """Remove every space, the no-break and the invisible ones too."""
    if text.isascii() and text.isalnum():
        return text
    return "".join(text.translate(_INVISIBLE).split())


def parse_number(text: str) -> TypedNumber | NumberProblem:
    """Read a plain number with a comma or a point; spaces separate thousands, nothing else is let pass."""
    compact = without_spaces(text)
    if not compact:
        return NumberProblem.EMPTY
    if _MINUS.match(compact):
        return NumberProblem.NEGATIVE
    number = _NUMBER.fullmatch(compact)
    if number is None:
        return NumberProblem.NOT_A_NUMBER
    return TypedNumber(number[1], number[2] or "")


def pad(value: Decimal | int, integer_digits: int) -> str:
    """Write a reading as its dial shows it: the whole part, with the zeros in front."""
    if value < 0:
        raise ValueError("a dial shows no negative numbers")
    text = format(Decimal(value), "f").partition(".")[0].zfill(integer_digits)
    if len(text) > integer_digits:
        raise ValueError("the number has more digits than the dial")
    return text


def meter_number_key(number: str) -> str:
    """Return what two spellings of a meter's number share: «№011774» and 11774 are one meter; empty without digits."""
    digits = number if number.isascii() and number.isdigit() else _NOT_DIGITS.sub("", number)
    return digits.lstrip("0") or digits[:1]


def account_pad(account: str, digits: int) -> str:
    """Write an account in full length, with the zeros that people leave out; a ValueError when it is no account."""
    compact = without_spaces(account).replace("-", "")
    if not compact or _NOT_DIGITS.search(compact) or len(compact) > digits:
        raise ValueError("an account is made of digits")
    return compact.zfill(digits)
