"""Which register a row of a file means: by the meter's number, then by what else the row says (READ-12)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from kabinet.kernel.digits import meter_number_key, without_spaces
from kabinet.readings.values.files import Card, FileLine, RowProblem

# Cyrillic letters that look like the Latin ones of codes and quantities; «Р» is typed where «R» is meant.
_LOOK_ALIKE: Final = str.maketrans("АВЕКМНОРСТУХЁ", "ABEKMHOPCTYXE")
_SIGNS: Final = str.maketrans({"−": "-", "–": "-", "—": "-", "‑": "-", "‐": "-", "＋": "+"})
_ZONES: Final = {
    "single": ("сутки", "суточн", "круглосуточн", "одноставочн", "single", "однотариф"),
    "half_peak": ("полупик", "half"),
    "peak": ("пик", "peak"),
    "night": ("ночь", "ночн", "night"),
    "day": ("день", "дневн", "day"),
}


def folded(code: str) -> str:
    """Return what two spellings of a code or number share: no spaces, signs or zeros in front, letters of one kind."""
    if code.isascii() and code.isdigit():
        return code.lstrip("0") or code[:1]
    compact = without_spaces(code).upper().translate(_LOOK_ALIKE).translate(_SIGNS)
    return compact.replace("№", "").lstrip("0") or compact[:1]


@lru_cache(maxsize=1024)
def quantity_of(text: str) -> str | None:
    """Read «А+», «R-», «реактивная, отдача» and their like; None when the words say nothing."""
    name = without_spaces(text).upper().translate(_SIGNS).translate(_LOOK_ALIKE).replace("P", "R")
    if name[:2] in {"A+", "A-", "R+", "R-"}:
        return name[:2]
    words = text.casefold()
    if "актив" in words:
        way = "-" if any(word in words for word in ("отдач", "обратн", "генерац")) else "+"
        return ("R" if "реактив" in words else "A") + way
    return "V" if name in {"V", "ОБЪЕМ", "OБЪEM"} else None


@lru_cache(maxsize=1024)
def zone_of(text: str) -> str | int | None:
    """Read «День», «Т2», «пиковая»: a zone, or the number of a tariff that the meter has a zone for."""
    words = text.casefold().strip().replace("т", "t") if len(text.strip()) <= 2 else text.casefold()  # noqa: PLR2004
    if words[:1] == "t" and words[1:].isdigit():
        return int(words[1:])
    return next((zone for zone, starts in _ZONES.items() if any(start in words for start in starts)), None)


class Register:
    """The contract's registers, found by what a row says of them."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self._by_name: defaultdict[str, list[Card]] = defaultdict(list)
        self._by_digits: defaultdict[str, list[Card]] = defaultdict(list)
        self._by_meter: defaultdict[object, list[Card]] = defaultdict(list)
        for card in cards:
            self._by_name[folded(card.meter_number)].append(card)
            if digits := meter_number_key(card.meter_number):
                self._by_digits[digits].append(card)
            self._by_meter[card.meter_id].append(card)

    def of_meter(self, meter_id: object) -> Sequence[Card]:
        return self._by_meter[meter_id]

    def find(self, line: FileLine) -> Card | RowProblem:
        """Return the register that the row means, or why none."""
        found = self._by_name.get(folded(line.meter)) or self._by_digits.get(meter_number_key(line.meter))
        if not found:
            return RowProblem.NOT_FOUND
        if _are_several(found) and line.point_code:
            found = [card for card in found if folded(card.point_code) == folded(line.point_code)] or found
        return RowProblem.AMBIGUOUS if _are_several(found) else _one_of(found, line)


def _are_several(cards: Sequence[Card]) -> bool:
    """Say whether the registers are of more than one meter."""
    return len(cards) > 1 and len({card.meter_id for card in cards}) > 1


def _one_of(cards: Sequence[Card], line: FileLine) -> Card | RowProblem:
    """Choose among the registers of one meter; a row that says too little is enough for a meter with one."""
    quantity = quantity_of(line.quantity)
    if len(cards) == 1:
        is_meant = quantity in {None, "V", cards[0].quantity} or cards[0].quantity == "V"
        return cards[0] if is_meant else RowProblem.NO_SUCH_REGISTER
    fitting = list(cards)
    if quantity:
        fitting = [card for card in fitting if card.quantity in {quantity, "V"}]
    zone = zone_of(line.zone)
    if zone is not None:
        fitting = [card for card in fitting if zone in {card.zone, card.tariff_number}]
    if len(fitting) == 1:
        return fitting[0]
    return RowProblem.AMBIGUOUS if fitting else RowProblem.NO_SUCH_REGISTER
