"""What the demonstration's energy retailer charges by, half-year by half-year since 2013."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from kabinet.contracts.values import HouseType, Settlement, Zone
from kabinet.kernel.money import to_kopecks
from kabinet.kernel.periods import Month
from sandbox.charging.prices import CommonNorm, Energy, EnergyNorm, Heating, PriceList

FIRST: Final = Month(2013, 1)
# A kWh in a city's house with gas stoves; the first is the source's own.
_ENERGY: Final = {
    "2013-01": "2.43", "2013-07": "2.73", "2014-07": "2.84", "2015-07": "3.08", "2016-07": "3.23", "2017-07": "3.33",
    "2018-07": "3.46", "2019-07": "3.58", "2020-07": "3.70", "2021-07": "3.85", "2022-07": "4.00", "2022-12": "4.36",
    "2024-07": "4.75", "2025-01": "4.75", "2025-07": "5.35", "2026-01": "5.44", "2026-10": "5.98",
}  # fmt: skip
_CHEAPER: Final = Decimal("0.7")
_ZONES: Final = {
    Zone.SINGLE: Decimal(1), Zone.DAY: Decimal("1.15"), Zone.NIGHT: Decimal("0.64"), Zone.PEAK: Decimal("1.3"),
    Zone.HALF_PEAK: Decimal(1),
}  # fmt: skip
# Ranges took the place of the social norm in 2025.
_RANGES_SINCE: Final = Month(2025, 1)
_LIMITS: Final = (Decimal(3900), Decimal(6000))
_OF_RANGES: Final = (Decimal(1), Decimal("1.45"), Decimal("2.33"))
# A cubic metre, a Gcal.
_HEATING: Final = {
    "2013-01": ("18.40", "1237.10"), "2018-07": ("26.15", "1794.30"), "2022-12": ("33.87", "2156.72"),
    "2024-07": ("36.92", "2241.05"), "2025-07": ("39.52", "2418.64"), "2026-01": ("40.19", "2459.76"),
    "2026-10": ("44.21", "2678.30"),
}  # fmt: skip
_NORMS: Final = {
    HouseType.GAS_STOVE: ("75", "46", "36", "29", "25"),
    HouseType.ELECTRIC_STOVE: ("125", "77", "60", "49", "42"),
    HouseType.ELECTRIC_HEATING: ("380", "240", "190", "160", "140"),
}
_MORE_A_ROOM: Final = Decimal("0.1")
_MOST_ROOMS: Final = 4
_COMMON_NORMS: Final = {"2013-01": "3.53", "2017-07": "2.38"}


def price_list() -> PriceList:
    """Return everything that the retailer charges by."""
    return PriceList(
        energy=tuple(_energy()),
        heating=tuple(
            Heating(
                Month.parse(since), Decimal(water), Decimal(heat), Decimal("0.0591"), Decimal("3.2"), Decimal("0.0247")
            )
            for since, (water, heat) in _HEATING.items()
        ),
        energy_norms=tuple(_norms()),
        common_norms=tuple(CommonNorm(Month.parse(since), Decimal(norm)) for since, norm in _COMMON_NORMS.items()),
        increasing=Decimal("1.5"),
        penalty_percent=Decimal("9.5"),
    )


def _energy() -> Iterator[Energy]:
    for since, base in _ENERGY.items():
        month = Month.parse(since)
        for house_type in HouseType:
            for settlement in Settlement:
                is_cheaper = settlement is Settlement.VILLAGE or house_type is not HouseType.GAS_STOVE
                price = Decimal(base) * (_CHEAPER if is_cheaper else 1)
                ranges = _OF_RANGES if month >= _RANGES_SINCE else _OF_RANGES[:1]
                prices = tuple(
                    (zone, tuple(to_kopecks(price * part * each) for each in ranges)) for zone, part in _ZONES.items()
                )
                yield Energy(month, house_type, settlement, prices, _LIMITS if len(ranges) > 1 else ())


def _norms() -> Iterator[EnergyNorm]:
    for house_type, by_people in _NORMS.items():
        for rooms in range(1, _MOST_ROOMS + 1):
            more = 1 + _MORE_A_ROOM * (rooms - 1)
            yield EnergyNorm(FIRST, house_type, rooms, tuple(Decimal(round(int(each) * more)) for each in by_people))
