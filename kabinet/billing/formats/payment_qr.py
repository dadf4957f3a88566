"""The payment QR of ГОСТ Р 56042-2014: `ST`, version, encoding, separator, then `KEY=VALUE` joined by the separator.

Every fault is named at once, so that whoever fills the fields in mends them in one go. What others have built is read
without judging their values: the example of the standard itself has an ИНН that fails its check.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

FORMAT_ID: Final = b"ST"
VERSION: Final = b"0001"
SEPARATORS: Final = "|#;:^_~{}!$%&()*+,/@"
REQUIRED: Final = ("Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc")
REQUIRED_BYTES: Final = 300

_ENCODING_PLACE: Final = len(FORMAT_ID + VERSION)
_SEPARATOR_PLACE: Final = _ENCODING_PLACE + 1
_LONGEST: Final = {
    "Name": 160,
    "BankName": 45,
    "CorrespAcc": 20,
    "Sum": 18,
    "Purpose": 210,
    "PayeeINN": 12,
    "PayerINN": 12,
    "KPP": 9,
}
_SHAPES: Final = {
    # The sixth sign of an account in a clearing currency is a letter.
    "PersonalAcc": re.compile(r"[0-9]{5}[0-9A-Z][0-9]{14}"),
    "BIC": re.compile(r"[0-9]{9}"),
    "CorrespAcc": re.compile(r"[0-9]+"),
    # Kopecks, so no point.
    "Sum": re.compile(r"[0-9]+"),
    "TechCode": re.compile(r"0[1-9]|1[0-5]"),
}


class Encoding(StrEnum):
    """How the letters of a code become bytes, by its seventh sign."""

    WINDOWS_1251 = "1"
    UTF_8 = "2"
    KOI8_R = "3"

    @property
    def codec(self) -> str:
        return _CODECS[self]


_CODECS: Final = {Encoding.WINDOWS_1251: "cp1251", Encoding.UTF_8: "utf-8", Encoding.KOI8_R: "koi8-r"}


class Fault(StrEnum):
    """What is wrong with a code as a whole; a fault of one field is written `missing:BIC`."""

    ENCODING = "encoding"
    ENCODING_CODE = "encoding_code"
    FORMAT_ID = "format_id"
    NO_SEPARATOR = "no_separator"
    REQUIRED_BLOCK = "required_block_over_300_bytes"
    VERSION = "version"


class QrRefused(Exception):
    """Raised when fields make no code, or bytes are none; carries every fault, in the order of the alphabet."""

    def __init__(self, *faults: str) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """What a code says, and its bytes as they are drawn."""

    fields: Mapping[str, str]
    encoding: Encoding
    separator: str
    payload: bytes

    @property
    def text(self) -> str:
        return self.payload.decode(self.encoding.codec)


def build(fields: Mapping[str, str], *, encoding: str = Encoding.UTF_8) -> PaymentCode:
    """Write the fields down: the required ones first, then the others as given, those without a value left out."""
    code = _encoding_of(encoding)
    if faults := sorted(_faults_of(fields)):
        raise QrRefused(*faults)
    separator = _free_separator(fields)
    ordered = {key: fields[key] for key in REQUIRED} | {key: value for key, value in fields.items() if value}
    parts = [f"{key}={value}" for key, value in ordered.items()]
    _judge_required_block(_encoded(separator.join(parts[: len(REQUIRED)]), code))
    head = (FORMAT_ID + VERSION).decode() + code + separator
    return PaymentCode(ordered, code, separator, _encoded(head + separator.join(parts), code))


def parse(payload: bytes) -> PaymentCode:
    """Read a code, with or without a separator at its end; keys that nobody knows are kept."""
    code, separator = _head_of(payload)
    try:
        body = payload[_SEPARATOR_PLACE + 1 :].decode(code.codec)
    except UnicodeDecodeError:
        raise QrRefused(Fault.ENCODING) from None
    pairs = (part.partition("=") for part in body.split(separator) if part)
    fields = {key: value for key, _, value in pairs}
    if missing := sorted(_missing(fields)):
        raise QrRefused(*missing)
    return PaymentCode(fields, code, separator, payload)


def _head_of(payload: bytes) -> tuple[Encoding, str]:
    """Return encoding and separator."""
    if not payload.startswith(FORMAT_ID):
        raise QrRefused(Fault.FORMAT_ID)
    if payload[len(FORMAT_ID) : _ENCODING_PLACE] != VERSION:
        raise QrRefused(Fault.VERSION)
    code = _encoding_of(payload[_ENCODING_PLACE:_SEPARATOR_PLACE].decode("latin-1"))
    separator = payload[_SEPARATOR_PLACE : _SEPARATOR_PLACE + 1]
    if not separator or not separator.isascii() or separator.isalnum():
        raise QrRefused(Fault.NO_SEPARATOR)
    return code, separator.decode()


def _encoding_of(sign: str) -> Encoding:
    try:
        return Encoding(sign)
    except ValueError:
        raise QrRefused(Fault.ENCODING_CODE) from None


def _faults_of(fields: Mapping[str, str]) -> Iterator[str]:
    yield from _missing(fields)
    for key, value in fields.items():
        if not value:
            continue
        if len(value) > _LONGEST.get(key, len(value)):
            yield f"too_long:{key}"
        elif key in _SHAPES and _SHAPES[key].fullmatch(value) is None:
            yield f"format:{key}"


def _missing(fields: Mapping[str, str]) -> Iterator[str]:
    return (f"missing:{key}" for key in REQUIRED if not fields.get(key))


def _free_separator(fields: Mapping[str, str]) -> str:
    written = "".join(fields.values())
    free = next((sign for sign in SEPARATORS if sign not in written), None)
    if free is None:
        raise QrRefused(Fault.NO_SEPARATOR)
    return free


def _encoded(text: str, encoding: Encoding) -> bytes:
    try:
        return text.encode(encoding.codec)
    except UnicodeEncodeError:
        raise QrRefused(Fault.ENCODING) from None


def _judge_required_block(block: bytes) -> None:
    if len(block) > REQUIRED_BYTES:
        raise QrRefused(Fault.REQUIRED_BLOCK)
