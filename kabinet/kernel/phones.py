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
