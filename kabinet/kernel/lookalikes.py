"""Letters and marks that look alike and are not the same."""

import unicodedata

_LATIN = "ABCEHKMOPTXY"
_CYRILLIC = "АВСЕНКМОРТХУ"
_TO_CYRILLIC = str.maketrans(_LATIN + "Ë", _CYRILLIC + "Ё")
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_MATHEMATICAL_MINUS = "−"


def to_cyrillic(text: str) -> str:
    """Replace capital Latin letters by the Cyrillic ones that look the same."""
    return text.translate(_TO_CYRILLIC)


def to_latin(text: str) -> str:
    """Replace capital Cyrillic letters by the Latin ones that look the same."""
    return text.translate(_TO_LATIN)


def has_cyrillic(text: str) -> bool:
    return any("Ѐ" <= letter <= "ӿ" for letter in text)


def plain_dashes(text: str) -> str:
    """Write every kind of dash as a hyphen."""
    return "".join("-" if _is_dash(mark) else mark for mark in text)


def _is_dash(mark: str) -> bool:
    return mark == _MATHEMATICAL_MINUS or unicodedata.category(mark) == "Pd"
