"""Months, which are the periods of billing, and half-open spans of days."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_WRITTEN = re.compile(r"([0-9]{4})-([0-9]{2})")


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, written `2026-10` and stored as the date of its first day."""

    year: int
    month: int

    def __post_init__(self) -> None:
        # date() refuses what is no month, with its own words.
        date(self.year, self.month, 1)

    @classmethod
    def of(cls, day: date) -> "Month":
        """Return the month that holds the day."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read `2026-10`; anything else is a ValueError."""
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise ValueError(f"a month is written 2026-10, not {text!r}")
        return cls(int(written[1]), int(written[2]))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.month, self.days)

    @property
    def days(self) -> int:
        return _days_of(self.year, self.month)

    @property
    def next(self) -> "Month":
        return self.plus(1)

    @property
    def previous(self) -> "Month":
        return self.plus(-1)

    def plus(self, months: int) -> "Month":
        """Return the month so many months later; earlier when negative."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    def months_since(self, other: "Month") -> int:
        """Count the months from the other one to this."""
        return (self.year - other.year) * 12 + self.month - other.month

    def day(self, number: int) -> date:
        """Return that day of the month, or the month's last day when it has no such day."""
        return date(self.year, self.month, min(number, self.days))

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@lru_cache(4096)
def _days_of(year: int, month: int) -> int:
    """Count the days of a month: billing asks a thousand times for each."""
    return monthrange(year, month)[1]


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` up to, not including, `end`; without `end` it is open."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise ValueError("a period ends after its start")

    def holds(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: "Period") -> bool:
        """Say whether the two share a day."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)
