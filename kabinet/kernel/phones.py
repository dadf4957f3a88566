"""Russian telephone numbers in one spelling."""

import re
from dataclasses import dataclass

from kabinet.kernel.digits import without_spaces
from kabinet.kernel.lookalikes import plain_dashes

_NATIONAL_DIGITS = 10
# Area codes begin with 3, 4 or 8, mobile ones with 9.
_FIRST_DIGITS = "3489"
_LOCAL_DIGITS = range(5, 8)
_EXTENSION = re.compile(
    r"[,;]?\(?(?:доб(?:ав(?:очный)?)?|вн(?:утр(?:енний)?)?|ext|x|#)[.:]?№?([0-9]{1,6})\)?", re.IGNORECASE
)
_MARKS = str.maketrans("", "", "()[]-.")
_WRITTEN = re.compile(r"(\+?)([0-9]+)")
_STORED = re.compile(r"\+7([0-9]{10})(?:#([0-9]+))?")
# Codes of three digits: mobile networks, free calls, and cities whose numbers have seven digits.
_THREE_DIGITS = re.compile("9|80|49[589]|812|342|343|347|351|383|391|423|473|831|843|846|861|862|863")
# Elsewhere a region's capital has a code of four digits, which ends with 2, and towns have one of five.
_CAPITAL = re.compile("..[0-9]2")


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as it was understood; only a valid one has a spelling."""

    valid: bool
    e164: str | None = None
    mobile: bool = False
    ext: str | None = None


def parse_phone(text: str, default_area: str | None = None) -> Phone:
    """Read a Russian number; short city numbers need the area code of their city."""
    number, extension = _split_extension(without_spaces(text))
    national = _national(plain_dashes(number).translate(_MARKS), plain_dashes(default_area or "").translate(_MARKS))
    if national is None:
        return Phone(valid=False, ext=extension)
    return Phone(valid=True, e164=f"+7{national}", mobile=national[0] == "9", ext=extension)


def _split_extension(compact: str) -> tuple[str, str | None]:
    found = _EXTENSION.search(compact)
    if found is None or found.end() != len(compact):
        return compact, None
    return compact[: found.start()], found[1]


def _national(compact: str, area: str) -> str | None:
    written = _WRITTEN.fullmatch(compact)
    if written is None:
        return None
    plus, digits = written[1], written[2]
    if len(digits) == _NATIONAL_DIGITS + 1 and digits[0] in ("7" if plus else "78"):
        digits = digits[1:]
    elif plus:
        return None
    elif len(digits) in _LOCAL_DIGITS:
        digits = without_spaces(area) + digits
    is_national = re.fullmatch(f"[{_FIRST_DIGITS}][0-9]{{{_NATIONAL_DIGITS - 1}}}", digits) is not None
    return digits if is_national else None


def shown_phone(stored: str) -> str:
    """Write a stored number as people read it, and as `parse_phone` reads it back: «+7 3412 25-92-59, доб. 12»."""
    found = _STORED.fullmatch(stored)
    if found is None:
        return stored
    national, extension = found.groups()
    code = national[: _code_length(national)]
    shown = f"+7 {code} {_in_pairs(national[len(code) :])}"
    return f"{shown}, доб. {extension}" if extension else shown


def _code_length(national: str) -> int:
    if _THREE_DIGITS.match(national):
        return 3
    return 4 if _CAPITAL.match(national) else 5


def _in_pairs(local: str) -> str:
    """Part a local number from its end: 225-92-59, 25-92-59, 5-92-59."""
    return f"{local[:-4]}-{local[-4:-2]}-{local[-2:]}"
