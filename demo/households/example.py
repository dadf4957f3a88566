"""The example of the source document: common needs of May 2013, 30.31 kWh and 73.65 rubles for a flat of 49.5 m²."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from demo.households.houses import OF_THE_SOURCE, Flat, House, example_in
from kabinet.billing.values import Basis
from kabinet.contracts.values import Zone
from kabinet.exchange.values import entities
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource
from sandbox.charging import lines, money, rows
from sandbox.charging.estimates import Run
from sandbox.charging.prices import PriceBook
from sandbox.charging.values import ZERO, Account, Closed, MeterState, Paid, Purse

MONTH: Final = Month(2013, 5)
USED: Final = Decimal(100)
PAID_ON: Final = date(2013, 5, 28)


def is_example(house: House, flat: Flat) -> bool:
    return house.index == OF_THE_SOURCE and flat.number == example_in(len(house.flats))


def rows_of_may(account: Account, house: House, *, book: PriceBook) -> Iterator[entities.AnyRow]:
    """Give the month as it stood on the slip: what the flat used, its share of the common needs, what was paid."""
    prices = book.of(MONTH, house.facts)
    yield from rows.house_month_of(house.facts, MONTH, None, prices)
    run = Run(MeterState("", Resource.ELECTRICITY, ()), Basis.METER, ((Zone.SINGLE, USED),))
    billed = (*lines.of_electricity(run, prices), *lines.of_common_needs(account, house.facts, None, prices))
    bill = sum((each.line.amount for each in billed), ZERO)
    _, sums = money.settled(
        Purse(Resource.ELECTRICITY), MONTH, charged=bill, recalculated=ZERO, penalty=ZERO, paid=bill
    )
    paid = (Paid(Resource.ELECTRICITY, PAID_ON, bill),)
    yield from rows.rows_of(Closed(account, billed, (), (sums,), paid), MONTH)
