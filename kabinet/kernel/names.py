"""Comparing the name that a person typed with the one that billing knows."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kabinet.kernel.lookalikes import has_cyrillic, plain_dashes, to_cyrillic

_SPACES = str.maketrans(dict.fromkeys(".'’‘‛ʼʹ′`´＇", " "))


class NameMatch(StrEnum):
    MATCH = "match"
    # Enough only together with the account and the meter's number.
    MATCH_INITIALS = "match_initials"
    MISMATCH = "mismatch"


@dataclass(frozen=True, slots=True)
class PersonName:
    """Фамилия, имя, отчество as written somewhere."""

    last: str
    first: str
    middle: str = ""


def match_names(base: PersonName, entered: PersonName) -> NameMatch:
    """Say whether the typed name is the known one; misprints never pass, since access hangs on it."""
    parts = (
        _match_surnames(base.last, entered.last),
        _match_given(base.first, entered.first),
        _match_patronymics(base.middle, entered.middle),
    )
    return _weakest(parts)


def _weakest(parts: Iterable[NameMatch]) -> NameMatch:
    found = set(parts)
    for result in (NameMatch.MISMATCH, NameMatch.MATCH_INITIALS):
        if result in found:
            return result
    return NameMatch.MATCH


def _match_surnames(base: str, entered: str) -> NameMatch:
    known, typed = (" ".join(_tidy(part).replace("-", " ").split()) for part in (base, entered))
    return NameMatch.MATCH if known and known == typed else NameMatch.MISMATCH


def _match_given(base: str, entered: str) -> NameMatch:
    known, typed = _tidy(base), _tidy(entered)
    if not known or not typed:
        return NameMatch.MISMATCH
    if known == typed:
        return NameMatch.MATCH
    if known[0] == typed[0] and (_is_initial(known) or _is_initial(typed)):
        return NameMatch.MATCH_INITIALS
    return NameMatch.MISMATCH


def _match_patronymics(base: str, entered: str) -> NameMatch:
    if not _tidy(base) and not _tidy(entered):
        return NameMatch.MATCH
    return _match_given(base, entered)


def _is_initial(part: str) -> bool:
    return len(part) == 1 and part.isalpha()


def _tidy(part: str) -> str:
    upper = plain_dashes(unicodedata.normalize("NFC", part).upper()).translate(_SPACES)
    cyrillic = to_cyrillic(upper) if has_cyrillic(upper) else upper
    hyphened = "-".join(piece.strip() for piece in cyrillic.replace("Ё", "Е").split("-"))
    # A lone dash is how billing systems write «no patronymic».
    return " ".join(hyphened.strip("-").split())
