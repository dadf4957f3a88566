"""What a column of a table holds, told by its heading as people write it (READ-12)."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from kabinet.readings.values.files import Column

# Latin letters that look like Cyrillic ones: headings are typed with both.
_LATIN: Final = str.maketrans("aceopxykmthb", "асеорхукмтнв")
_NOT_WORDS: Final = re.compile(r"[^0-9a-zа-я№+/-]+")
_CYRILLIC: Final = re.compile(r"[а-яё]")
_NAMES: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.POINT_CODE: (
        "код эо", "код энергообъекта", "код точки поставки", "код тп", "код точки учета", "код объекта", "эо",
        "supply point code", "point code",
    ),
    Column.POINT_NAME: (
        "наименование эо", "наименование энергообъекта", "энергообъект", "название эо", "объект",
        "наименование точки поставки", "supply point", "supply point name",
    ),
    Column.STATUS: ("статус эо", "статус", "status", "supply point status"),
    Column.METER: (
        "номер пу", "№ пу", "пу", "номер прибора учета", "№ прибора учета", "номер счетчика", "№ счетчика",
        "заводской номер", "заводской номер пу", "зав №", "зав номер", "серийный номер", "прибор учета", "счетчик",
        "meter number", "meter", "serial number",
    ),
    Column.COMPLEX: (
        "наименование ик", "ик", "измерительный комплекс", "наименование измерительного комплекса",
        "measuring complex",
    ),
    Column.QUANTITY: (
        "измеряемая величина", "величина", "вид энергии", "направление", "тип энергии", "канал", "quantity",
    ),
    Column.ZONE: ("шкала", "зона", "зона суток", "тарифная зона", "тариф", "scale", "zone", "tariff"),
    Column.PREVIOUS: (
        "предыдущие показания", "предыдущее показание", "пред показания", "начальные показания",
        "показания на начало", "previous reading", "previous",
    ),
    Column.CURRENT: (
        "текущие показания", "текущее показание", "тек показания", "показания", "показание", "новые показания",
        "конечные показания", "показания на конец", "current reading", "current", "reading",
    ),
}  # fmt: skip
_NEVER: Final = re.compile(r"дата|расход|разность|date|consumption|договор")
_LIKELY: Final[tuple[tuple[Column, re.Pattern[str]], ...]] = (
    (Column.PREVIOUS, re.compile(r"предыд|пред показ|показани.*(\bпред\b|прежн|\bнач\b)|начальн|на начало|previous")),
    (
        Column.CURRENT,
        re.compile(r"текущ|тек показ|показани.*(\bтек\b|\bкон\b)|конечн|на конец|показани.*(за|на) |current"),
    ),
    (Column.POINT_CODE, re.compile(r"код .*(эо|энергообъект|точк|объект)")),
    (
        Column.METER,
        re.compile(
            r"(номер|№|зав).*(\bпу\b|прибор|счетчик|заводск)|заводск.*(номер|№)|(прибор|счетчик).*(номер|№)|meter.*(number|no)"
        ),
    ),
    (Column.POINT_NAME, re.compile(r"(наимен|назван).*(эо|энергообъект|точк|объект)")),
    (Column.COMPLEX, re.compile(r"измерительн.*комплекс|\bик\b")),
    (Column.QUANTITY, re.compile(r"измеряем.*величин|вид.*энерги")),
    (Column.ZONE, re.compile(r"шкал|\bзон")),
    (Column.STATUS, re.compile(r"статус")),
)
NEEDED: Final = (Column.METER, Column.CURRENT)
# A heading is short; a cell that is longer is somebody's letter to us.
_LONGEST: Final = 120


def folded(heading: str) -> str:
    """Return what two spellings of a heading share."""
    text = heading[:_LONGEST].casefold().replace("ё", "е")
    if _CYRILLIC.search(text):
        text = text.translate(_LATIN)
    return " ".join(_NOT_WORDS.sub(" ", text).replace("№", " № ").split())


_BY_NAME: Final = {folded(name): column for column, names in _NAMES.items() for name in names}


def column_of(heading: str) -> Column | None:
    """Return what a column holds; None for one that says nothing to us."""
    name = folded(heading)
    if not name or (known := _BY_NAME.get(name)):
        return known if name else None
    if _NEVER.search(name):
        return None
    return next((column for column, pattern in _LIKELY if pattern.search(name)), None)


def columns_of(cells: Sequence[object]) -> list[tuple[Column, int]]:
    """Return the columns that a row of headings names, with their places."""
    named = ((column_of(cell), place) for place, cell in enumerate(cells) if isinstance(cell, str) and cell)
    return [(column, place) for column, place in named if column]


def letters(place: int) -> str:
    """Return the letters by which a spreadsheet calls a column, «A» for the first."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
