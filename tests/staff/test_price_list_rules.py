"""What the rows of a table of prices say: words in cells, numbers, days."""

from datetime import date
from decimal import Decimal

import pytest

from kabinet.contracts.values import ContractKind, HouseType, Settlement, Zone
from kabinet.kernel.periods import Period
from kabinet.providers.values import Resource
from kabinet.staff.rules.price_lists import cells_of, rows_of
from kabinet.tariffs.values import Unit
from kabinet.tariffs.values.files import Cell, CellProblem, PriceColumn, PriceLine
from kabinet.tariffs.values.loading import PriceRow, RateKey
from kabinet.tariffs.values.tables import NormKey, NormKind, TariffKey

pytestmark = pytest.mark.spec("STAFF-01")

GOOD = {
    PriceColumn.WHAT: "тариф",
    PriceColumn.RESOURCE: "Электроэнергия",
    PriceColumn.VALUE: "4,86",
    PriceColumn.SINCE: "01.07.2026",
}


def read(**changed):
    cells = GOOD | {PriceColumn[name]: text for name, text in changed.items()}
    return rows_of([PriceLine(7, {column: Cell("B", text) for column, text in cells.items()})])


def key_of(**changed):
    rows, wrong = read(**changed)
    assert not wrong
    return rows[0].key


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({}, TariffKey(Resource.ELECTRICITY, Unit.KWH)),
        (
            {"HOUSE": "газовые  плиты", "SETTLEMENT": "ГОРОД", "ZONES": "3", "ZONE": "полупик", "RANGE": "2"},
            TariffKey(Resource.ELECTRICITY, Unit.KWH, HouseType.GAS_STOVE, Settlement.CITY, 3, Zone.HALF_PEAK, 2),
        ),
        ({"RESOURCE": "горячая вода"}, TariffKey(Resource.HOT_WATER, Unit.M3)),
        ({"RESOURCE": "горячая вода", "UNIT": "Гкал"}, TariffKey(Resource.HOT_WATER, Unit.GCAL)),
        ({"RESOURCE": "heat"}, TariffKey(Resource.HEAT, Unit.GCAL)),
        (
            {"WHAT": "норматив на человека", "ROOMS": "1", "PEOPLE": "2"},
            NormKey(Resource.ELECTRICITY, NormKind.PERSON, rooms=1, people=2),
        ),
        ({"WHAT": "норматив ОДН", "HOUSE": "любой"}, NormKey(Resource.ELECTRICITY, NormKind.COMMON_NEEDS)),
        ({"WHAT": "ставка пени граждан", "RESOURCE": ""}, RateKey(ContractKind.HOUSEHOLD)),
    ],
)
def test_row_says_what_its_price_is_of(changed, key):
    assert key_of(**changed) == key


@pytest.mark.parametrize(
    ("since", "until", "period"),
    [
        ("01.07.2026", "", Period(date(2026, 7, 1))),
        ("2026-07-01", "31.12.2026", Period(date(2026, 7, 1), date(2027, 1, 1))),
        ("01.07.2026", "01.07.2026", Period(date(2026, 7, 1), date(2026, 7, 2))),
    ],
)
def test_last_day_of_the_file_is_included(since, until, period):
    assert read(SINCE=since, UNTIL=until)[0][0].period == period


@pytest.mark.parametrize(
    ("changed", "column", "problem"),
    [
        ({"WHAT": ""}, PriceColumn.WHAT, CellProblem.REQUIRED),
        ({"WHAT": "цена"}, PriceColumn.WHAT, CellProblem.UNKNOWN_WORD),
        ({"RESOURCE": ""}, PriceColumn.RESOURCE, CellProblem.REQUIRED),
        ({"RESOURCE": "газ"}, PriceColumn.RESOURCE, CellProblem.UNKNOWN_WORD),
        ({"ZONES": "4"}, PriceColumn.ZONES, CellProblem.OUT_OF_RANGE),
        ({"ZONES": "два"}, PriceColumn.ZONES, CellProblem.NOT_A_NUMBER),
        ({"ZONES": "2"}, PriceColumn.ZONE, CellProblem.OTHER_ZONE),
        ({"ZONES": "2", "ZONE": "пик"}, PriceColumn.ZONE, CellProblem.OTHER_ZONE),
        ({"RANGE": "10"}, PriceColumn.RANGE, CellProblem.OUT_OF_RANGE),
        ({"RANGE_END": "0"}, PriceColumn.RANGE_END, CellProblem.OUT_OF_RANGE),
        ({"VALUE": ""}, PriceColumn.VALUE, CellProblem.REQUIRED),
        ({"VALUE": "-1"}, PriceColumn.VALUE, CellProblem.NOT_A_NUMBER),
        ({"VALUE": "1e3"}, PriceColumn.VALUE, CellProblem.NOT_A_NUMBER),
        ({"VALUE": "4,860001"}, PriceColumn.VALUE, CellProblem.TOO_MANY_DECIMALS),
        ({"WHAT": "ставка пени граждан", "VALUE": "101"}, PriceColumn.VALUE, CellProblem.OUT_OF_RANGE),
        ({"SINCE": ""}, PriceColumn.SINCE, CellProblem.REQUIRED),
        ({"SINCE": "31.02.2026"}, PriceColumn.SINCE, CellProblem.NOT_A_DAY),
        ({"SINCE": "июль"}, PriceColumn.SINCE, CellProblem.NOT_A_DAY),
        ({"UNTIL": "30.06.2026"}, PriceColumn.UNTIL, CellProblem.ENDS_BEFORE_START),
    ],
)
def test_cell_that_cannot_be_taken_is_named(changed, column, problem):
    rows, wrong = read(**changed)

    assert not rows
    assert [(one.row, one.column, one.problem) for one in wrong] == [(7, column, problem)]


@pytest.mark.parametrize(
    ("key", "value", "end", "period"),
    [
        (TariffKey(Resource.ELECTRICITY, Unit.KWH), "4.86", None, Period(date(2026, 7, 1))),
        (
            TariffKey(
                Resource.ELECTRICITY, Unit.KWH, HouseType.ELECTRIC_HEATING, Settlement.VILLAGE, 3, Zone.HALF_PEAK, 2
            ),
            "10", "6000.5", Period(date(2026, 7, 1), date(2027, 1, 1)),
        ),
        (TariffKey(Resource.HOT_WATER, Unit.GCAL), "2418.64", None, Period(date(2026, 7, 1), date(2026, 7, 2))),
        (
            NormKey(Resource.ELECTRICITY, NormKind.PERSON, HouseType.GAS_STOVE, "", 1, 2),
            "46", None, Period(date(2013, 1, 1)),
        ),
        (NormKey(Resource.HEAT, NormKind.HEATING), "0.021100", None, Period(date(2013, 1, 1))),
        (RateKey(ContractKind.HOUSEHOLD), "9.5", None, Period(date(2025, 1, 1))),
    ],
)  # fmt: skip
def test_what_the_template_writes_is_read_back(key, value, end, period):
    price = PriceRow(2, key, period, Decimal(value), end and Decimal(end))

    line = PriceLine(2, {column: Cell("A", text) for column, text in cells_of(price).items()})

    assert rows_of([line]) == ([price], [])
