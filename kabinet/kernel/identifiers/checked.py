"""What a check of an identifier says."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Why an identifier is refused."""

    LENGTH = "length"
    FORMAT = "format"
    ZEROS = "zeros"
    CHECKSUM = "checksum"
    SIGN = "sign"
    FIRST_DIGITS = "first_digits"
    ACCOUNT_FORMAT = "account_format"
    BIC_FORMAT = "bic_format"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on one identifier: the fault when it is refused, its kind and tidy spelling when it is good."""

    valid: bool
    reason: Fault | None = None
    kind: str | None = None
    normalized: str | None = None


def refused(reason: Fault) -> Checked:
    return Checked(valid=False, reason=reason)


def accepted(normalized: str, *, kind: str | None = None) -> Checked:
    return Checked(valid=True, kind=kind, normalized=normalized)


def has_only_digits(text: str) -> bool:
    """Say whether all signs are ASCII digits; digits of other scripts are not."""
    return re.fullmatch(r"[0-9]*", text) is not None


def weighted_sum(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
