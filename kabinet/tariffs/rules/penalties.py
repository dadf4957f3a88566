"""Penalties of citizens for paying late (DOMAIN §2.4; Housing Code, art.155 p.14)."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final

from kabinet.kernel.exact import half_up_ratio
from kabinet.tariffs.values import Calculator, DatedRate, OverdueDays

CALCULATOR: Final = Calculator("penalty", 1)
FREE_DAYS: Final = 30
DAYS_AT_300: Final = 60
PERCENT: Final = 100


class RateMissing(ValueError):
    """Raised when no rate holds on a day that is charged."""


def overdue_days(due_on: date, paid_on: date) -> OverdueDays:
    """Count from the day after the due one to the day of payment, both included."""
    overdue = max((paid_on - due_on).days, 0)
    late = max(overdue - FREE_DAYS, 0)
    return OverdueDays(overdue, at_300=min(late, DAYS_AT_300), at_130=max(late - DAYS_AT_300, 0))


def penalty(debt: Decimal, *, days: OverdueDays, rate_percent: Decimal) -> Decimal:
    """Return the penalty by one rate, rounded once at the end."""
    return half_up_ratio(Fraction(debt) * Fraction(rate_percent) * _parts(days) / PERCENT, places=2)


def penalty_by_dates(debt: Decimal, *, due_on: date, paid_on: date, rates: Sequence[DatedRate]) -> Decimal:
    """Return the penalty where the rate changes on the way: each day by the rate that holds on it, rounded once."""
    total = Fraction(0)
    day = due_on + timedelta(days=FREE_DAYS + 1)
    while day <= paid_on:
        rate = next((one for one in rates if one.period.holds(day)), None)
        if rate is None:
            raise RateMissing(day.isoformat())
        last = min(paid_on, rate.period.end - timedelta(days=1)) if rate.period.end else paid_on
        parts = _parts(overdue_days(due_on, last)) - _parts(overdue_days(due_on, day - timedelta(days=1)))
        total += Fraction(debt) * Fraction(rate.percent) * parts / PERCENT
        day = last + timedelta(days=1)
    return half_up_ratio(total, places=2)


def _parts(days: OverdueDays) -> Fraction:
    return Fraction(days.at_300, 300) + Fraction(days.at_130, 130)
