"""Electricity of citizens by zones and ranges of consumption (DOMAIN §2.1, 2.2)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from typing import Final

from kabinet.contracts.values import Zone
from kabinet.kernel.exact import EXACT, half_up_ratio
from kabinet.providers.values import Resource
from kabinet.tariffs.values import Calculation, Calculator, ChargeKind, ChargeLine, Unit, total_of

# A share of a range may have no last digit: it is printed so, and charged unrounded.
SHARE_PLACES: Final = 2
CALCULATOR: Final = Calculator("electricity_by_meter", 1)

Consumption = Sequence[tuple[Zone | str, Decimal]]
Prices = Mapping[Zone | str, Sequence[Decimal]]


class PricesMissing(ValueError):
    """Raised when a zone has no price, or not one for each range."""


def metered_electricity(
    consumption: Consumption, prices: Prices, *, limits: Sequence[Decimal] = (), months: int = 1
) -> Calculation:
    """Price what each zone ran: the ranges cut the total of all zones, and each zone takes its share of each range.

    `limits` are the upper ends of all ranges but the last, for one month; for several months they grow with them. That
    ranges are shared in proportion, and that limits are multiplied, is our reading: no source says it (DOMAIN §12).
    """
    priced = [(zone, amount, _prices_of(zone, prices, ranges=len(limits) + 1)) for zone, amount in consumption]
    total = total_of(amount for _, amount in consumption)
    parts = cut_by_ranges(total, limits=limits, months=months)
    shares = [_shares(amount, parts=parts, total=total) for _, amount, _ in priced]
    is_shared = len(priced) > 1 and len(parts) > 1
    lines = [
        _line(zone, each[index], share[index], number=index + 1, is_shared=is_shared)
        for index in range(len(parts))
        for (zone, _, each), share in zip(priced, shares, strict=True)
    ]
    return Calculation(CALCULATOR, tuple(lines))


def cut_by_ranges(total: Decimal, *, limits: Sequence[Decimal], months: int = 1) -> tuple[Decimal, ...]:
    """Part a volume by the upper ends of the ranges, each multiplied by the months that the volume is of."""
    with localcontext(EXACT):
        ends = [Decimal(0), *(limit * months for limit in limits)]
        if any(later <= earlier for earlier, later in pairwise(ends)):
            raise ValueError("limits of ranges grow")
        tops = [*(min(total, end) for end in ends[1:]), total]
        first, *others = (top - start for start, top in zip(ends, tops, strict=True))
        # What is below zero, a correction, belongs to the first range.
        return (first, *(max(part, Decimal(0)) for part in others))


def _prices_of(zone: Zone | str, prices: Prices, *, ranges: int) -> Sequence[Decimal]:
    found = prices.get(zone, ())
    if len(found) != ranges:
        raise PricesMissing(f"zone {zone}: {len(found)} prices for {ranges} ranges")
    return found


def _shares(amount: Decimal, *, parts: Sequence[Decimal], total: Decimal) -> list[Fraction]:
    """Part what a zone ran as the whole is parted, without a rounding."""
    if total <= 0:
        return [Fraction(amount), *[Fraction(0)] * (len(parts) - 1)]
    return [Fraction(amount) * Fraction(part) / Fraction(total) for part in parts]


def _line(zone: Zone | str, price: Decimal, share: Fraction, *, number: int, is_shared: bool) -> ChargeLine:
    return ChargeLine(
        resource=Resource.ELECTRICITY,
        kind=ChargeKind.SUPPLY,
        quantity=half_up_ratio(share, places=SHARE_PLACES) if is_shared else _exact(share),
        unit=Unit.KWH,
        price=price,
        amount=half_up_ratio(share * Fraction(price), places=2),
        zone=zone,
        range_number=number,
    )


def _exact(share: Fraction) -> Decimal:
    with localcontext(EXACT):
        return Decimal(share.numerator) / share.denominator
