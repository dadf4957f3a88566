"""Closing a month of a house: first what everybody ran, then what is common, then each account's bill and money."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from typing import Final
from zlib import crc32

from kabinet.kernel.exact import half_up
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource
from kabinet.tariffs.rules import penalties
from kabinet.tariffs.values import ChargeKind
from sandbox.charging import estimates, lines, money
from sandbox.charging.estimates import Run
from sandbox.charging.prices import PriceBook, Prices
from sandbox.charging.values import ZERO, Account, Billed, Closed, Fine, HouseCounts, HouseFacts, Purse, Sums

# Stairs and lifts use about their norm, in per cent of it; now and then the house's meter counted less than the flats.
_LEAST: Final = 55
_SPREAD: Final = 60
_ONE_IN: Final = 17
_BELOW: Final = -5
# Shops and offices, in kWh of a month.
_OFFICES: Final = 900


@dataclass(frozen=True, slots=True)
class Closing:
    """A month of a house while it is closed."""

    house: HouseFacts
    month: Month
    prices: Prices
    book: PriceBook


def close_house(
    house: HouseFacts, accounts: Sequence[Account], month: Month, *, readings: Mapping[str, int], book: PriceBook
) -> tuple[HouseCounts | None, list[Closed]]:
    """Close the month for all accounts of a house; `readings` are of registers, those that came."""
    closing = Closing(house, month, book.of(month, house), book)
    runs = [_runs(account, readings, closing) for account in accounts]
    counts = _counted(accounts, runs, closing) if house.has_house_meter else None
    return counts, [_close(account, own, counts, closing) for account, own in zip(accounts, runs, strict=True)]


def _runs(account: Account, readings: Mapping[str, int], closing: Closing) -> list[Run]:
    """Say what each meter is charged for; the norm of a resource is charged once, however many meters are silent."""
    runs: list[Run] = []
    for meter in account.meters:
        is_first = all(run.meter.resource is not meter.resource for run in runs)
        norm = lines.norm_of(account, meter.resource, closing.prices) if is_first else ZERO
        runs.append(estimates.run_of(meter, closing.month, readings, norm=norm))
    return runs


def _counted(accounts: Sequence[Account], runs: Sequence[Sequence[Run]], closing: Closing) -> HouseCounts:
    """Read the house's meter: what everybody used, and what stairs and lifts did."""
    house, prices = closing.house, closing.prices
    electric = (run for run in chain.from_iterable(runs) if run.meter.resource is Resource.ELECTRICITY)
    by_meter = sum((volume for run in electric for _, volume in run.volumes), ZERO)
    without = (account for account in accounts if not _has_meter(account, Resource.ELECTRICITY))
    by_norm = sum((lines.norm_of(account, Resource.ELECTRICITY, prices) for account in without), ZERO)
    draw = crc32(f"{house.id}/{closing.month}".encode())
    nonresidential = Decimal(_OFFICES + draw % _OFFICES)
    share = _BELOW if draw % _ONE_IN == 0 else _LEAST + draw % _SPREAD
    stairs = house.common_area * prices.common_norm * share / 100
    return HouseCounts(
        half_up(by_meter + by_norm + nonresidential + stairs, places=0), nonresidential, by_norm, by_meter
    )


def _close(account: Account, runs: Sequence[Run], counts: HouseCounts | None, closing: Closing) -> Closed:
    """Bill each resource of the account and bring it into its purse."""
    printed: list[Billed] = []
    moved: list[tuple[Purse, Sums]] = []
    fines: list[Fine] = []
    for resource in account.resources:
        billed = list(_billed(account, resource, runs, counts, closing))
        purse = money.purse_of(account.purses, resource)
        payments = [each for each in account.paid if each.resource is resource]
        fine, late = money.fine_of(purse, closing.month, payments=payments, rates=closing.prices.rates)
        if fine:
            fines.append(Fine(resource, fine, penalties.CALCULATOR, lines.kept_of_fine(late, closing.prices.rates)))
        is_correction = ChargeKind.RECALCULATION
        moved.append(
            money.settled(
                purse,
                closing.month,
                charged=_sum(each for each in billed if each.line.kind is not is_correction),
                recalculated=_sum(each for each in billed if each.line.kind is is_correction),
                penalty=fine,
                paid=sum((each.amount for each in payments), ZERO),
            )
        )
        printed += billed
    meters, purses = tuple(run.meter for run in runs), tuple(purse for purse, _ in moved)
    after = replace(account, meters=meters, purses=purses, paid=())
    return Closed(after, tuple(printed), tuple(fines), tuple(sums for _, sums in moved), account.paid)


def _billed(
    account: Account, resource: Resource, runs: Sequence[Run], counts: HouseCounts | None, closing: Closing
) -> Iterable[Billed]:
    """Give the lines of one resource."""
    prices = closing.prices
    if resource is Resource.HEAT:
        yield from lines.of_heat(account, prices)
        return
    if not _has_meter(account, resource):
        yield from lines.without_meter(account, resource, prices)
    of_meter = lines.of_hot_water if resource is Resource.HOT_WATER else lines.of_electricity
    for run in runs:
        if run.meter.resource is resource:
            yield from of_meter(run, prices)
            yield from lines.of_corrections(run.corrections, resource, closing.house, closing.book)
    if resource is Resource.ELECTRICITY:
        yield from lines.of_common_needs(account, closing.house, counts, prices)


def _has_meter(account: Account, resource: Resource) -> bool:
    return any(meter.resource is resource for meter in account.meters)


def _sum(billed: Iterable[Billed]) -> Decimal:
    return sum((each.line.amount for each in billed), ZERO)
