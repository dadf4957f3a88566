"""Years of accepted readings that a real meter could have: rising, by the season, taken in their windows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from random import Random
from typing import Final

from kabinet.exchange.values import entities
from kabinet.exchange.values.entities import Quality, ReadingOrigin
from kabinet.kernel.calendar import WorkCalendar
from kabinet.kernel.periods import Month
from kabinet.providers.values import DeadlineDay
from kabinet.readings.rules import windows
from kabinet.readings.values import Window
from sandbox.billing.truth import reading_id

# What is used in each month of the year, of the year's mean: more in summer, less in the holidays of January.
SEASON: Final = (0.86, 0.93, 0.97, 1.0, 1.06, 1.16, 1.2, 1.16, 1.05, 0.97, 0.92, 0.88)
MONTHS: Final = 36
ORIGINS: Final = ((ReadingOrigin.CUSTOMER, 90), (ReadingOrigin.INSPECTOR, 6), (ReadingOrigin.ESTIMATE, 4))


@dataclass(frozen=True)
class Calendar:
    """When readings of a contract are taken: by the provider's rule and the contract's day, as of today."""

    rule: DeadlineDay
    deadline_day: int
    today: date
    work: WorkCalendar
    # Contracts by the thousand share a deadline day, and so their windows.
    _days: dict[Month, tuple[date, ...]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def last_month(self) -> Month:
        """Return the newest month whose window is over."""
        return self._current.month.previous

    def day_in(self, month: Month, random: Random) -> date:
        """Return a day of the month's window, never today or later."""
        return random.choice(self.days_in(month))

    def days_in(self, month: Month) -> tuple[date, ...]:
        """Return the days of the month's window that are over."""
        if month not in self._days:
            window = self._window_of(month)
            last = min(window.closes or window.opens, self.today - timedelta(days=1))
            days = range(max(1, (last - window.opens).days + 1))
            self._days[month] = tuple(window.opens + timedelta(days=day) for day in days)
        return self._days[month]

    def _window_of(self, month: Month) -> Window:
        return windows.window_of(self.rule, month, calendar=self.work, deadline_day=self.deadline_day)

    @property
    def _current(self) -> Window:
        return windows.current_window(self.rule, self.today, calendar=self.work, deadline_day=self.deadline_day)


@dataclass(frozen=True, slots=True)
class Course:
    """How a meter runs: `usual` m³ a month, and where its dial stands at the end when that is given."""

    usual: int
    capacity: int
    months: int = MONTHS
    ends_at: int | None = None
    skips_last: bool = False


def readings(register: str, course: Course, *, calendar: Calendar, random: Random) -> tuple[entities.Reading, ...]:
    """Return the accepted readings of a register, the oldest first; the first is the one it was installed with."""
    last = calendar.last_month.previous if course.skips_last else calendar.last_month
    months = [last.plus(-back) for back in range(course.months - 1, -1, -1)]
    runs = [_run(course, month, random) for month in months]
    value = _start(course, sum(runs), random)
    installed_on = calendar.day_in(months[0].previous, random)
    first = reading(register, months[0].previous, value, taken_on=installed_on, origin=ReadingOrigin.INITIAL)
    return (first, *_later(register, months, runs, value, calendar=calendar, random=random))


def reading(register: str, month: Month, value: int, *, taken_on: date, origin: ReadingOrigin) -> entities.Reading:
    """Make an accepted reading as billing tells it."""
    return entities.Reading.model_validate(
        {
            "external_id": reading_id(register, month, origin),
            "version": 1,
            "register": register,
            "month": month,
            "taken_on": taken_on,
            "value": str(value),
            "origin": origin,
            "quality": Quality.ESTIMATED if origin is ReadingOrigin.ESTIMATE else Quality.MEASURED,
        }
    )


def volumes(point: str, hot: tuple[entities.Reading, ...]) -> tuple[entities.SewageVolume, ...]:
    """Return what ran through a hot-water meter month by month, as volumes of its point."""
    return tuple(
        entities.SewageVolume(
            external_id=reading_id(point, after.month, after.origin),
            version=1,
            supply_point=point,
            month=after.month,
            taken_on=after.taken_on,
            value=after.value - before.value,
            origin=after.origin,
            quality=after.quality,
        )
        for before, after in pairwise(hot)
    )


def _later(
    register: str, months: list[Month], runs: list[int], value: int, *, calendar: Calendar, random: Random
) -> Iterator[entities.Reading]:
    origins = random.choices(
        [origin for origin, _ in ORIGINS], weights=[weight for _, weight in ORIGINS], k=len(months)
    )
    for month, run, origin in zip(months, runs, origins, strict=True):
        value += run
        yield reading(register, month, value, taken_on=calendar.day_in(month, random), origin=origin)


def _run(course: Course, month: Month, random: Random) -> int:
    return round(course.usual * SEASON[month.month - 1] * random.uniform(0.85, 1.15))


def _start(course: Course, total: int, random: Random) -> int:
    if course.ends_at is not None:
        return course.ends_at - total
    # Room is left for a year more, so that only the one meter that is meant to comes near its roll-over.
    room = course.capacity - total - 14 * course.usual
    return random.randrange(max(1, min(room, course.usual * 40)))
