"""Heating of a flat (DOMAIN §3; formulas 2 and 3 of appendix 2 to rule 354 are from memory)."""

from decimal import Decimal
from fractions import Fraction
from typing import Final

from kabinet.kernel.exact import half_up_ratio
from kabinet.providers.values import Resource
from kabinet.tariffs.values import Areas, Calculation, Calculator, ChargeKind, ChargeLine, Unit

BY_NORM: Final = Calculator("heat_by_norm", 1)
BY_HOUSE_METER: Final = Calculator("heat_by_house_meter", 1)
GCAL_PLACES: Final = 4


def heat_by_norm(norm: Decimal, *, flat_area: Decimal, price: Decimal) -> Calculation:
    """Price a norm of Gcal per square metre (formula 2: no meter at all)."""
    return Calculation(BY_NORM, (_line(Fraction(norm) * Fraction(flat_area), price=price),))


def heat_by_house_meter(house_gcal: Decimal, *, areas: Areas, price: Decimal) -> Calculation:
    """Price the flat's share, by area, of what the house took (formula 3: no meters in flats)."""
    share = Fraction(house_gcal) * Fraction(areas.flat) / Fraction(areas.total)
    return Calculation(BY_HOUSE_METER, (_line(share, price=price),))


def _line(gcal: Fraction, *, price: Decimal) -> ChargeLine:
    """Print the Gcal with four places, charge them unrounded."""
    return ChargeLine(
        Resource.HEAT,
        ChargeKind.SUPPLY,
        quantity=half_up_ratio(gcal, places=GCAL_PLACES),
        unit=Unit.GCAL,
        price=price,
        amount=half_up_ratio(gcal * Fraction(price), places=2),
    )
