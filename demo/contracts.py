"""The contracts of a water company: an endless row of ordinary ones, with the unusual at fixed places."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from demo.customers import customer
from demo.deadlines import Deadlines, deadlines
from demo.dials import USUAL, Dial, dial
from demo.history import Calendar, Course, reading, readings, volumes
from demo.values import Customer, DemoContract, MeterSet, RegisterSet, Seed, Utility
from kabinet.contracts.values import ContractKind, EntryStatus, Quantity, Zone
from kabinet.exchange.values import entities
from kabinet.exchange.values.entities import ReadingOrigin
from kabinet.kernel.calendar import WorkCalendar
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource

# The contracts after these are the crowd's (`demo.crowd`).
WITH_HISTORY: Final = 1_000
# In each run of contracts so long, the first ones share their legal entity: four, then three, then two.
RUN: Final = 40
SHARED: Final = {0: 0, 1: 0, 2: 0, 3: 0, 4: 4, 5: 4, 6: 4, 7: 7, 8: 7}

ROLLS_OVER, EXPIRED, REPLACED, WITHOUT_METERS, SIXTY, LAST_DAY, FIRST_DAY = range(30, 37)
ENGINEERS: Final = 9
STORIES: Final = {
    ROLLS_OVER: "счётчик у перехода через ноль",
    EXPIRED: "у одного счётчика истёк срок поверки",
    REPLACED: "счётчик недавно заменён",
    WITHOUT_METERS: "без приборов учёта",
    SIXTY: "60 приборов учёта",
    LAST_DAY: "срок передачи — 31-е число",
    FIRST_DAY: "срок передачи — 1-е число",
}
_ALWAYS_OPEN: Final = frozenset({0, 1, 2, 3, ROLLS_OVER, EXPIRED, REPLACED, WITHOUT_METERS, SIXTY})
_DILIGENT: Final = frozenset({0, 1, 2})
_WITH_HOT_WATER: Final = frozenset({1, 3})
_FIXED_DAYS: Final = {LAST_DAY: 31, FIRST_DAY: 1}
METERS_AT_A_POINT: Final = 4
# Of a hundred contracts: those with one meter of cold water, with up to two, and so on.
METERS: Final = (34, 60, 76, 88, 95, 100)
POINTS: Final = ("Здание", "Корпус", "Склад", "Цех")
# Some meters fall due within two months, which is when people are warned.
DUE_IN: Final = (24, 55, *range(90, 2100, 30))
PLACES: Final = ("Вводной узел", "Подвал", "Бойлерная", "Насосная", "Тепловой пункт", "Колодец № 2")


@dataclass(frozen=True, slots=True)
class Making:
    """What is at hand while one contract is made."""

    utility: Utility
    seed: Seed
    # By the deadline day.
    calendars: Mapping[int, Calendar]
    deadlines: Deadlines
    index: int
    random: Random

    @property
    def id(self) -> str:
        return f"{self.utility.slug}-c{self.index:05d}"

    @property
    def story(self) -> int:
        """Return the place among the unusual ones; contracts after the first run have none."""
        return self.index if self.utility.contracts >= RUN else -1

    @property
    def today(self) -> date:
        return self.seed.today


def contracts(utility: Utility, *, size: int, seed: Seed) -> Iterator[DemoContract]:
    """Give the contracts with years of readings one after another; a larger size only adds to those of a smaller."""
    rule, work = utility.deadline, WorkCalendar()
    days = deadlines(rule, seed.today, calendar=work)
    calendars = {day: Calendar(rule, day, seed.today, work) for day in range(1, 32)}
    for index in range(min(utility.contracts * size, WITH_HISTORY)):
        random = Random(f"{seed.word}/{utility.slug}/{index}")  # noqa: S311 - figures for show, not secrets
        yield _contract(Making(utility, seed, calendars, days, index, random))


def _contract(making: Making) -> DemoContract:
    random = making.random
    party = _customer(making)
    has_hot_water = _has_hot_water(making)
    signed_on = date(random.randrange(2004, making.today.year - 4), random.randrange(1, 13), random.randrange(1, 29))
    contract = entities.Contract(
        external_id=making.id,
        version=1,
        number=number_of(making.index),
        kind=ContractKind.BUSINESS,
        customer_name=party.name,
        customer_number=str(510_000 + making.index),
        inn=party.inn,
        kpp=party.kpp,
        signed_on=signed_on,
        deadline_day=_deadline_day(making),
        has_hot_water=has_hot_water,
        valid_from=signed_on,
    )
    cold = _count_of_meters(making)
    points = _points(making, signed_on, count=max(1, -(-cold // METERS_AT_A_POINT)))
    meters = [each for turn in range(cold) for each in _cold_meters(making, contract, points, turn)]
    hot = [_meter(making, contract, points[0], turn=cold, resource=Resource.HOT_WATER)] if has_hot_water else []
    return DemoContract(
        contract,
        party,
        points,
        (*meters, *hot),
        volumes=tuple(
            each for meter in hot for own in meter.registers for each in volumes(points[0].external_id, own.readings)
        ),
        shows=STORIES.get(making.story, ""),
    )


def _has_hot_water(making: Making) -> bool:
    is_drawn = making.random.randrange(4) == 0
    if Resource.HOT_WATER not in making.utility.resources or making.story == WITHOUT_METERS:
        return False
    return is_drawn or making.story in _WITH_HOT_WATER


def _customer(making: Making) -> Customer:
    run, place = divmod(making.index, RUN)
    number = run * RUN + SHARED.get(place, place)
    random = Random(f"{making.seed.word}/{making.utility.slug}/customer/{number}")  # noqa: S311 - as above
    return customer(random, number, tax_office=making.utility.tax_office)


def number_of(place: int) -> str:
    """Return the number of the contract at a place; some are written with the letter of their department."""
    number = 10_240 + place * 17
    return f"{number}/В" if place % 7 == 5 else str(number)  # noqa: PLR2004 - any place in seven


def _deadline_day(making: Making) -> int:
    if making.story in _FIXED_DAYS:
        return _FIXED_DAYS[making.story]
    if making.story in _ALWAYS_OPEN:
        return making.deadlines.open[making.story % len(making.deadlines.open)]
    if making.story == ENGINEERS:
        return making.deadlines.soon[0]
    return making.deadlines.day(making.index, making.random)


def _count_of_meters(making: Making) -> int:
    ordinary = making.random.choices(range(1, 7), cum_weights=METERS)[0]
    return {ROLLS_OVER: 1, EXPIRED: 2, REPLACED: 1, WITHOUT_METERS: 0, SIXTY: 60}.get(making.story, ordinary)


def _points(making: Making, since: date, *, count: int) -> tuple[entities.SupplyPoint, ...]:
    town = making.utility.town
    return tuple(
        entities.SupplyPoint(
            external_id=f"{making.id}-p{place}",
            version=1,
            contract=making.id,
            code=f"{making.index + 1:05d}-{place + 1:02d}",
            name=POINTS[min(place, 3)] + ("" if place < 4 else f" {place - 2}"),  # noqa: PLR2004 - the fourth is the first of many
            address=f"{town.postcode}, {town.name}, {making.random.choice(town.streets)}, {house(making.random)}",
            valid_from=since,
        )
        for place in range(count)
    )


def house(random: Random) -> str:
    return f"{random.randrange(1, 290)}{random.choice(('', '', '', 'а', 'б', '/1', '/2'))}"


def _cold_meters(
    making: Making, contract: entities.Contract, points: tuple[entities.SupplyPoint, ...], turn: int
) -> list[MeterSet]:
    point = points[turn % len(points)]
    if making.story == REPLACED:
        return _replaced(making, contract, point)
    return [_meter(making, contract, point, turn=turn, resource=Resource.COLD_WATER)]


def _meter(
    making: Making, contract: entities.Contract, point: entities.SupplyPoint, *, turn: int, resource: Resource
) -> MeterSet:
    make = USUAL if making.story == ROLLS_OVER else dial(making.random)
    number = f"{making.id}-{'h' if resource is Resource.HOT_WATER else 'm'}{turn}"
    register = f"{number}-r"
    course = _course(making, make)
    calendar = making.calendars[contract.deadline_day or 1]
    taken = readings(register, course, calendar=calendar, random=making.random)
    due = _verification_due(making, turn)
    return _set(making, point, number, make=make, since=taken[0].taken_on, due=due, resource=resource, readings=taken)


def _course(making: Making, make: Dial) -> Course:
    low, high = make.usual
    if making.story == ROLLS_OVER:
        return Course(usual=21, capacity=10**make.integer_digits, ends_at=10**make.integer_digits - 13)
    return Course(
        usual=making.random.randrange(low, high),
        capacity=10**make.integer_digits,
        # One customer in five forgets a month.
        skips_last=making.random.randrange(5) == 0 and making.story not in _DILIGENT,
    )


def _verification_due(making: Making, turn: int) -> date:
    if making.story == EXPIRED and turn == 0:
        return making.today - timedelta(days=41)
    return making.today + timedelta(days=making.random.choice(DUE_IN))


def _set(
    making: Making,
    point: entities.SupplyPoint,
    number: str,
    *,
    make: Dial,
    since: date,
    due: date,
    resource: Resource,
    readings: tuple[entities.Reading, ...],
    until: date | None = None,
    replaced_by: str | None = None,
) -> MeterSet:
    meter = entities.Meter(
        external_id=number,
        version=1,
        supply_point=point.external_id,
        number=f"{making.random.randrange(1_000_000, 99_999_999):08d}",
        make=make.make,
        resource=resource,
        place=making.random.choice(PLACES),
        verification_due=due,
        entry_status=EntryStatus.OUT_OF_SERVICE if until else EntryStatus.AWAITING,
        valid_from=since,
        valid_to=until,
        replaced_by=replaced_by,
    )
    register = entities.Register(
        external_id=f"{number}-r",
        version=1,
        meter=number,
        quantity=Quantity.VOLUME,
        zone=Zone.SINGLE,
        integer_digits=make.integer_digits,
        fraction_digits=make.fraction_digits,
        physical_limit_per_day=make.limit_per_day,
        valid_from=since,
        valid_to=until,
    )
    return MeterSet(meter, (RegisterSet(register, readings),))


def _replaced(making: Making, contract: entities.Contract, point: entities.SupplyPoint) -> list[MeterSet]:
    """Return an old meter, closed by its final reading, and the new one, which begins a little above zero."""
    old, new = f"{making.id}-m0", f"{making.id}-m1"
    on = making.today - timedelta(days=12)
    calendar = making.calendars[contract.deadline_day or 1]
    course = Course(usual=48, capacity=10**USUAL.integer_digits)
    taken = readings(f"{old}-r", course, calendar=calendar, random=making.random)
    final = reading(f"{old}-r", Month.of(on), int(taken[-1].value) + 27, taken_on=on, origin=ReadingOrigin.FINAL)
    first = reading(f"{new}-r", Month.of(on), 2, taken_on=on, origin=ReadingOrigin.INITIAL)
    long_ago, later = taken[0].taken_on, making.today + timedelta(days=2150)
    return [
        _set(
            making,
            point,
            old,
            make=USUAL,
            since=long_ago,
            due=on,
            resource=Resource.COLD_WATER,
            readings=(*taken, final),
            until=on,
            replaced_by=new,
        ),
        _set(making, point, new, make=USUAL, since=on, due=later, resource=Resource.COLD_WATER, readings=(first,)),
    ]
