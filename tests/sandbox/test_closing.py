"""A month of households is charged house by house, told before its end is told, and taken up where it was left."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from demo.households.prices import price_list
from kabinet.contracts.values import ContractKind, HouseType, Quantity, Settlement, Zone
from kabinet.exchange.values import entities
from kabinet.exchange.values.entities import ROWS
from kabinet.kernel.periods import Month
from kabinet.providers.values import DayRange, Resource
from sandbox.billing import closing, decisions, truth
from sandbox.billing.desk import Desk
from sandbox.billing.gateway import HttpPortal
from sandbox.billing.tables import open_books
from sandbox.billing.truth import Owner, begin_books
from sandbox.billing.values import Books
from sandbox.charging import books as charged
from sandbox.charging.values import Account, Counted, Habit, HouseFacts, MeterState, Paid, Purse, RegisterState
from sandbox.clock import Clock
from sandbox.database import Database
from tests.sandbox.conftest import open_desk, shift_to
from tests.sandbox.portal import Played
from tests.sandbox.sent import TODAY

pytestmark = pytest.mark.spec("BILL-02", "BILL-03")

MONTH = Month.of(TODAY)
SINCE = date(2020, 1, 1)
FLATS = {"h1": ("anna", "boris"), "h2": ("clara",)}
SHOWED = 1000


def house(name: str) -> HouseFacts:
    return HouseFacts(
        name, HouseType.GAS_STOVE, Settlement.CITY, Decimal(5000), Decimal(600), has_house_meter=name == "h2",
        has_common_needs=True,
    )  # fmt: skip


def account(name: str, of: str) -> Account:
    register = RegisterState(f"r-{name}", Zone.SINGLE, SHOWED, 5, tuple(Counted(100, 1) for _ in range(6)))
    return Account(
        contract=name, house=of, area=Decimal(50), residents=2, owners=1, rooms=1, habit=Habit.ON_TIME,
        resources=(Resource.ELECTRICITY,), meters=(MeterState(f"m-{name}", Resource.ELECTRICITY, (register,)),),
        purses=(Purse(Resource.ELECTRICITY, Decimal(500)),),
        paid=(Paid(Resource.ELECTRICITY, MONTH.day(2), Decimal(500)),) if name == "anna" else (),
    )  # fmt: skip


def rows_of(name: str) -> list[entities.Row]:
    return [
        entities.Contract(
            external_id=name, version=1, number=name, kind=ContractKind.HOUSEHOLD, customer_name=name, valid_from=SINCE
        ),
        entities.SupplyPoint(
            external_id=f"p-{name}", version=1, contract=name, code="1", address="дом", valid_from=SINCE
        ),
        entities.Meter(
            external_id=f"m-{name}", version=1, supply_point=f"p-{name}", number="17", resource=Resource.ELECTRICITY,
            valid_from=SINCE,
        ),
        entities.Register(
            external_id=f"r-{name}", version=1, meter=f"m-{name}", quantity=Quantity.ACTIVE_IMPORT, zone=Zone.SINGLE,
            integer_digits=5, valid_from=SINCE,
        ),
    ]  # fmt: skip


def reading(name: str, value: int, month: Month = MONTH) -> entities.Reading:
    return entities.Reading.model_validate(
        {
            "external_id": f"{name}/{month}", "version": 1, "register": f"r-{name}", "month": month,
            "taken_on": month.day(3), "value": str(value), "origin": "customer",
        }
    )  # fmt: skip


@pytest.fixture
def books(tmp_path: Path) -> Database:
    """Give books of three households; Anna's reading came, the others' did not."""
    made = open_books(tmp_path / "billing.sqlite3")
    owner = Owner("w", "first", "Энергосбыт", "billing", "Europe/Samara", DayRange(from_day=15, to_day=25))
    names = [name for flats in FLATS.values() for name in flats]
    periods = [
        entities.BillingPeriod(external_id=f"period/{month}", version=1, month=month, state=state)
        for month, state in ((MONTH.previous, entities.PeriodState.CLOSED), (MONTH, entities.PeriodState.OPEN))
    ]
    rows = [row for name in names for row in rows_of(name)]
    begin_books(
        made,
        owner,
        [*rows, reading("anna", 1120), *periods],
        beside=lambda db, slug: charged.begin(
            db, slug, prices=price_list(), houses=[house(name) for name in FLATS],
            accounts=[account(name, of) for of, flats in FLATS.items() for name in flats],
        ),
    )  # fmt: skip
    return made


@pytest.fixture
def desk(books: Database, portal: Played) -> Iterator[Desk]:
    yield from open_desk(books, portal)


def kinds_of(portal: Played) -> list[str]:
    """Return which entities came, in their order, each run of equals once."""
    found = [row["entity"] for row in portal.rows]
    return [kind for place, kind in enumerate(found) if place == 0 or found[place - 1] != kind]


def test_closed_month_is_charged_before_its_end_is_told(desk, portal):
    assert desk.close_period(MONTH)
    desk.tick()

    assert {row["contract"] for row in portal.rows_of("balance")} == {"anna", "boris", "clara"}
    assert kinds_of(portal)[-1] == "billing_period"
    assert {(row["month"], row["state"]) for row in portal.rows_of("billing_period")} == {
        (str(MONTH), "closed"), (str(MONTH.next), "open"),
    }  # fmt: skip
    assert all(ROWS.validate_python(row) for row in portal.rows)


def test_reading_is_charged_and_silence_by_the_average(desk, portal):
    desk.close_period(MONTH)
    desk.tick()

    supplied = {row["contract"]: row for row in portal.rows_of("charge") if row["kind"] == "supply"}
    assert {name: (row["basis"], Decimal(row["quantity"])) for name, row in supplied.items()} == {
        "anna": ("meter", 120), "boris": ("average", 100), "clara": ("average", 100),
    }  # fmt: skip
    assert supplied["anna"]["calculator"] == "electricity_by_meter"
    assert supplied["anna"]["kept"]["dial_single"] == [1000, 1120]


def test_balances_add_up_and_carry_over(desk, portal):
    desk.close_period(MONTH)
    desk.close_period(MONTH.next)
    desk.tick()

    first, second = (
        {row["contract"]: row for row in portal.rows_of("balance") if row["month"] == str(month)}
        for month in (MONTH, MONTH.next)
    )
    assert Decimal(first["anna"]["paid"]) == 500
    for name, row in first.items():
        assert Decimal(row["opening"]) == 500
        assert second[name]["opening"] == row["closing"]


def test_closing_again_charges_nothing(desk, portal):
    desk.close_period(MONTH)
    desk.tick()
    before = portal.rows

    assert not desk.close_period(MONTH)
    desk.tick()

    assert portal.rows == before


def test_killed_closing_is_taken_up(books, desk, portal, monkeypatch):
    calls = []

    def die(*facts, **named):
        calls.append(facts)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return whole(*facts, **named)

    whole = closing.go_on
    with monkeypatch.context() as patched:
        patched.setattr(closing, "go_on", die)
        with pytest.raises(KeyboardInterrupt):
            desk.close_period(MONTH)
    assert portal.rows == []

    desk.tick()

    charges = [row["external_id"] for row in portal.rows_of("charge")]
    assert len(charges) == len(set(charges))
    assert {row["contract"] for row in portal.rows_of("balance")} == {"anna", "boris", "clara"}
    assert len(portal.rows_of("billing_period")) == 2


def test_reading_that_comes_after_the_closing_counts_in_the_next_month(books, desk, portal):
    desk.close_period(MONTH)
    with books.transaction() as db:
        late = reading("boris", 1250, MONTH.next)
        db.execute(truth._INSERTS[entities.Reading], {"slug": "w", **late.model_dump(mode="json", by_alias=True)})

    desk.close_period(MONTH.next)
    desk.tick()

    second = [
        (row["kind"], Decimal(row["quantity"]))
        for row in portal.rows_of("charge")
        if row["contract"] == "boris" and row["month"] == str(MONTH.next) and row["kind"] != "common_needs"
    ]
    # 250 ran, 100 were charged by the average before.
    assert second == [("supply", Decimal(150))]


def test_month_that_is_over_is_closed_by_itself(books, portal):
    with HttpPortal(portal.url, slug="w", token="key of w") as door:
        later = Desk("w", books=books, portal=door, clock=Clock(shift_to(MONTH.next.first)))
        later.tick()
        later.tick()

    assert (str(MONTH), "closed") in {(row["month"], row["state"]) for row in portal.rows_of("billing_period")}
    assert len(portal.rows_of("balance")) == 3


def test_month_that_is_not_over_stays_open(desk, portal):
    desk.tick()

    assert portal.rows_of("balance") == []


def test_page_counts_the_houses_that_wait(books):
    with books.transaction() as db:
        decisions.close_period(Books(db, "w", Clock(shift_to(TODAY)).now()), MONTH)
        assert closing.houses_left(db, "w") == 2
