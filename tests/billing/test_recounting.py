"""A charge comes to the same kopecks again from what it kept; the table is one real line of each rule."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from kabinet.billing.rules.recounting import CALCULATORS, Printed, Uncountable, recounted
from kabinet.billing.selectors.recounting import miscounted
from kabinet.providers.values import Resource
from kabinet.tariffs.values import Calculator, ChargeKind
from tests.billing import money

pytestmark = pytest.mark.spec("BILL-01")
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "exchange" / "charge.ndjson"
TWO_ZONES = {
    "volumes": {"day": "4000", "night": "1000"}, "prices": {"day": ["5.10", "7.40"], "night": ["3.10", "4.40"]},
    "limits": ["3900"], "months": 1,
}  # fmt: skip
AREAS = {"flat_area": "49.5", "total_area": "8637.56", "common_area": "1498.1", "price": "2.43"}
HOUSE = {"house": "15230", "nonresidential": "1200.5", "flats_by_norm": "840", "flats_by_meter": "11020.4"}
NORM = {"norm": "46", "people": 2, "coefficient": "1.5", "price": "2.43"}
HOT = {"volume": "6", "water": "39.52", "heat": "2418.64", "gcal_per_m3": "0.0591"}
BOILER = {
    "volume": "6", "boiler_heat": "12.9", "boiler_volume": "31.424", "cold_price": "17.73", "heat_price": "1056.37",
}  # fmt: skip
SEWAGE = {"cold": "6", "hot": "4", "cold_price": "39.52", "sewage_price": "31.17"}
PENALTY = {
    "debts": [["1000.00", "2026-01-10", "2026-01-10", "2026-04-20"]], "rates": [["9.5", "2020-01-01", None]],
}  # fmt: skip
# Figures of the domain's own examples: DOMAIN §2.2, 2.3, 2.4, 3.
LINES = [
    ("electricity_by_meter", {"volume": "100", "price": "2.43"},
     ("electricity", "supply", "kwh", "single", 1), "243.00"),
    ("electricity_by_meter", TWO_ZONES, ("electricity", "supply", "kwh", "day", 1), "15912.00"),
    ("electricity_by_meter", TWO_ZONES, ("electricity", "supply", "kwh", "night", 2), "968.00"),
    ("electricity_by_meter", {"volume": "-80", "price": "2.43"},
     ("electricity", "recalculation", "kwh", "single", 1), "-194.40"),
    ("consumption_by_norm", NORM, ("electricity", "supply", "kwh", "", None), "223.56"),
    ("consumption_by_norm", NORM, ("electricity", "surcharge", "kwh", "", None), "111.78"),
    ("common_needs", AREAS | {"norm": "3.53"}, ("electricity", "common_needs", "kwh", "", None), "73.65"),
    ("common_needs", AREAS | HOUSE, ("electricity", "common_needs", "kwh", "", None), "30.20"),
    ("hot_water_two_components", HOT, ("hot_water", "supply", "m3", "", None), "237.12"),
    ("hot_water_two_components", HOT, ("hot_water", "supply", "gcal", "", None), "857.65"),
    ("cold_water_and_sewage", SEWAGE, ("sewage", "supply", "m3", "", None), "311.70"),
    ("heat_by_norm", {"norm": "0.015", "flat_area": "49.5", "price": "2418.64"},
     ("heat", "supply", "gcal", "", None), "1795.84"),
    ("heat_by_house_meter", {"house": "100", "flat_area": "49.5", "total_area": "8637.56", "price": "2418.64"},
     ("heat", "supply", "gcal", "", None), "1386.07"),
    ("hot_water_house_boiler", BOILER, ("hot_water", "supply", "m3", "", None), "2708.31"),
    ("penalty", PENALTY, ("electricity", "penalty", "", "", None), "26.31"),
]  # fmt: skip


def printed(resource, kind, unit, zone, range_number):
    return Printed(Resource(resource), ChargeKind(kind), unit, zone, range_number)


@pytest.mark.parametrize(("name", "kept", "facts", "amount"), LINES)
def test_line_comes_to_its_kopecks(name, kept, facts, amount):
    assert recounted(printed(*facts), calculator=Calculator(name, 1), kept=kept) == Decimal(amount)


def test_penalty_of_a_month_is_what_its_days_added():
    january_to_march, april = ("2026-01-10", "2026-03-31"), ("2026-03-31", "2026-04-20")

    added = [penalty_of(before, until) for before, until in (january_to_march, april)]

    assert sum(added) == Decimal("26.31")
    assert all(added)


def penalty_of(before, until):
    kept = PENALTY | {"debts": [["1000.00", "2026-01-10", before, until]]}
    return recounted(printed("heat", "penalty", "", "", None), calculator=Calculator("penalty", 1), kept=kept)


@pytest.mark.parametrize(
    ("name", "version", "kept"),
    [
        ("electricity_by_meter", 2, {"volume": "100", "price": "2.43"}),
        ("by_guess", 1, {}),
        ("electricity_by_meter", 1, {}),
        ("electricity_by_meter", 1, {"volume": "many", "price": "2.43"}),
        ("electricity_by_meter", 1, {"volume": None, "price": "2.43"}),
        ("electricity_by_meter", 1, {"volumes": {"day": "1"}, "prices": {}, "limits": [], "months": 1}),
        ("penalty", 1, {"rates": [], "debts": [["1", "2026-01-10"]]}),
    ],
)
def test_what_cannot_be_counted_says_so(name, version, kept):
    with pytest.raises(Uncountable):
        recounted(printed("electricity", "supply", "kwh", "single", 1), calculator=Calculator(name, version), kept=kept)


def test_every_rule_has_its_row_in_the_document():
    text = (EXAMPLES.parents[1] / "exchange.md").read_text(encoding="utf-8")

    for calculator in CALCULATORS:
        assert f"| `{calculator.name}` |" in text, calculator


def test_examples_of_the_document_come_to_their_kopecks():
    rows = [json.loads(line) for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]
    made = [row for row in rows if row.get("calculator")]

    assert made
    for row in made:
        facts = printed(row["resource"], row["kind"], row["unit"], row.get("zone", ""), row.get("range_number"))
        calculator = Calculator(row["calculator"], row["calculator_version"])
        assert recounted(facts, calculator=calculator, kept=row["kept"]) == Decimal(row["amount"])


@pytest.fixture
def charges(contract):
    made = {"calculator": "electricity_by_meter", "calculator_version": 1, "unit": "kwh", "range_number": 1}
    kept = {"volume": "100", "price": "2.43"}
    return {
        "right": money.charge(contract, "243.00", zone="single", kept=kept, **made),
        "by hand": money.charge(contract, "-5.00", kind="recalculation"),
        "wrong": money.charge(contract, "243.01", zone="single", kept=kept, **made),
        "without values": money.charge(contract, "1.00", zone="single", **made),
    }


@pytest.mark.django_db
def test_charge_of_other_kopecks_is_found(contract, charges):
    found = {id_ for _contract, id_ in miscounted()}

    assert found == {charges["wrong"].id, charges["without values"].id}
