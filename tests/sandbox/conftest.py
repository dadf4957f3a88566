"""A billing system with one contract and a portal that plays its part on a socket."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kabinet.contracts.values import ContractKind, Quantity, Zone
from kabinet.exchange.values import entities
from kabinet.kernel.periods import Month
from kabinet.providers.values import DeadlineDay, Resource
from sandbox.billing.desk import Desk
from sandbox.billing.gateway import HttpPortal
from sandbox.billing.tables import open_books
from sandbox.billing.truth import Owner, begin_books, reading_id
from sandbox.clock import Clock
from sandbox.database import Database
from tests.sandbox import portal as portals
from tests.sandbox.portal import Played
from tests.sandbox.sent import METER, OTHER, OWN, POINT, REGISTER, TODAY


@pytest.fixture
def portal() -> Iterator[Played]:
    with portals.played() as played:
        yield played


@pytest.fixture
def books(tmp_path: Path) -> Database:
    books = open_books(tmp_path / "new folder" / "billing.sqlite3")
    owner = Owner("w", "first", "Водоканал", "billing", "Europe/Samara", DeadlineDay())
    begin_books(books, owner, truth())
    with books.transaction() as db:
        db.execute("UPDATE provider SET delay_seconds = 0")
    return books


@pytest.fixture
def desk(books: Database, portal: Played) -> Iterator[Desk]:
    yield from open_desk(books, portal)


def open_desk(books: Database, portal: Played) -> Iterator[Desk]:
    with HttpPortal(portal.url, slug="w", token="key of w") as door:
        yield Desk("w", books=books, portal=door, clock=Clock(shift_to(TODAY)))


def shift_to(day: date) -> timedelta:
    return day - Clock().now().date()


def truth() -> list[entities.Row]:
    since = date(2020, 1, 1)
    month = Month.of(TODAY)
    contracts = [
        entities.Contract(
            external_id=name,
            version=1,
            number=name,
            kind=ContractKind.BUSINESS,
            customer_name="ООО «Родник»",
            deadline_day=10,
            valid_from=since,
        )
        for name in (OWN, OTHER)
    ]
    point = entities.SupplyPoint(external_id=POINT, version=1, contract=OWN, code="1", address="дом", valid_from=since)
    meter = entities.Meter(
        external_id=METER, version=1, supply_point=POINT, number="№ 17", resource=Resource.COLD_WATER, valid_from=since
    )
    register = entities.Register(
        external_id=REGISTER,
        version=1,
        meter=METER,
        quantity=Quantity.VOLUME,
        zone=Zone.SINGLE,
        integer_digits=5,
        physical_limit_per_day=Decimal(72),
        valid_from=since,
    )
    previous = entities.Reading.model_validate(
        {
            "external_id": reading_id(REGISTER, month.previous, entities.ReadingOrigin.CUSTOMER),
            "version": 1,
            "register": REGISTER,
            "month": month.previous,
            "taken_on": TODAY - timedelta(days=30),
            "value": Decimal(231),
            "origin": entities.ReadingOrigin.CUSTOMER,
        }
    )
    closed, opened = entities.PeriodState.CLOSED, entities.PeriodState.OPEN
    periods = [
        entities.BillingPeriod(external_id=f"period/{each}", version=1, month=each, state=state)
        for each, state in ((month.previous, closed), (month, opened))
    ]
    return [*contracts, point, meter, register, previous, *periods]
