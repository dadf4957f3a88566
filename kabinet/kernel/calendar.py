"""The five-day working week of Russia, with official transfers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

import holidays

_DAY = timedelta(days=1)
_SATURDAY = 5
_MOVED_FROM = re.compile(r"\(перенесено с ([0-9]{2})\.([0-9]{2})\.([0-9]{4})\)")

# Labour Code, article 112.
_JANUARY = tuple((1, day) for day in range(1, 9))
_HOLIDAYS = frozenset({*_JANUARY, (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)})


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The federal calendar; `overrides` say of single days whether they are worked (a decree, a regional holiday)."""

    overrides: Mapping[date, bool] = field(default_factory=lambda: MappingProxyType({}))

    def is_working(self, day: date) -> bool:
        """Say whether the day is worked."""
        override = self.overrides.get(day)
        return _is_federal_working_day(day) if override is None else override

    def is_shortened(self, day: date) -> bool:
        """Say whether the working day is an hour shorter, being the eve of a holiday (article 95)."""
        if not self.is_working(day):
            return False
        return self._is_eve(day) or _stands_for_an_eve(day)

    def first_working_day(self, on_or_after: date) -> date:
        """Return the day itself when it is worked, else the next one that is."""
        day = on_or_after
        while not self.is_working(day):
            day += _DAY
        return day

    def _is_eve(self, day: date) -> bool:
        # No holiday of the list falls on the day after the last day that a date can hold.
        return day != date.max and _is_holiday(day + _DAY) and not self.is_working(day + _DAY)


@dataclass(frozen=True, slots=True)
class _Year:
    days_off: frozenset[date]
    working_weekends: frozenset[date]
    # Where the day off of a weekend that is worked was moved to.
    moved_to: Mapping[date, date]


def _is_holiday(day: date) -> bool:
    return (day.month, day.day) in _HOLIDAYS


def _is_weekend(day: date) -> bool:
    return day.weekday() >= _SATURDAY


def _is_federal_working_day(day: date) -> bool:
    year = _year(day.year)
    if day in year.working_weekends:
        return True
    return not _is_weekend(day) and day not in year.days_off


def _stands_for_an_eve(day: date) -> bool:
    # A weekend worked in place of an eve is as short as the eve would have been
    # (Ministry of Labour, explanation 4 of 25.02.1994): 1 November 2025 stands for the 3rd.
    given_up_for = _year(day.year).moved_to.get(day)
    return given_up_for is not None and _is_holiday(given_up_for + _DAY)


@lru_cache(maxsize=64)
def _year(year: int) -> _Year:
    listed = holidays.country_holidays("RU", years=year, expand=False, language="ru")
    if all(_is_holiday(day) for day in listed):
        # No transfer is known: the year is before the table or its decree is not out yet.
        return _Year(_days_off_by_law(year), frozenset(), {})
    weekends = frozenset(listed.weekend_workdays)
    moved = {origin: day for day, name in listed.items() if (origin := _origin(name)) and origin in weekends}
    return _Year(frozenset(listed), weekends, moved)


def _origin(name: str) -> date | None:
    written = _MOVED_FROM.search(name)
    return date(int(written[3]), int(written[2]), int(written[1])) if written else None


def _days_off_by_law(year: int) -> frozenset[date]:
    """Return the holidays of article 112 and the working days that those on a weekend move to, but January's."""
    days_off = {date(year, month, day) for month, day in _HOLIDAYS}
    for holiday in sorted(days_off):
        if holiday.month == 1 or not _is_weekend(holiday):
            continue
        moved = holiday
        while _is_weekend(moved) or moved in days_off:
            moved += _DAY
        days_off.add(moved)
    return frozenset(days_off)
