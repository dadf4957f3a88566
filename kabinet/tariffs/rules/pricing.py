"""What consumption costs by the prices of a day: the one function for pages, bills and prices while typing."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

from kabinet.contracts.values import Zone
from kabinet.tariffs.rules.electricity import Prices, metered_electricity
from kabinet.tariffs.values import Calculation
from kabinet.tariffs.values.tables import ZONES, TariffSet, ZonePrices

# «День» of a meter with three zones is the peak (source 004, 4.1); a meter with one zone may call it the day.
_SAME: Final[Mapping[int, Mapping[Zone, Zone]]] = {
    1: {Zone.DAY: Zone.SINGLE, Zone.PEAK: Zone.SINGLE},
    2: {Zone.PEAK: Zone.DAY},
    3: {Zone.DAY: Zone.PEAK},
}


class TariffMissing(LookupError):
    """Raised when no price holds for a meter with so many zones."""

    def __init__(self, zones: int) -> None:
        super().__init__(zones)
        self.zones = zones


def price_of(consumption: Mapping[Zone, Decimal], tariffs: TariffSet | None, *, months: int = 1) -> Calculation:
    """Price what each zone of a meter ran in so many months; `total` of the answer is the sum of its printed lines.

    Lines come by range, then by zone, those of nothing left out; all zones of the meter are to be named, those that ran
    nothing too, since their number tells which prices hold. `tariffs` is what `selectors.tariff_set_of` gives for the
    month; TariffMissing says that none is set for it.
    """
    prices = prices_for(tariffs, zones=len(consumption))
    known = _SAME.get(len(consumption), {})
    runs = [(known.get(zone, zone), amount) for zone, amount in consumption.items()]
    by_zone: Prices = dict(prices.prices.items())
    priced = metered_electricity(runs, by_zone, limits=prices.limits, months=months)
    filled = tuple(line for line in priced.lines if line.quantity)
    return Calculation(priced.calculator, filled or priced.lines[: len(runs)])


def prices_for(tariffs: TariffSet | None, *, zones: int) -> ZonePrices:
    """Return the prices of a meter with so many zones."""
    prices = tariffs.by_zones.get(zones) if tariffs else None
    if prices is None:
        raise TariffMissing(zones)
    return prices


def is_complete(prices: ZonePrices, *, zones: int) -> bool:
    """Say whether each zone of such a meter has a price for each range, and ranges grow."""
    ranges = len(prices.limits) + 1
    grow: Sequence[Decimal] = (Decimal(0), *prices.limits)
    return (
        set(prices.prices) == set(ZONES[zones])
        and all(len(each) == ranges for each in prices.prices.values())
        and all(later > earlier for earlier, later in pairwise(grow))
    )


def zone_prices(rows: Iterable[tuple[Zone, int, Decimal | None, Decimal]]) -> ZonePrices:
    """Put prices of zones and ranges side by side: zone, number of the range, its upper end, price."""
    known = list(rows)
    ranges = sorted({number for _, number, _, _ in known})
    ends = {number: end for _, number, end, _ in known}
    by_zone: defaultdict[Zone, dict[int, Decimal]] = defaultdict(dict)
    for zone, number, _, price in known:
        by_zone[zone][number] = price
    limits = tuple(end for number in ranges[:-1] if (end := ends[number]) is not None)
    prices = {zone: tuple(each[number] for number in ranges if number in each) for zone, each in by_zone.items()}
    return ZonePrices(prices, limits)
