"""The crowd: ordinary water contracts by the thousand, made by columns for the import and the books alike.

One by one (`demo.contracts`) each would cost five times as much. A crowd has no stories: its contracts are like the
smaller of the ordinary ones, with the months of readings that were asked for, none unless any were.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from itertools import accumulate
from random import Random
from typing import Any, Final

from demo import contracts as ordinary
from demo.customers import customer
from demo.deadlines import Deadlines, deadlines
from demo.dials import Dial, dial
from demo.history import ORIGINS, SEASON, Calendar
from demo.values import Customer, Seed, Utility
from kabinet.contracts.values import ContractKind, EntryStatus, Quantity, Zone
from kabinet.exchange.values.entities import Quality, ReadingOrigin
from kabinet.exchange.values.sheets import Sheet
from kabinet.kernel.calendar import WorkCalendar
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource
from sandbox.billing.truth import reading_id

# So many are made at a time, always from the same places on: a larger crowd begins like a smaller one.
AT_ONCE: Final = 1_000
# Of a hundred contracts of the crowd: those with one meter of cold water, and with up to two; one in ten has hot water.
METERS: Final = (70, 100)
HOT: Final = 1 / 10
METERS_A_CONTRACT: Final = 1.4
ROWS_A_CONTRACT: Final = 4.8
_METERS: Final = range(1, len(METERS) + 1)
_ORIGINS: Final = [origin for origin, _ in ORIGINS]
_ORIGIN_WEIGHTS: Final = list(accumulate(weight for _, weight in ORIGINS))
_FIELDS: Final = {
    "contract": (
        "external_id", "number", "kind", "customer_name", "customer_number", "inn", "kpp", "signed_on", "deadline_day",
        "has_hot_water", "valid_from",
    ),
    "supply_point": ("external_id", "contract", "code", "name", "address", "valid_from"),
    "meter": (
        "external_id", "supply_point", "number", "make", "resource", "place", "verification_due", "entry_status",
        "valid_from",
    ),
    "register": (
        "external_id", "meter", "quantity", "zone", "integer_digits", "fraction_digits", "physical_limit_per_day",
        "valid_from",
    ),
    "reading": ("external_id", "register", "month", "taken_on", "value", "origin", "quality"),
    "sewage_volume": ("external_id", "supply_point", "month", "taken_on", "value", "origin", "quality"),
}  # fmt: skip
_Row = tuple[Any, ...]


def crowd(utility: Utility, *, size: int, seed: Seed) -> Iterator[list[Sheet]]:
    """Give the contracts that come after those with a history, a thousand at a time."""
    making = _Making(utility, seed)
    count = utility.contracts * size
    for start in range(ordinary.WITH_HISTORY, count, AT_ONCE):
        yield making.sheets(range(start, min(start + AT_ONCE, count)))


@dataclass(frozen=True, slots=True)
class _Owner:
    """The contract whose meters are made."""

    id: str
    deadline_day: int
    points: int


class _Making:
    def __init__(self, utility: Utility, seed: Seed) -> None:
        rule, work = utility.deadline, WorkCalendar()
        self.utility = utility
        self.seed = seed
        self.days: Deadlines = deadlines(rule, seed.today, calendar=work)
        self.calendars = {day: Calendar(rule, day, seed.today, work) for day in range(1, 32)}
        self.has_hot_water = Resource.HOT_WATER in utility.resources
        self.days_of = lru_cache(maxsize=None)(self._days_of)
        self.limit_of = lru_cache(maxsize=None)(lambda made: made.limit_per_day)
        self.rows: defaultdict[str, list[_Row]] = defaultdict(list)

    def sheets(self, places: range) -> list[Sheet]:
        """Make the contracts of some places."""
        self.rows.clear()
        word = f"{self.seed.word}/{self.utility.slug}/crowd/{places.start}"
        random = Random(word)  # noqa: S311 - figures for show, not secrets
        parties: dict[int, Customer] = {}
        for place in places:
            run, turn = divmod(place, ordinary.RUN)
            number = run * ordinary.RUN + ordinary.SHARED.get(turn, turn)
            if number not in parties:
                parties[number] = customer(random, number, tax_office=self.utility.tax_office)
            self._contract(place, parties[number], random)
        return [self._sheet(entity) for entity in _FIELDS if self.rows[entity]]

    def _sheet(self, entity: str) -> Sheet:
        rows = self.rows[entity]
        told = dict(zip(_FIELDS[entity], zip(*rows, strict=True), strict=True))
        return Sheet.of(entity, {**told, "version": [1] * len(rows)})

    def _contract(self, place: int, party: Customer, random: Random) -> None:
        name = f"{self.utility.slug}-c{place:05d}"
        signed_on = date(2004 + int(random.random() * (self.seed.today.year - 2008)), *_day_of_year(random))
        deadline_day = self.days.day(place, random)
        is_hot = random.random() < HOT and self.has_hot_water
        (cold,) = random.choices(_METERS, cum_weights=METERS)
        owner = _Owner(name, deadline_day, points=-(-cold // ordinary.METERS_AT_A_POINT))
        number, told = ordinary.number_of(place), str(510_000 + place)
        named = (name, number, ContractKind.BUSINESS, party.name, told, party.inn, party.kpp)
        self.rows["contract"].append((*named, signed_on, deadline_day, is_hot, signed_on))
        for at in range(owner.points):
            self._point(owner, place, at, signed_on, random)
        # Names rise, as billing systems sort theirs.
        if is_hot:
            self._meter(owner, f"{name}-h{cold}", 0, Resource.HOT_WATER, random)
        for turn in range(cold):
            self._meter(owner, f"{name}-m{turn}", turn % owner.points, Resource.COLD_WATER, random)

    def _point(self, owner: _Owner, place: int, at: int, since: date, random: Random) -> None:
        town = self.utility.town
        address = f"{town.postcode}, {town.name}, {random.choice(town.streets)}, {ordinary.house(random)}"
        code = f"{place + 1:05d}-{at + 1:02d}"
        self.rows["supply_point"].append((f"{owner.id}-p{at}", owner.id, code, ordinary.POINTS[at], address, since))

    def _meter(self, owner: _Owner, name: str, at: int, resource: Resource, random: Random) -> None:
        made = dial(random)
        point, register = f"{owner.id}-p{at}", f"{name}-r"
        since = self._readings(owner, register, made, random)
        if resource is Resource.HOT_WATER and self.seed.months:
            self._volumes(point)
        number = f"{int(1_000_000 + random.random() * 98_000_000):08d}"
        due = self.seed.today + timedelta(days=random.choice(ordinary.DUE_IN))
        self.rows["meter"].append(
            (name, point, number, made.make, resource, random.choice(ordinary.PLACES), due, EntryStatus.AWAITING, since)
        )
        digits = (made.integer_digits, made.fraction_digits)
        self.rows["register"].append(
            (register, name, Quantity.VOLUME, Zone.SINGLE, *digits, self.limit_of(made), since)
        )

    def _readings(self, owner: _Owner, register: str, made: Dial, random: Random) -> date:
        """Make the readings of a register, the first the one it was installed with; return the day of that."""
        months = self._months(owner.deadline_day, skips_last=random.random() < 1 / 5)
        if not self.seed.months:
            return _one_of(self.days_of(owner.deadline_day, months[0]), random)
        low, high = made.usual
        usual = low + int(random.random() * (high - low))
        # Room is left for years, so that no dial of the crowd comes near its roll-over.
        value = int(random.random() * usual * 40)
        origins = [ReadingOrigin.INITIAL, *random.choices(_ORIGINS, cum_weights=_ORIGIN_WEIGHTS, k=len(months) - 1)]
        taken = [_one_of(self.days_of(owner.deadline_day, month), random) for month in months]
        for month, on, origin in zip(months, taken, origins, strict=True):
            quality = Quality.ESTIMATED if origin is ReadingOrigin.ESTIMATE else Quality.MEASURED
            named = (reading_id(register, month, origin), register)
            self.rows["reading"].append((*named, month, on, Decimal(value), origin, quality))
            value += round(usual * SEASON[month.month % 12] * (0.85 + random.random() * 0.3))
        return taken[0]

    def _volumes(self, point: str) -> None:
        """Count what ran through the meter of hot water that was made last, month by month."""
        register = self.rows["reading"][-1][1]
        before: Decimal | None = None
        for _, of, month, on, value, origin, quality in self.rows["reading"][-1 - self.seed.months :]:
            if of == register and before is not None:
                told = (reading_id(point, month, origin), point, month, on, value - before, origin, quality)
                self.rows["sewage_volume"].append(told)
            before = value

    def _months(self, deadline_day: int, *, skips_last: bool) -> Sequence[Month]:
        last = self.calendars[deadline_day].last_month
        return _months_to(last.previous if skips_last else last, self.seed.months + 1)

    def _days_of(self, deadline_day: int, month: Month) -> tuple[date, ...]:
        return self.calendars[deadline_day].days_in(month)


@cache
def _months_to(last: Month, count: int) -> tuple[Month, ...]:
    return tuple(last.plus(-back) for back in range(count - 1, -1, -1))


def _day_of_year(random: Random) -> tuple[int, int]:
    return 1 + int(random.random() * 12), 1 + int(random.random() * 28)


def _one_of(days: Sequence[date], random: Random) -> date:
    return days[int(random.random() * len(days))]
