"""Common needs of a house, ОДН (DOMAIN §2.3; appendix 2 of rule 354, whose numbers of formulas are from memory)."""

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Final

from kabinet.kernel.exact import EXACT, half_up_ratio
from kabinet.kernel.money import to_kopecks
from kabinet.providers.values import Resource
from kabinet.tariffs.values import (
    Areas,
    Calculation,
    Calculator,
    ChargeKind,
    ChargeLine,
    CommonFlag,
    CommonVolume,
    HouseVolumes,
    Unit,
)

CALCULATOR: Final = Calculator("common_needs", 1)
# The source's own figures force it: 30.31 kWh at 2.43 is 73.65, the unrounded volume would be 73.64.
VOLUME_PLACES: Final = 2


def volume_by_norm(norm: Decimal, *, areas: Areas) -> CommonVolume:
    """Share a norm per square metre of what is held in common by the flat's area (formula 15: no house meter)."""
    share = Fraction(norm) * Fraction(areas.common) * Fraction(areas.flat) / Fraction(areas.total)
    return CommonVolume(half_up_ratio(share, places=VOLUME_PLACES), share)


def volume_by_house_meter(volumes: HouseVolumes, *, areas: Areas) -> CommonVolume:
    """Share by the flat's area what the house meter counted beyond everybody's own (formula 12).

    Nothing is charged where nothing is left. What is below zero is not spread over the flats (p.47): the wording is not
    verified, and no case asks for it.
    """
    residual = house_residual(volumes)
    if residual <= 0:
        return CommonVolume(Decimal("0.00"), Fraction(0), residual, CommonFlag.NON_POSITIVE_RESIDUAL)
    share = Fraction(residual) * Fraction(areas.flat) / Fraction(areas.total)
    return CommonVolume(half_up_ratio(share, places=VOLUME_PLACES), share, residual)


def house_residual(volumes: HouseVolumes) -> Decimal:
    """Return what the house meter counted beyond everybody's own."""
    with localcontext(EXACT):
        own = volumes.nonresidential + volumes.flats_by_norm + volumes.flats_by_meter + volumes.utility_use
        return volumes.house - own


def common_needs(volume: CommonVolume, *, price: Decimal, resource: Resource, unit: Unit) -> Calculation:
    """Price the volume as it is printed (formula 10)."""
    with localcontext(EXACT):
        amount = to_kopecks(volume.printed * price)
    line = ChargeLine(resource, ChargeKind.COMMON_NEEDS, volume.printed, unit, price, amount)
    return Calculation(CALCULATOR, (line,))
