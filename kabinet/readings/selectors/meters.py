"""One meter as its page tells it (READ-10, READ-19)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Final
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from kabinet.contracts.models import Meter, Register
from kabinet.contracts.values import Action, Viewer
from kabinet.kernel.periods import Month
from kabinet.readings.rules.monthly import MonthlyRun, monthly
from kabinet.readings.selectors.point_history import HistoryLine, lines_of
from kabinet.readings.selectors.points import seen_by

MONTHS_TOLD: Final = 24


@dataclass(frozen=True, slots=True)
class MonthOfMeter:
    """What a meter ran in a month by quantity, zones added up; nothing where a zone's run is not known."""

    month: Month
    runs: dict[str, Decimal | None]
    months: int
    rolled_over: bool


@dataclass(frozen=True, slots=True)
class MeterStory:
    """A meter with what was read of it and what it ran, the newest first."""

    meter: Meter
    lines: tuple[HistoryLine, ...]
    months: tuple[MonthOfMeter, ...]
    quantities: tuple[str, ...]


def meters_seen_by(viewer: Viewer) -> QuerySet[Meter]:
    """Return the meters whose readings the viewer may see, those that were taken away, too."""
    registers = Register.objects.order_by("quantity", "tariff_number", "zone", "valid_from", "pk")
    return (
        Meter.objects.filter(seen_by(viewer, action=Action.SEE_READINGS, point="point_id"))
        .select_related("point", "contract", "replaced_by")
        .prefetch_related(Prefetch("registers", registers), "replaces")
    )


def story_of(viewer: Viewer, meter_id: UUID, *, this: Month) -> MeterStory | None:
    """Return a meter's story of two years; None where the viewer has no sight of it."""
    meter = meters_seen_by(viewer).filter(pk=meter_id).first()
    if meter is None:
        return None
    # A month more: what ran in the first month is counted from the reading before it.
    lines = lines_of([meter], since=this.plus(-MONTHS_TOLD), until=this.next).get(meter.pk, [])
    months = _months(meter, lines)
    quantities = tuple(dict.fromkeys(register.quantity for register in meter.registers.all()))
    return MeterStory(meter, tuple(lines), tuple(reversed(months)), quantities)


def _months(meter: Meter, lines: Sequence[HistoryLine]) -> list[MonthOfMeter]:
    """Put the runs of registers together by month; directions of energy stay apart."""
    found: defaultdict[Month, list[tuple[str, MonthlyRun]]] = defaultdict(list)
    for register in meter.registers.all():
        marks = [line.to_mark() for line in lines if line.register.pk == register.pk and line.is_accepted]
        for run in monthly(marks, integer_digits=register.integer_digits, ratio=meter.ratio):
            found[run.month].append((register.quantity, run))
    return [_month(month, runs) for month, runs in sorted(found.items())]


def _month(month: Month, runs: Sequence[tuple[str, MonthlyRun]]) -> MonthOfMeter:
    amounts: dict[str, Decimal | None] = {}
    for quantity, own in groupby(sorted(runs, key=lambda one: one[0]), key=lambda one: one[0]):
        told = [run.run for _, run in own]
        known = [amount for amount in told if amount is not None]
        amounts[quantity] = sum(known, Decimal(0)) if len(known) == len(told) else None
    return MonthOfMeter(
        month,
        amounts,
        months=max(run.months for _, run in runs),
        rolled_over=any(run.rolled_over for _, run in runs),
    )
