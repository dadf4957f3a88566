"""Lines of a bill by the portal's own rules, each with what it was made of; equal questions are answered once."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from kabinet.billing.values import Basis
from kabinet.contracts.values import Zone
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource
from kabinet.tariffs.rules import common_needs, electricity, heat, norms, water
from kabinet.tariffs.rules.norms import people_charged
from kabinet.tariffs.values import (
    Areas,
    Calculation,
    ChargeKind,
    DatedRate,
    HotWaterPrices,
    HouseVolumes,
    NormUse,
    Unit,
)
from sandbox.charging.estimates import Correction, Run
from sandbox.charging.prices import PriceBook, Prices
from sandbox.charging.values import Account, Billed, HouseCounts, HouseFacts, LateDebt

_REMEMBERED: Final = 200_000
_WRITTEN: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def of_electricity(run: Run, prices: Prices) -> Iterable[Billed]:
    """Charge what the meter ran, by zones and ranges."""
    limits = [limit * run.months for limit in prices.limits]
    if not limits or sum(volume for _, volume in run.volumes) <= limits[0]:
        # Within the first range nothing is shared: each zone is a question of its own, asked a thousand times.
        for zone, volume in run.volumes:
            price = prices.energy[zone][0]
            kept = {"months": run.months, "price": str(price), "volume": str(volume)} | _dials(run, zone)
            yield from _billed(_zone(zone, volume, price), run.basis, kept)
        return
    listed: dict[Zone | str, Sequence[Decimal]] = {zone: prices.energy[zone] for zone, _ in run.volumes}
    made = electricity.metered_electricity(run.volumes, listed, limits=prices.limits, months=run.months)
    kept = {
        "prices": {zone: list(map(str, each)) for zone, each in listed.items()},
        "volumes": {zone: str(volume) for zone, volume in run.volumes},
        "months": run.months,
        "limits": list(map(str, prices.limits)),
    }
    yield from _billed(made, run.basis, kept | _dials(run))


def of_hot_water(run: Run, prices: Prices) -> tuple[Billed, ...]:
    """Charge hot water, its water and its heat apart."""
    (_, volume), *_ = run.volumes
    return _billed(_hot(volume, prices.hot), run.basis, _kept_of_water(volume, prices) | _dials(run))


def without_meter(account: Account, resource: Resource, prices: Prices) -> tuple[Billed, ...]:
    """Charge the norm for everybody who is counted, with what those pay more who could have a meter."""
    people = people_charged(residents=account.residents, owners=account.owners)
    if resource is Resource.HOT_WATER:
        volume = prices.water_norm * people
        kept = _kept_of_water(volume, prices) | {"norm": str(prices.water_norm), "people": people}
        return _billed(_hot(volume, prices.hot), Basis.NORM, kept)
    norm, price = prices.energy_norm(rooms=account.rooms, people=people), prices.energy[Zone.SINGLE][0]
    made = _by_norm(norm, people, prices.increasing, price)
    kept = {"norm": str(norm), "people": people, "coefficient": str(prices.increasing), "price": str(price)}
    return _billed(made, Basis.NORM, kept)


def norm_of(account: Account, resource: Resource, prices: Prices) -> Decimal:
    """Return the volume of a month by the norm."""
    people = people_charged(residents=account.residents, owners=account.owners)
    if resource is Resource.HOT_WATER:
        return prices.water_norm * people
    return prices.energy_norm(rooms=account.rooms, people=people) * people


def of_common_needs(
    account: Account, house: HouseFacts, counts: HouseCounts | None, prices: Prices
) -> tuple[Billed, ...]:
    """Charge the flat's share of stairs and lifts; nothing where nothing is left."""
    if not house.has_common_needs:
        return ()
    areas = Areas(account.area, house.total_area, house.common_area)
    made = _common(areas, _volumes(counts), prices.common_norm, prices.energy[Zone.SINGLE][0])
    line = made.lines[0]
    kept: dict[str, Any] = {
        "flat_area": str(areas.flat), "total_area": str(areas.total), "common_area": str(areas.common),
        "price": str(line.price),
    }  # fmt: skip
    if counts is None:
        return _billed(made, Basis.NORM, kept | {"norm": str(prices.common_norm)})
    kept |= {
        "house": str(counts.electricity), "nonresidential": str(counts.nonresidential),
        "flats_by_norm": str(counts.flats_by_norm), "flats_by_meter": str(counts.flats_by_meter),
    }  # fmt: skip
    return _billed(made, Basis.METER, kept)


def of_heat(account: Account, prices: Prices) -> tuple[Billed, ...]:
    """Charge heating by the norm of a square metre, in the months of the season."""
    if not prices.is_heated:
        return ()
    made = _heat(prices.heat_norm, account.area, prices.hot.heat)
    kept = {"norm": str(prices.heat_norm), "flat_area": str(account.area), "price": str(prices.hot.heat)}
    return _billed(made, Basis.NORM, kept)


def of_corrections(
    corrections: Iterable[Correction], resource: Resource, house: HouseFacts, book: PriceBook
) -> tuple[Billed, ...]:
    """Take back what months without a reading were charged too much, at the prices of those months."""
    lines: list[Billed] = []
    for each in corrections:
        prices = book.of(Month.parse(each.month), house)
        if resource is Resource.HOT_WATER:
            made, kept = _hot(-each.volume, prices.hot), _kept_of_water(-each.volume, prices)
        else:
            price = prices.energy[each.zone][0]
            made, kept = _zone(each.zone, -each.volume, price), {"price": str(price), "volume": str(-each.volume)}
        lines.extend(_billed(made, Basis.METER, kept | {"of_month": each.month}, kind=ChargeKind.RECALCULATION))
    return tuple(lines)


def _kept_of_water(volume: Decimal, prices: Prices) -> dict[str, Any]:
    hot = prices.hot
    return {
        "volume": str(volume), "water": str(hot.water), "heat": str(hot.heat), "gcal_per_m3": str(hot.gcal_per_m3),
    }  # fmt: skip


def _dials(run: Run, only: Zone | None = None) -> dict[str, Any]:
    """Return what the registers showed before and now, where they were read."""
    return {f"dial_{zone}": [before, now] for zone, before, now in run.dials if only is None or zone is only}


def _billed(
    made: Calculation, basis: Basis, kept: dict[str, Any], *, kind: ChargeKind | None = None
) -> tuple[Billed, ...]:
    """Set beside each line what made it; ranges that nothing reached are not printed."""
    written = _WRITTEN(kept)
    return tuple(
        Billed(replace(line, kind=kind) if kind else line, made.calculator, basis, written)
        for line in made.lines
        if line.quantity or line.range_number in (None, 1)
    )


def _volumes(counts: HouseCounts | None) -> HouseVolumes | None:
    if counts is None:
        return None
    return HouseVolumes(
        house=counts.electricity,
        nonresidential=counts.nonresidential,
        flats_by_norm=counts.flats_by_norm,
        flats_by_meter=counts.flats_by_meter,
    )


@lru_cache(_REMEMBERED)
def _zone(zone: Zone, volume: Decimal, price: Decimal) -> Calculation:
    return electricity.metered_electricity(((zone, volume),), {zone: (price,)})


@lru_cache(_REMEMBERED)
def _hot(volume: Decimal, prices: HotWaterPrices) -> Calculation:
    return water.hot_water(volume, prices=prices)


@lru_cache(_REMEMBERED)
def _by_norm(norm: Decimal, people: int, coefficient: Decimal, price: Decimal) -> Calculation:
    use = NormUse(norm, people, coefficient)
    return norms.by_norm(use, price=price, resource=Resource.ELECTRICITY, unit=Unit.KWH)


@lru_cache(_REMEMBERED)
def _common(areas: Areas, volumes: HouseVolumes | None, norm: Decimal, price: Decimal) -> Calculation:
    shared = (
        common_needs.volume_by_norm(norm, areas=areas)
        if volumes is None
        else common_needs.volume_by_house_meter(volumes, areas=areas)
    )
    return common_needs.common_needs(shared, price=price, resource=Resource.ELECTRICITY, unit=Unit.KWH)


@lru_cache(_REMEMBERED)
def _heat(norm: Decimal, area: Decimal, price: Decimal) -> Calculation:
    return heat.heat_by_norm(norm, flat_area=area, price=price)


def kept_of_fine(late: Sequence[LateDebt], rates: Sequence[DatedRate]) -> str:
    """Return what a penalty was counted of: its debts with their days, the rates with theirs."""
    debts = [[str(debt.amount), *(day.isoformat() for day in (debt.due_on, debt.before, debt.until))] for debt in late]
    dated = [
        [str(rate.percent), rate.period.start.isoformat(), rate.period.end.isoformat() if rate.period.end else None]
        for rate in rates
    ]
    return json.dumps({"debts": debts, "rates": dated})
