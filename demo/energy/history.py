"""A year and more of accepted readings of an electricity meter, all its registers read on the same days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Final

from demo.energy.dials import Kit, Scale
from kabinet.exchange.values import entities
from kabinet.exchange.values.entities import Quality, ReadingOrigin
from kabinet.kernel.periods import Month
from sandbox.billing.truth import reading_id

MONTHS: Final = 14
# What is used in each month of the year, of the year's mean: more in the dark months.
SEASON: Final = (1.22, 1.16, 1.08, 0.98, 0.9, 0.84, 0.82, 0.84, 0.91, 1.0, 1.1, 1.15)
READ_FROM: Final = 24
_ORIGINS: Final = ((ReadingOrigin.CUSTOMER, 90), (ReadingOrigin.INSPECTOR, 6), (ReadingOrigin.ESTIMATE, 4))


@dataclass(frozen=True, slots=True)
class Visit:
    """A day on which all registers of a meter were read, and what had run through it since the one before."""

    month: Month
    taken_on: date
    origin: ReadingOrigin
    run: Decimal


def visits(kit: Kit, months: Sequence[Month], random: Random, *, is_automatic: bool) -> tuple[Visit, ...]:
    """Return when a meter was read, the setting up first."""
    usual = random.randrange(*kit.make.usual)
    first = Visit(months[0].previous, _day(months[0].previous, random), ReadingOrigin.INITIAL, Decimal(0))
    return (first, *(_visit(month, usual, random, is_automatic=is_automatic) for month in months))


def _visit(month: Month, usual: int, random: Random, *, is_automatic: bool) -> Visit:
    origin = random.choices([origin for origin, _ in _ORIGINS], weights=[weight for _, weight in _ORIGINS])[0]
    # A tenth of a percent is fine enough for a figure that nobody measured.
    part = Decimal(round(SEASON[month.month - 1] * random.uniform(0.86, 1.14) * 1000)) / 1000
    return Visit(month, _day(month, random), ReadingOrigin.AMI if is_automatic else origin, usual * part)


def _day(month: Month, random: Random) -> date:
    return month.day(random.randrange(READ_FROM, 32))


def readings(
    register: str, scale: Scale, kit: Kit, told: Sequence[Visit], random: Random
) -> tuple[entities.Reading, ...]:
    """Return what a register showed at each visit; it stays far from its roll-over."""
    step = Decimal(1).scaleb(-kit.make.fraction_digits)
    value = Decimal(random.randrange(10 ** (kit.make.integer_digits - 1)))
    found = []
    for visit in told:
        value += (visit.run * scale.share).quantize(step)
        found.append(reading(register, visit.month, value, taken_on=visit.taken_on, origin=visit.origin))
    return tuple(found)


def reading(register: str, month: Month, value: Decimal, *, taken_on: date, origin: ReadingOrigin) -> entities.Reading:
    """Make an accepted reading as billing tells it."""
    return entities.Reading.model_validate(
        {
            "external_id": reading_id(register, month, origin),
            "version": 1,
            "register": register,
            "month": month,
            "taken_on": taken_on,
            "value": format(value, "f"),
            "origin": origin,
            "quality": Quality.ESTIMATED if origin is ReadingOrigin.ESTIMATE else Quality.MEASURED,
        }
    )
