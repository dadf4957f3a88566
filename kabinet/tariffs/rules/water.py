"""Cold and hot water and what goes into the drains (DOMAIN §3)."""

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Final

from kabinet.kernel.exact import EXACT, half_up_ratio
from kabinet.kernel.money import to_kopecks
from kabinet.providers.values import Resource
from kabinet.tariffs.values import Boiler, Calculation, Calculator, ChargeKind, ChargeLine, HotWaterPrices, Unit

COLD_AND_SEWAGE: Final = Calculator("cold_water_and_sewage", 1)
TWO_COMPONENTS: Final = Calculator("hot_water_two_components", 1)
HOUSE_BOILER: Final = Calculator("hot_water_house_boiler", 1)
GCAL_PLACES: Final = 4


def cold_and_sewage(*, cold: Decimal, hot: Decimal, cold_price: Decimal, sewage_price: Decimal) -> Calculation:
    """Price cold water, and the drains for cold and hot together."""
    with localcontext(EXACT):
        lines = (
            _cubic(Resource.COLD_WATER, cold, price=cold_price),
            _cubic(Resource.SEWAGE, cold + hot, price=sewage_price),
        )
    return Calculation(COLD_AND_SEWAGE, lines)


def hot_water(volume: Decimal, *, prices: HotWaterPrices) -> Calculation:
    """Price the water and the heat in it apart; the heat's amount comes from the unrounded Gcal."""
    with localcontext(EXACT):
        gcal = volume * prices.gcal_per_m3
        heat = to_kopecks(gcal * prices.heat)
    lines = (
        _cubic(Resource.HOT_WATER, volume, price=prices.water),
        _heat_line(Fraction(gcal), price=prices.heat, amount=heat),
    )
    return Calculation(TWO_COMPONENTS, lines)


def hot_water_of_boiler(volume: Decimal, *, boiler: Boiler, cold_price: Decimal, heat_price: Decimal) -> Calculation:
    """Price hot water that the house heats itself, by what a cubic metre of it cost (formula 20).

    The price is printed in kopecks; the amount comes from the unrounded one.
    """
    each = Fraction(boiler.heat) * Fraction(heat_price) / Fraction(boiler.volume) + Fraction(cold_price)
    amount = half_up_ratio(each * Fraction(volume), places=2)
    price = half_up_ratio(each, places=2)
    line = ChargeLine(Resource.HOT_WATER, ChargeKind.SUPPLY, volume, Unit.M3, price, amount)
    return Calculation(HOUSE_BOILER, (line,))


def drain_volume(*, previous: Decimal, current: Decimal) -> Decimal:
    """Return the volume of hot water into the drains: what its meter ran."""
    with localcontext(EXACT):
        return current - previous


def _cubic(resource: Resource, volume: Decimal, *, price: Decimal) -> ChargeLine:
    with localcontext(EXACT):
        amount = to_kopecks(volume * price)
    return ChargeLine(resource, ChargeKind.SUPPLY, volume, Unit.M3, price, amount)


def _heat_line(gcal: Fraction, *, price: Decimal, amount: Decimal) -> ChargeLine:
    shown = half_up_ratio(gcal, places=GCAL_PLACES)
    return ChargeLine(Resource.HOT_WATER, ChargeKind.SUPPLY, shown, Unit.GCAL, price, amount)
