"""Counting a charge again from the values that it kept, by the rule that made it (docs/exchange.md, «Kept values»).

A rule that changes gets a new version, and the old one stays here for as long as there are charges of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from kabinet.kernel.periods import Period
from kabinet.providers.values import Resource
from kabinet.tariffs.rules import common_needs, electricity, heat, norms, penalties, water
from kabinet.tariffs.values import (
    Areas,
    Boiler,
    Calculation,
    Calculator,
    ChargeKind,
    ChargeLine,
    DatedRate,
    HotWaterPrices,
    HouseVolumes,
    NormUse,
    Unit,
    total_of,
)

Kept = Mapping[str, Any]


class Uncountable(ValueError):
    """Raised when nobody knows the rule, or the values are not what it asks for."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What tells a line from the others that its rule gave."""

    resource: Resource
    kind: ChargeKind
    unit: Unit | str
    zone: str
    range_number: int | None


def recounted(printed: Printed, *, calculator: Calculator, kept: Kept) -> Decimal:
    """Return what the line comes to from what it kept."""
    if calculator not in CALCULATORS:
        raise Uncountable(f"{calculator.name} {calculator.version}")
    try:
        if calculator == penalties.CALCULATOR:
            return _penalty(kept)
        rule = _RULES[calculator]
        (line,) = [line for line in rule(kept, printed).lines if _is(line, printed)]
    except (KeyError, TypeError, ValueError, ArithmeticError) as broken:
        raise Uncountable(str(broken)) from broken
    return line.amount


def _is(line: ChargeLine, printed: Printed) -> bool:
    """Say whether a rule's line is the printed one; a correction is a line of supply under another name."""
    kind = ChargeKind.SUPPLY if printed.kind is ChargeKind.RECALCULATION else printed.kind
    told = (line.resource, line.kind, line.unit, str(line.zone), line.range_number)
    return told == (printed.resource, kind, printed.unit, printed.zone, printed.range_number)


def _electricity(kept: Kept, printed: Printed) -> Calculation:
    """Count a zone that stayed within the first range by itself, or all zones that share ranges."""
    if "price" in kept:
        zone, volume, price = printed.zone, Decimal(kept["volume"]), Decimal(kept["price"])
        return electricity.metered_electricity(((zone, volume),), {zone: (price,)})
    return electricity.metered_electricity(
        [(zone, Decimal(volume)) for zone, volume in kept["volumes"].items()],
        {zone: [Decimal(price) for price in listed] for zone, listed in kept["prices"].items()},
        limits=[Decimal(limit) for limit in kept["limits"]],
        months=int(kept["months"]),
    )


def _by_norm(kept: Kept, printed: Printed) -> Calculation:
    use = NormUse(Decimal(kept["norm"]), int(kept["people"]), Decimal(kept["coefficient"]))
    return norms.by_norm(use, price=Decimal(kept["price"]), resource=printed.resource, unit=Unit(printed.unit))


def _common_needs(kept: Kept, printed: Printed) -> Calculation:
    areas = Areas(*(Decimal(kept[name]) for name in ("flat_area", "total_area", "common_area")))
    if "norm" in kept:
        volume = common_needs.volume_by_norm(Decimal(kept["norm"]), areas=areas)
    else:
        volume = common_needs.volume_by_house_meter(_volumes(kept), areas=areas)
    return common_needs.common_needs(
        volume, price=Decimal(kept["price"]), resource=printed.resource, unit=Unit(printed.unit)
    )


def _volumes(kept: Kept) -> HouseVolumes:
    return HouseVolumes(
        house=Decimal(kept["house"]),
        nonresidential=Decimal(kept["nonresidential"]),
        flats_by_norm=Decimal(kept["flats_by_norm"]),
        flats_by_meter=Decimal(kept["flats_by_meter"]),
        utility_use=Decimal(kept.get("utility_use", "0")),
    )


def _hot_water(kept: Kept, _printed: Printed) -> Calculation:
    prices = HotWaterPrices(*(Decimal(kept[name]) for name in ("water", "heat", "gcal_per_m3")))
    return water.hot_water(Decimal(kept["volume"]), prices=prices)


def _hot_water_of_boiler(kept: Kept, _printed: Printed) -> Calculation:
    boiler = Boiler(heat=Decimal(kept["boiler_heat"]), volume=Decimal(kept["boiler_volume"]))
    prices = {name: Decimal(kept[name]) for name in ("cold_price", "heat_price")}
    return water.hot_water_of_boiler(Decimal(kept["volume"]), boiler=boiler, **prices)


def _cold_and_sewage(kept: Kept, _printed: Printed) -> Calculation:
    return water.cold_and_sewage(
        **{name: Decimal(kept[name]) for name in ("cold", "hot", "cold_price", "sewage_price")}
    )


def _heat_by_norm(kept: Kept, _printed: Printed) -> Calculation:
    return heat.heat_by_norm(Decimal(kept["norm"]), flat_area=Decimal(kept["flat_area"]), price=Decimal(kept["price"]))


def _heat_by_house_meter(kept: Kept, _printed: Printed) -> Calculation:
    areas = Areas(flat=Decimal(kept["flat_area"]), total=Decimal(kept["total_area"]))
    return heat.heat_by_house_meter(Decimal(kept["house"]), areas=areas, price=Decimal(kept["price"]))


def _penalty(kept: Kept) -> Decimal:
    """Add what each debt cost in the month: up to its last day in it, less what it had cost up to the day before."""
    rates = [
        DatedRate(Decimal(percent), Period(date.fromisoformat(since), date.fromisoformat(until) if until else None))
        for percent, since, until in kept["rates"]
    ]
    return total_of(
        penalties.penalty_by_dates(Decimal(amount), due_on=due_on, paid_on=until, rates=rates)
        - penalties.penalty_by_dates(Decimal(amount), due_on=due_on, paid_on=before, rates=rates)
        for amount, *days in kept["debts"]
        for due_on, before, until in [map(date.fromisoformat, days)]
    )


_RULES: Final[Mapping[Calculator, Callable[[Kept, Printed], Calculation]]] = {
    electricity.CALCULATOR: _electricity,
    norms.CALCULATOR: _by_norm,
    common_needs.CALCULATOR: _common_needs,
    water.TWO_COMPONENTS: _hot_water,
    water.HOUSE_BOILER: _hot_water_of_boiler,
    water.COLD_AND_SEWAGE: _cold_and_sewage,
    heat.BY_NORM: _heat_by_norm,
    heat.BY_HOUSE_METER: _heat_by_house_meter,
}
# A penalty is a sum, not lines.
CALCULATORS: Final = frozenset({*_RULES, penalties.CALCULATOR})
