"""Households of the demonstration: the same whenever they are made, of every kind, charged by the rules."""

import json
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from demo.households.contracts import contracts
from demo.households.houses import houses
from demo.households.users import users
from demo.utilities import P
from demo.values import DemoContract, Seed
from kabinet.billing.rules.recounting import Printed, recounted
from kabinet.billing.values import Basis
from kabinet.contracts.values import HouseType, Settlement
from kabinet.exchange.values.entities import ENTITIES, ROWS
from kabinet.exchange.values.money import Balance, Charge, Payment
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource
from kabinet.tariffs.values import Calculator, ChargeKind
from sandbox.charging.values import Habit

pytestmark = pytest.mark.spec("SITE-02", "BILL-01")

TODAY = date(2026, 10, 20)
# Two hundred and forty: eight a house, so that the rare ones are among them.
SMALL = replace(P, contracts=240)


@pytest.fixture(scope="module")
def made() -> list[DemoContract]:
    return list(contracts(SMALL, size=1, seed=Seed(TODAY)))


def charges(made: list[DemoContract]) -> list[Charge]:
    return [row for each in made for row in each.after if isinstance(row, Charge)]


def test_thirty_houses_of_every_kind() -> None:
    found = [house.row for house in houses(P, size=1, seed=Seed(TODAY))]

    assert len(found) == 30
    assert {house.house_type for house in found} == set(HouseType)
    assert {house.settlement for house in found} == set(Settlement)
    assert {house.has_house_meter for house in found} == {True, False}
    assert sum(len(house.flats) for house in houses(P, size=1, seed=Seed(TODAY))) == 2_000


def test_same_seed_gives_the_same_rows(made: list[DemoContract]) -> None:
    again = contracts(SMALL, size=1, seed=Seed(TODAY))

    for one, other in zip(made[:20], again, strict=False):
        assert [row.to_line() for row in one.rows] == [row.to_line() for row in other.rows]


def test_rows_are_as_the_exchange_wants_them(made: list[DemoContract]) -> None:
    known: set[tuple[str, str]] = set()
    for row in (row for each in made[:40] for row in each.rows):
        told = row.model_dump(mode="json", by_alias=True)
        name = (told["entity"], row.external_id)
        assert name not in known
        known.add(name)
        assert ROWS.validate_python(told) == row
        for field, entity in ENTITIES[told["entity"]].references.items():
            assert told[field] is None or (entity, told[field]) in known


def test_accounts_have_nine_digits_and_are_one_each(made: list[DemoContract]) -> None:
    numbers = [each.contract.number for each in made]

    assert len(set(numbers)) == len(numbers)
    assert all(len(number) == 9 and number.isdigit() for number in numbers)
    assert {each.contract.residents for each in made} >= set(range(7))


def test_meters_of_every_kind(made: list[DemoContract]) -> None:
    zones = Counter(len(meter.registers) for each in made for meter in each.meters)
    electric = Counter(sum(meter.meter.resource is Resource.ELECTRICITY for meter in each.meters) for each in made)
    maps = {
        tuple(one.register.tariff_number for one in meter.registers)
        for each in made for meter in each.meters if len(meter.registers) > 1
    }  # fmt: skip
    places = Counter(meter.meter.place for each in made for meter in each.meters)

    assert set(zones) == {1, 2, 3}
    assert set(electric) == {0, 1, 2}
    assert {(1, 2), (2, 1), (1, 2, 3)} < maps
    assert set(places) >= {"", "Санузел", "Кухня"}


@pytest.mark.spec("CALC-02")
def test_common_needs_of_the_source() -> None:
    first = next(each for each in contracts(P, size=1, seed=Seed(TODAY)) if each.contract.number == "001110052")

    may = [row for row in first.after if isinstance(row, Charge) and row.month == Month(2013, 5)]

    assert [(row.kind, row.quantity, row.price, row.amount) for row in may] == [
        (ChargeKind.SUPPLY, 100, Decimal("2.43"), Decimal("243.00")),
        (ChargeKind.COMMON_NEEDS, Decimal("30.31"), Decimal("2.43"), Decimal("73.65")),
    ]


def test_every_charge_says_what_made_it(made: list[DemoContract]) -> None:
    found = charges(made)

    assert {row.kind for row in found} == set(ChargeKind)
    assert {row.basis for row in found} == {*Basis, None}
    assert all(row.calculator and row.calculator_version for row in found)
    assert all(row.kept != "{}" for row in found)


def recounted_of(row: Charge) -> Decimal:
    facts = Printed(row.resource, row.kind, row.unit or "", row.zone or "", row.range_number)
    calculator = Calculator(row.calculator, row.calculator_version or 0)
    return recounted(facts, calculator=calculator, kept=json.loads(row.kept))


@pytest.mark.spec("I13", "CALC-02")
def test_every_charge_comes_to_the_same_kopecks_again(made: list[DemoContract]) -> None:
    """What `audit_invariants --charges` does, before the rows are in a database: all kinds, of every rule in use."""
    found = charges(made)

    other = [(row.external_id, row.amount) for row in found if recounted_of(row) != row.amount]

    assert other == []
    counted = {(row.kind, row.calculator) for row in found}
    assert {kind for kind, _ in counted} == set(ChargeKind)
    assert {name for _, name in counted} == {
        "common_needs", "consumption_by_norm", "electricity_by_meter", "heat_by_norm", "hot_water_two_components",
        "penalty",
    }  # fmt: skip
    assert {(ChargeKind.COMMON_NEEDS, "common_needs"), (ChargeKind.RECALCULATION, "electricity_by_meter")} < counted


def test_penalty_is_counted_of_the_debts_and_rates_that_it_kept(made: list[DemoContract]) -> None:
    """A hundred times the debts, or the rates, come to more: the values decide, whatever a kopeck's rounding hides."""
    penalties = [row for row in charges(made) if row.kind is ChargeKind.PENALTY]

    assert penalties
    for row in penalties:
        kept = json.loads(row.kept)
        larger = [[str(100 * Decimal(amount)), *days] for amount, *days in kept["debts"]]
        dearer = [[str(100 * Decimal(percent)), *days] for percent, *days in kept["rates"]]
        for changed in ({"debts": larger}, {"rates": dearer}):
            assert recounted_of(row.model_copy(update={"kept": json.dumps(kept | changed)})) > row.amount


def test_every_account_has_three_years_of_balances(made: list[DemoContract]) -> None:
    for each in made[:60]:
        electric = [
            row for row in each.after
            if isinstance(row, Balance) and row.resource is Resource.ELECTRICITY and row.month.year > 2013
        ]  # fmt: skip
        assert len(electric) == 36
        assert electric[-1].month == Month(2026, 9)
        for before, after in pairwise(electric):
            assert after.opening == before.closing


def test_lines_and_payments_are_what_balances_say(made: list[DemoContract]) -> None:
    for each in made[:60]:
        lines: dict[tuple[Month, Resource], Decimal] = defaultdict(Decimal)
        paid: dict[tuple[Month, Resource], Decimal] = defaultdict(Decimal)
        for row in each.after:
            if isinstance(row, Charge):
                lines[row.month, row.resource] += row.amount
            elif isinstance(row, Payment):
                paid[row.month, row.resource] += row.amount
        for row in (row for row in each.after if isinstance(row, Balance)):
            assert lines[row.month, row.resource] == row.charged + row.recalculated + row.penalty
            assert paid[row.month, row.resource] == row.paid


def test_debts_and_advances_are_among_them(made: list[DemoContract]) -> None:
    last = [row for each in made for row in each.after if isinstance(row, Balance) and row.month == Month(2026, 9)]

    assert any(row.closing < 0 for row in last)
    assert any(row.penalty > 0 for row in last)
    assert {each.account.habit for each in made if each.account} == set(Habit)


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 2, 28), date(2026, 10, 31), date(2027, 1, 1)], ids=str)
def test_last_closed_month_is_the_one_before_today(today: date) -> None:
    few = list(contracts(replace(P, contracts=30), size=1, seed=Seed(today)))

    assert {max(row.month for row in each.after if isinstance(row, Balance)) for each in few} == {
        Month.of(today).previous
    }


def test_people_show_each_kind(made: list[DemoContract]) -> None:
    found = users(made)

    assert len(found) == 5
    assert all(len(user.account) == 9 for user in found)
    assert len({number for user in found for number in user.contracts}) == 6
