"""Accounts of households, house by house."""

from collections.abc import Iterator
from random import Random

from demo.households import example, history, meters
from demo.households.history import Household
from demo.households.houses import SINCE, Flat, House, houses
from demo.households.prices import price_list
from demo.values import Customer, DemoContract, MeterSet, RegisterSet, Seed, Utility
from kabinet.contracts.values import ContractKind
from kabinet.exchange.values import entities
from sandbox.charging.prices import PriceBook


def contracts(utility: Utility, *, size: int, seed: Seed) -> Iterator[DemoContract]:
    """Give the accounts of all houses, those of a house together; a larger size only adds to those of a smaller."""
    book = PriceBook(price_list())
    for house in houses(utility, size=size, seed=seed):
        households = [_household(utility, house, flat, seed) for flat in house.flats]
        used = history.live(house, households, book=book, today=seed.today)
        told = (house.row, *(used if households else ()))
        for household in households:
            if example.is_example(house, household.flat):
                household.told[:0] = example.rows_of_may(household.account, house, book=book)
        for place, household in enumerate(households):
            yield _contract(house, household, before=told if place == 0 else ())


def account_number(house: int, flat: int) -> str:
    """Return the nine digits of an account; some begin with a zero, as real ones do."""
    return f"{house % 10}{house // 10 + 11:03d}{house * 7 % 90 + 10:02d}{flat:03d}"


def _household(utility: Utility, house: House, flat: Flat, seed: Seed) -> Household:
    random = Random(f"{seed.word}/{utility.slug}/{house.index}/{flat.number}")  # noqa: S311 - figures for show
    contract = f"{utility.slug}-c{house.index:04d}-{flat.number:03d}"
    since = history.months_before(seed.today)[0].previous.day(20)
    only = 2 if example.is_example(house, flat) else None
    installed = [*meters.electricity(contract, random, since=since, today=seed.today, only=only)]
    if house.has_hot_water:
        installed += meters.hot_water(contract, random, since=since, today=seed.today)
    return history.begun(contract, house, flat, tuple(installed), random, today=seed.today)


def _contract(house: House, household: Household, *, before: tuple[entities.AnyRow, ...]) -> DemoContract:
    flat, holder = household.flat, household.flat.holder
    row = entities.Contract(
        external_id=household.contract,
        version=1,
        number=account_number(house.index, flat.number),
        kind=ContractKind.HOUSEHOLD,
        customer_name=holder.full,
        holder_last=holder.last,
        holder_first=holder.first,
        holder_middle=holder.middle,
        house=house.row.external_id,
        area=flat.area,
        residents=flat.residents,
        owners=flat.owners,
        rooms=flat.rooms,
        valid_from=SINCE,
    )
    point = entities.SupplyPoint(
        external_id=f"{household.contract}-p",
        version=1,
        contract=household.contract,
        code=str(flat.number),
        address=f"{house.row.address}, кв. {flat.number}",
        valid_from=SINCE,
    )
    return DemoContract(
        row,
        Customer(holder.full, "", "", holder, ""),
        (point,),
        tuple(_meter_set(household, each) for each in household.installed),
        before=before,
        after=tuple(household.told),
        account=household.account,
        house=house.facts,
    )


def _meter_set(household: Household, installed: meters.Installed) -> MeterSet:
    return MeterSet(
        installed.meter,
        tuple(RegisterSet(one, tuple(household.readings[one.external_id])) for one in installed.registers),
    )
