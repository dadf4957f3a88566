"""What the rows of a table of prices say (STAFF-01)."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, TypeVar

from kabinet.contracts.values import ContractKind, HouseType, Settlement, Zone
from kabinet.kernel.periods import Period
from kabinet.providers.values import Resource
from kabinet.tariffs.values import Unit
from kabinet.tariffs.values.files import (
    HOUSES,
    RESOURCES,
    SETTLEMENTS,
    TARIFF,
    UNITS,
    WHATS,
    ZONE_NAMES,
    Cell,
    CellProblem,
    PriceColumn,
    PriceLine,
    WrongCell,
)
from kabinet.tariffs.values.loading import HeldPrice, Key, PriceRow, RateKey
from kabinet.tariffs.values.tables import ANY, ZONES, NormKey, NormKind, TariffKey

_NUMBER: Final = re.compile(r"[0-9]{1,9}([.,][0-9]{1,12})?")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_RUSSIAN: Final = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")
_BLANK: Final = Cell("", "")
# How the resources are counted, where a row does not say it; hot water has a price of the heat in it, too.
_UNIT_OF: Final[Mapping[Resource, Unit]] = {
    Resource.ELECTRICITY: Unit.KWH,
    Resource.COLD_WATER: Unit.M3,
    Resource.HOT_WATER: Unit.M3,
    Resource.SEWAGE: Unit.M3,
    Resource.HEAT: Unit.GCAL,
}
_PLACES: Final[Mapping[type, int]] = {TariffKey: 5, NormKey: 6, RateKey: 4}
_PERCENT_AT_MOST: Final = 100
_MOST_RANGES: Final = 9
_MOST_PEOPLE: Final = 99

Code = TypeVar("Code")


class _Unreadable(Exception):
    """Raised where a row is given up; carries the cell."""

    def __init__(self, cell: WrongCell) -> None:
        super().__init__(cell.problem)
        self.cell = cell


def rows_of(lines: Sequence[PriceLine]) -> tuple[list[PriceRow], list[WrongCell]]:
    """Read each row; of one that cannot be taken, say the first cell that is wrong."""
    rows: list[PriceRow] = []
    wrong: list[WrongCell] = []
    for line in lines:
        try:
            rows.append(_row(line))
        except _Unreadable as given_up:
            wrong.append(given_up.cell)
    return rows, wrong


def _row(line: PriceLine) -> PriceRow:
    key = _key(line)
    value = _number(line, PriceColumn.VALUE, places=_PLACES[type(key)])
    if isinstance(key, RateKey) and value > _PERCENT_AT_MOST:
        raise _wrong(line, PriceColumn.VALUE, CellProblem.OUT_OF_RANGE)
    end = None
    if isinstance(key, TariffKey) and _cell(line, PriceColumn.RANGE_END).text:
        end = _number(line, PriceColumn.RANGE_END, places=4)
        if not end:
            raise _wrong(line, PriceColumn.RANGE_END, CellProblem.OUT_OF_RANGE)
    return PriceRow(line.number, key, _period(line), value, end)


def _key(line: PriceLine) -> Key:
    what = _word(line, PriceColumn.WHAT, WHATS)
    if isinstance(what, ContractKind):
        return RateKey(what)
    resource = _word(line, PriceColumn.RESOURCE, RESOURCES)
    house: HouseType | str = _word(line, PriceColumn.HOUSE, HOUSES, otherwise=ANY)
    settlement: Settlement | str = _word(line, PriceColumn.SETTLEMENT, SETTLEMENTS, otherwise=ANY)
    if isinstance(what, NormKind):
        rooms = _whole(line, PriceColumn.ROOMS, most=_MOST_PEOPLE, otherwise=0)
        people = _whole(line, PriceColumn.PEOPLE, most=_MOST_PEOPLE, otherwise=0)
        return NormKey(resource, what, house, settlement, rooms, people)
    zones = _whole(line, PriceColumn.ZONES, most=max(ZONES), otherwise=1)
    return TariffKey(
        resource,
        _word(line, PriceColumn.UNIT, UNITS, otherwise=_UNIT_OF[resource]),
        house,
        settlement,
        zones or 1,
        _zone(line, zones=zones or 1),
        _whole(line, PriceColumn.RANGE, most=_MOST_RANGES, otherwise=1) or 1,
    )


def _zone(line: PriceLine, *, zones: int) -> Zone:
    """Read the zone; a meter with so many has those and no others."""
    zone = _word(line, PriceColumn.ZONE, ZONE_NAMES, otherwise=Zone.SINGLE)
    if zone not in ZONES[zones]:
        names = {known: name for name, known in ZONE_NAMES.items()}
        raise _wrong(line, PriceColumn.ZONE, CellProblem.OTHER_ZONE, *(names[each] for each in ZONES[zones]))
    return zone


def _period(line: PriceLine) -> Period:
    """Read the days; the file names the last one, the tables the day after it."""
    start = _day(line, PriceColumn.SINCE)
    if not _cell(line, PriceColumn.UNTIL).text:
        return Period(start)
    last = _day(line, PriceColumn.UNTIL)
    if last < start:
        raise _wrong(line, PriceColumn.UNTIL, CellProblem.ENDS_BEFORE_START)
    return Period(start, last + timedelta(days=1))


def _word(line: PriceLine, column: PriceColumn, words: Mapping[str, Code], *, otherwise: Code | None = None) -> Code:
    """Read one of the known words, or a code of ours; an empty cell means `otherwise` where there is one."""
    text = _cell(line, column).text
    if not text and otherwise is not None:
        return otherwise
    known = {_folded(word): code for word, code in words.items()} | {
        _folded(str(code)): code for code in words.values() if code
    }
    if not text:
        raise _wrong(line, column, CellProblem.REQUIRED, *words)
    if _folded(text) not in known:
        raise _wrong(line, column, CellProblem.UNKNOWN_WORD, *words)
    return known[_folded(text)]


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").replace("*", "·").split())


def _number(line: PriceLine, column: PriceColumn, *, places: int) -> Decimal:
    text = "".join(_cell(line, column).text.split())
    if not text:
        raise _wrong(line, column, CellProblem.REQUIRED)
    if not _NUMBER.fullmatch(text):
        raise _wrong(line, column, CellProblem.NOT_A_NUMBER)
    number = Decimal(text.replace(",", "."))
    if number != number.quantize(Decimal(1).scaleb(-places)):
        raise _wrong(line, column, CellProblem.TOO_MANY_DECIMALS, str(places))
    return number


def _whole(line: PriceLine, column: PriceColumn, *, most: int, otherwise: int) -> int:
    text = _cell(line, column).text
    if not text:
        return otherwise
    if not (text.isascii() and text.isdecimal()):
        raise _wrong(line, column, CellProblem.NOT_A_NUMBER)
    if int(text) > most:
        raise _wrong(line, column, CellProblem.OUT_OF_RANGE, str(most))
    return int(text)


def _day(line: PriceLine, column: PriceColumn) -> date:
    text = _cell(line, column).text
    if not text:
        raise _wrong(line, column, CellProblem.REQUIRED)
    parts: tuple[str, ...] = ()
    if iso := _ISO.fullmatch(text):
        parts = iso.groups()
    elif russian := _RUSSIAN.fullmatch(text):
        parts = russian.groups()[::-1]
    try:
        year, month, day = map(int, parts)
        return date(year, month, day)
    except ValueError:
        raise _wrong(line, column, CellProblem.NOT_A_DAY) from None


def _cell(line: PriceLine, column: PriceColumn) -> Cell:
    return line.cells.get(column, _BLANK)


def _wrong(line: PriceLine, column: PriceColumn, problem: CellProblem, *choices: str) -> _Unreadable:
    cell = _cell(line, column)
    return _Unreadable(WrongCell(line.number, column, cell.letter, cell.text, problem, choices))


def cells_of(price: HeldPrice | PriceRow) -> dict[PriceColumn, str]:
    """Write a price as a row of the table, so that reading it gives the price back."""
    last = price.period.end - timedelta(days=1) if price.period.end else None
    days = {PriceColumn.SINCE: f"{price.period.start:%d.%m.%Y}", PriceColumn.UNTIL: f"{last:%d.%m.%Y}" if last else ""}
    value = {PriceColumn.VALUE: _written(price.value)}
    match price.key:
        case RateKey():
            return {PriceColumn.WHAT: _name(price.key.customers, WHATS)} | value | days
        case NormKey():
            return _cells_of_norm(price.key) | value | days
        case TariffKey():
            end = {PriceColumn.RANGE_END: "" if price.range_end is None else _written(price.range_end)}
            return _cells_of_tariff(price.key) | end | value | days


def _cells_of_norm(key: NormKey) -> dict[PriceColumn, str]:
    return {
        PriceColumn.WHAT: _name(key.kind, WHATS),
        PriceColumn.RESOURCE: _name(key.resource, RESOURCES),
        PriceColumn.HOUSE: _name(key.house_type, HOUSES),
        PriceColumn.SETTLEMENT: _name(key.settlement, SETTLEMENTS),
        PriceColumn.ROOMS: str(key.rooms or ""),
        PriceColumn.PEOPLE: str(key.people or ""),
    }


def _cells_of_tariff(key: TariffKey) -> dict[PriceColumn, str]:
    return {
        PriceColumn.WHAT: TARIFF,
        PriceColumn.RESOURCE: _name(key.resource, RESOURCES),
        PriceColumn.UNIT: _name(key.unit, UNITS),
        PriceColumn.HOUSE: _name(key.house_type, HOUSES),
        PriceColumn.SETTLEMENT: _name(key.settlement, SETTLEMENTS),
        PriceColumn.ZONES: str(key.zones),
        PriceColumn.ZONE: _name(key.zone, ZONE_NAMES),
        PriceColumn.RANGE: str(key.range_number),
    }


def _name(code: object, words: Mapping[str, object]) -> str:
    return next(word for word, known in words.items() if known == code)


def _written(number: Decimal) -> str:
    return format(number.normalize(), "f").replace(".", ",")
