"""Identifiers that have a shape but no check digit."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from kabinet.kernel.digits import without_spaces
from kabinet.kernel.identifiers.checked import Checked, Fault, accepted, refused
from kabinet.kernel.lookalikes import plain_dashes, to_cyrillic


class Code(StrEnum):
    KPP = "kpp"
    BIC = "bic"
    ACCOUNT_9 = "ls9"
    CONTRACT_14 = "contract14"
    ELS = "els"
    IZHKU = "izhku"
    GIS_PAYMENT_DOC = "gis_payment_doc"


def check_code(code: Code, text: str) -> Checked:
    """Check the shape of an identifier and return its tidy spelling."""
    shape = _SHAPES[code]
    value = shape.tidy(text)
    if re.fullmatch(f"[{shape.alphabet}]*", value) is None:
        return refused(Fault.FORMAT)
    if len(value) != shape.length:
        return refused(Fault.LENGTH)
    if not value.strip("0"):
        return refused(Fault.ZEROS)
    if re.fullmatch(shape.pattern, value) is None:
        return refused(shape.fault)
    return accepted(value)


def _without_hyphens(text: str) -> str:
    return plain_dashes(without_spaces(text)).replace("-", "")


def _gis_spelling(text: str) -> str:
    # People type these from paper, in any case and keyboard layout.
    return to_cyrillic(plain_dashes(without_spaces(text)).upper())


@dataclass(frozen=True, slots=True)
class _Shape:
    length: int
    pattern: str
    tidy: Callable[[str], str] = without_spaces
    alphabet: str = "0-9"
    fault: Fault = Fault.FORMAT


_ELS = r"[0-9]{2}[А-Я]{2}[0-9]{6}"
_SHAPES = {
    Code.KPP: _Shape(9, r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", alphabet="0-9A-Z"),
    Code.BIC: _Shape(9, r"0[0-4][0-9]{7}", fault=Fault.FIRST_DIGITS),
    Code.ACCOUNT_9: _Shape(9, r"[0-9]{9}", tidy=_without_hyphens),
    Code.CONTRACT_14: _Shape(14, r"[0-9]{14}", tidy=_without_hyphens),
    Code.ELS: _Shape(10, _ELS, tidy=_gis_spelling, alphabet="0-9А-Я"),
    Code.IZHKU: _Shape(13, _ELS + r"-[0-9]{2}", tidy=_gis_spelling, alphabet="0-9А-Я-"),
    Code.GIS_PAYMENT_DOC: _Shape(18, _ELS + r"-[0-9]{2}-[0-9]{4}", tidy=_gis_spelling, alphabet="0-9А-Я-"),
}
