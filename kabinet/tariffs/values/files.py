"""Files of prices: their columns, the words that stand in cells, and what may be wrong with a cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from kabinet.contracts.values import ContractKind, HouseType, Settlement, Zone
from kabinet.providers.values import Resource
from kabinet.tariffs.values import Unit
from kabinet.tariffs.values.tables import ANY, NormKind


class PriceColumn(StrEnum):
    """What a column holds, by its heading in the template; the order is the template's."""

    WHAT = "Что задаётся"
    RESOURCE = "Ресурс"
    UNIT = "Единица"
    HOUSE = "Тип дома"
    SETTLEMENT = "Населённый пункт"
    ZONES = "Тарифов у счётчика"
    ZONE = "Зона"
    RANGE = "Диапазон"
    RANGE_END = "До, в месяц"
    ROOMS = "Комнат"
    PEOPLE = "Человек"
    VALUE = "Значение"
    SINCE = "Действует с"
    UNTIL = "Действует по"


NEEDED: Final = (PriceColumn.WHAT, PriceColumn.VALUE, PriceColumn.SINCE)
TARIFF: Final = "тариф"
# The first word of a code is the one that the template writes.
WHATS: Final[Mapping[str, str | NormKind | ContractKind]] = {
    TARIFF: TARIFF,
    "норматив на человека": NormKind.PERSON,
    "норматив ОДН": NormKind.COMMON_NEEDS,
    "норматив отопления": NormKind.HEATING,
    "норматив подогрева": NormKind.WATER_HEATING,
    "ставка пени граждан": ContractKind.HOUSEHOLD,
    "ставка пени организаций": ContractKind.BUSINESS,
}
RESOURCES: Final[Mapping[str, Resource]] = {
    "электроэнергия": Resource.ELECTRICITY,
    "холодная вода": Resource.COLD_WATER,
    "горячая вода": Resource.HOT_WATER,
    "водоотведение": Resource.SEWAGE,
    "отопление": Resource.HEAT,
}
UNITS: Final[Mapping[str, Unit]] = {"кВт·ч": Unit.KWH, "м³": Unit.M3, "Гкал": Unit.GCAL}
HOUSES: Final[Mapping[str, HouseType | str]] = {
    "любой": ANY,
    "газовые плиты": HouseType.GAS_STOVE,
    "электроплиты": HouseType.ELECTRIC_STOVE,
    "электроотопление": HouseType.ELECTRIC_HEATING,
}
SETTLEMENTS: Final[Mapping[str, Settlement | str]] = {
    "любой": ANY,
    "город": Settlement.CITY,
    "село": Settlement.VILLAGE,
}
ZONE_NAMES: Final[Mapping[str, Zone]] = {
    "сутки": Zone.SINGLE,
    "день": Zone.DAY,
    "ночь": Zone.NIGHT,
    "пик": Zone.PEAK,
    "полупик": Zone.HALF_PEAK,
}


class CellProblem(StrEnum):
    """What is wrong with a cell."""

    REQUIRED = "required"
    UNKNOWN_WORD = "unknown_word"
    NOT_A_NUMBER = "not_a_number"
    TOO_MANY_DECIMALS = "too_many_decimals"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_DAY = "not_a_day"
    ENDS_BEFORE_START = "ends_before_start"
    OTHER_ZONE = "other_zone"


class Cell(NamedTuple):
    """A cell as it stands in the file: the letter of its column and its text."""

    letter: str
    text: str


class PriceLine(NamedTuple):
    """A row of a file: its number there, and its cells by column."""

    number: int
    cells: Mapping[PriceColumn, Cell]


@dataclass(frozen=True, slots=True)
class WrongCell:
    """A cell that cannot be taken: where it is, what stands there, and what could."""

    row: int
    column: PriceColumn
    letter: str
    text: str
    problem: CellProblem
    choices: tuple[str, ...] = ()
