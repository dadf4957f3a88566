"""What is charged by a norm where no meter counts (DOMAIN §2.2; rule 354, p.42)."""

from decimal import Decimal, localcontext
from typing import Final

from kabinet.kernel.exact import EXACT
from kabinet.kernel.money import to_kopecks
from kabinet.providers.values import Resource
from kabinet.tariffs.values import Calculation, Calculator, ChargeKind, ChargeLine, NormUse, Unit

CALCULATOR: Final = Calculator("consumption_by_norm", 1)


def by_norm(use: NormUse, *, price: Decimal, resource: Resource, unit: Unit) -> Calculation:
    """Price a norm for so many people; what the increasing coefficient adds is a line of its own, if it adds."""
    with localcontext(EXACT):
        volume = use.norm * use.people
        more = volume * (use.increasing_coefficient - 1)
        lines = [_line(ChargeKind.SUPPLY, volume, price=price, resource=resource, unit=unit)]
        if more:
            lines.append(_line(ChargeKind.SURCHARGE, more, price=price, resource=resource, unit=unit))
    return Calculation(CALCULATOR, tuple(lines))


def people_charged(*, residents: int, owners: int) -> int:
    """Count the owners where nobody is registered (rule 354, p.56(2); from memory, DOMAIN §2.2)."""
    return residents or owners


def _line(kind: ChargeKind, volume: Decimal, *, price: Decimal, resource: Resource, unit: Unit) -> ChargeLine:
    return ChargeLine(resource, kind, quantity=volume, unit=unit, price=price, amount=to_kopecks(volume * price))
