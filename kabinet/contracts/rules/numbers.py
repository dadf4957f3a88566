"""How the number of a contract is compared."""

import re
from typing import Final

_LATIN: Final = "ABCEHKMOPTXYabcehkmoptxy"
_LATIN_AS_CYRILLIC: Final = "АВСЕНКМОРТХУАВСЕНКМОРТХУ"
_LOWER: Final = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_UPPER: Final = "АБВГДЕЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
_OTHER_LATIN: Final = "dfgijlnqrsuvwz"

# Letters that look alike or differ in case are one letter: people copy numbers from paper. Ё and Е are one, too.
FOLDED: Final = _LATIN + _LOWER + "ёЁ" + _OTHER_LATIN
FOLDED_TO: Final = _LATIN_AS_CYRILLIC + _UPPER + "ЕЕ" + _OTHER_LATIN.upper()

_KEPT = re.compile(r"[^0-9A-Za-zА-Яа-яЁё/.]")


def number_key(number: str) -> str:
    """Return what two spellings of one contract's number share: spaces, dashes, «№», case and alphabet do not count."""
    return _KEPT.sub("", number).translate(str.maketrans(FOLDED, FOLDED_TO))
