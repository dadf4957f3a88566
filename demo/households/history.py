"""Years of a house: month by month its meters are read, and billing closes the month by its own rules."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Final

from demo.households.courses import Course, course, silent_months
from demo.households.houses import Flat, House
from demo.households.meters import Installed
from kabinet.exchange.values import entities
from kabinet.exchange.values.entities import AnyRow, Quality, ReadingOrigin
from kabinet.exchange.values.houses import HouseMonth
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource
from sandbox.billing.truth import reading_id
from sandbox.charging import months, payments, rows
from sandbox.charging.prices import PriceBook
from sandbox.charging.values import Account, Habit, MeterState, Paid, RegisterState

MONTHS: Final = 36
_HABITS: Final = (
    (Habit.ON_TIME, 74),
    (Habit.LATE, 10),
    (Habit.EVERY_OTHER_MONTH, 8),
    (Habit.IN_PARTS, 4),
    (Habit.AHEAD, 4),
)
# What dials show at the most when they are first read.
_NOT_NEW: Final = {Resource.ELECTRICITY: 40_000, Resource.HOT_WATER: 600}
_BY_INSPECTOR: Final = 0.04
_FIRST_DAY, _LAST_DAY = 15, 25


@dataclass(slots=True)
class Household:
    """A flat on its way through the years: what its dials show now, what has been told of it."""

    contract: str
    flat: Flat
    installed: tuple[Installed, ...]
    courses: dict[Resource, Course]
    silent: frozenset[Month]
    random: Random
    shown: dict[str, float]
    account: Account
    readings: dict[str, list[entities.Reading]] = field(default_factory=dict)
    told: list[AnyRow] = field(default_factory=list)


def months_before(today: date) -> list[Month]:
    """Return the months that are closed, the oldest first."""
    last = Month.of(today).previous
    return [last.plus(-back) for back in range(MONTHS - 1, -1, -1)]


def begun(
    contract: str, house: House, flat: Flat, installed: tuple[Installed, ...], random: Random, *, today: date
) -> Household:
    """Set the household at the beginning: meters just installed, no debts."""
    every = months_before(today)
    resources = [Resource.ELECTRICITY, *([Resource.HOT_WATER] if house.has_hot_water else [])]
    shown = {
        register.external_id: float(random.randrange(20, _NOT_NEW[each.meter.resource]))
        for each in installed
        for register in each.registers
    }
    household = Household(
        contract=contract,
        flat=flat,
        installed=installed,
        courses={resource: course(house, flat, resource, random) for resource in resources},
        silent=silent_months(every, random),
        random=random,
        shown=shown,
        account=_account(contract, house, flat, meters=_states(installed, shown), random=random),
    )
    for each in installed:
        for register in each.registers:
            _note(household, register.external_id, every[0].previous, each.meter.valid_from, ReadingOrigin.INITIAL)
    return household


def live(house: House, households: Sequence[Household], *, book: PriceBook, today: date) -> Iterator[HouseMonth]:
    """Let the years pass: meters run, are read or not, and each month is closed; give what the house used."""
    for month in months_before(today):
        readings = {name: value for each in households for name, value in _read(each, month)}
        for each in households:
            each.account = _with_payments(each.account, payments.paid_in(each.account, month))
        accounts = [each.account for each in households]
        counts, closed = months.close_house(house.facts, accounts, month, readings=readings, book=book)
        yield from rows.house_month_of(house.facts, month, counts, book.of(month, house.facts))
        for each, one in zip(households, closed, strict=True):
            each.account = one.account
            each.told.extend(rows.rows_of(one, month))


def _states(installed: Iterable[Installed], shown: Mapping[str, float]) -> tuple[MeterState, ...]:
    return tuple(
        MeterState(
            each.meter.external_id,
            each.meter.resource,
            tuple(
                RegisterState(one.external_id, one.zone, int(shown[one.external_id]), one.integer_digits)
                for one in each.registers
            ),
        )
        for each in installed
    )


def _account(contract: str, house: House, flat: Flat, *, meters: tuple[MeterState, ...], random: Random) -> Account:
    supplied = [Resource.ELECTRICITY]
    supplied += [Resource.HOT_WATER] if house.has_hot_water else []
    supplied += [Resource.HEAT] if house.has_heat else []
    return Account(
        contract=contract,
        house=house.row.external_id,
        area=flat.area,
        residents=flat.residents,
        owners=flat.owners,
        rooms=flat.rooms,
        habit=random.choices([habit for habit, _ in _HABITS], weights=[weight for _, weight in _HABITS])[0],
        resources=tuple(supplied),
        meters=meters,
        purses=(),
    )


def _read(household: Household, month: Month) -> Iterator[tuple[str, int]]:
    """Let the meters run through the month; give what they show, unless nobody looks."""
    random = household.random
    used = {resource: each.of(month, random) for resource, each in household.courses.items()}
    is_silent = month in household.silent
    by_inspector = random.random() < _BY_INSPECTOR
    day = month.day(_FIRST_DAY + int(random.random() * (_LAST_DAY - _FIRST_DAY + 1)))
    origin = ReadingOrigin.INSPECTOR if by_inspector else ReadingOrigin.CUSTOMER
    for each in household.installed:
        for register, share in zip(each.registers, each.shares, strict=True):
            name = register.external_id
            household.shown[name] += used[each.meter.resource] * share
            if not is_silent:
                _note(household, name, month, day, origin)
                yield name, int(household.shown[name]) % 100_000


def _note(household: Household, register: str, month: Month, on: date, origin: ReadingOrigin) -> None:
    value = Decimal(int(household.shown[register]) % 100_000)
    household.readings.setdefault(register, []).append(
        rows.shaped(
            entities.Reading,
            {
                "external_id": reading_id(register, month, origin),
                "version": 1,
                "of_register": register,
                "month": month,
                "taken_on": on,
                "value": value,
                "origin": origin,
                "quality": Quality.MEASURED,
            },
        )
    )


def _with_payments(account: Account, paid: Iterable[Paid]) -> Account:
    return replace(account, paid=tuple(paid))
