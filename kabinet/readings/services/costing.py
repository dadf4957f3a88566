"""What stands in the fields of a flat's page costs: the same on the form, as one types, and on the check screen."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from kabinet.contracts.values import Zone
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource
from kabinet.readings.rules.costs import power_cost, water_cost
from kabinet.readings.rules.plausibility import months_between
from kabinet.readings.selectors.history import Known, usual_of
from kabinet.readings.selectors.household import Flat
from kabinet.readings.services.checking import Checked, CheckedMeter
from kabinet.readings.values.costs import Cost, Prices


@dataclass(frozen=True, slots=True)
class MeterCost:
    """What a meter's readings cost."""

    meter: CheckedMeter
    cost: Cost


def costs_of(flat: Flat, seen: Checked, prices: Prices) -> list[MeterCost]:
    """Price every meter of which something new stands in all fields, and that runs forward."""
    return [
        MeterCost(meter, cost) for meter in seen.going if (cost := _cost(meter, prices, month=flat.month)) is not None
    ]


def _cost(meter: CheckedMeter, prices: Prices, *, month: Month) -> Cost | None:
    runs = dict(_runs(meter))
    if len(runs) < len(meter.fields):
        return None
    usual = dict(_usual(meter, month=month))
    is_known = len(usual) == len(runs)
    if meter.of.resource is Resource.HOT_WATER:
        (run,) = runs.values()
        return water_cost(run, prices, usual=next(iter(usual.values())) if is_known else None)
    return power_cost(runs, prices, months=_months(meter, month=month), usual=usual if is_known else None)


def _runs(meter: CheckedMeter) -> Iterator[tuple[Zone, Decimal]]:
    for field in meter.fields:
        run = field.verdict.consumption if field.raw and field.line else None
        if run is not None and run >= 0 and not field.is_blocked:
            yield field.zone, run


def _usual(meter: CheckedMeter, *, month: Month) -> Iterator[tuple[Zone, Decimal]]:
    for field in meter.fields:
        run = usual_of(Known(field.line.previous, field.line.past), month=month) if field.line else None
        if run is not None:
            yield field.zone, run


def _months(meter: CheckedMeter, *, month: Month) -> int:
    line = meter.fields[0].line
    return months_between(line.previous.month if line and line.previous else None, month)
