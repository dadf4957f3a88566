"""What readings will cost, said while they are typed: by the rules of the bill, as information only."""

from collections.abc import Mapping
from decimal import Decimal, localcontext

from kabinet.contracts.values import Zone
from kabinet.kernel.exact import EXACT
from kabinet.readings.rules.tariff_numbers import field_of
from kabinet.readings.values.costs import Cost, Prices
from kabinet.tariffs.rules import water
from kabinet.tariffs.rules.pricing import TariffMissing, price_of
from kabinet.tariffs.values import HotWaterPrices


def power_cost(
    runs: Mapping[Zone, Decimal], prices: Prices, *, months: int, usual: Mapping[Zone, Decimal] | None
) -> Cost | None:
    """Price what the zones of a meter ran; None where no price is known for such a meter."""
    try:
        priced = price_of(runs, prices.power, months=months)
        before = price_of(usual, prices.power, months=months).total if usual else None
    except TariffMissing:
        return None
    by_zone: dict[Zone, Decimal] = {}
    for line in priced.lines:
        zone = field_of(Zone(line.zone))
        by_zone[zone] = by_zone.get(zone, Decimal(0)) + line.amount
    return Cost(priced.total, by_zone, before)


def water_cost(run: Decimal, prices: Prices, *, usual: Decimal | None) -> Cost | None:
    """Price hot water: the water, and the heat in it where it is priced apart."""
    if prices.water is None:
        return None
    return Cost(_water(run, prices, prices.water), {}, None if usual is None else _water(usual, prices, prices.water))


def _water(run: Decimal, prices: Prices, each: Decimal) -> Decimal:
    heat, gcal = prices.heat or Decimal(0), prices.gcal_per_m3 or Decimal(0)
    with localcontext(EXACT):
        return water.hot_water(run, prices=HotWaterPrices(each, heat, gcal)).total
