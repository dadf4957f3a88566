"""Prices and norms as they hold on a day, and the keys of the dated tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from kabinet.contracts.values import HouseType, Settlement, Zone
from kabinet.providers.values import Resource
from kabinet.tariffs.values import Unit

# A price, norm or zone that does not depend on this holds for all.
ANY: Final = ""

# The zones of a meter by how many it has, in the order in which people read them (DOMAIN §2.1).
ZONES: Final[Mapping[int, tuple[Zone, ...]]] = {
    1: (Zone.SINGLE,),
    2: (Zone.DAY, Zone.NIGHT),
    3: (Zone.PEAK, Zone.NIGHT, Zone.HALF_PEAK),
}


class NormKind(StrEnum):
    """What a norm is of: a person's use, common needs or heating of a square metre, heat in a cubic metre."""

    PERSON = "person"
    COMMON_NEEDS = "common_needs"
    HEATING = "heating"
    WATER_HEATING = "water_heating"


@dataclass(frozen=True, slots=True)
class TariffKey:
    """What a price is of: no two prices of one key hold on the same day."""

    resource: Resource
    unit: Unit
    house_type: HouseType | str = ANY
    settlement: Settlement | str = ANY
    zones: int = 1
    zone: Zone = Zone.SINGLE
    range_number: int = 1


@dataclass(frozen=True, slots=True)
class NormKey:
    """What a norm is of; zero rooms or people are any number of them."""

    resource: Resource
    kind: NormKind
    house_type: HouseType | str = ANY
    settlement: Settlement | str = ANY
    rooms: int = 0
    people: int = 0


@dataclass(frozen=True, slots=True)
class ZonePrices:
    """The prices of a meter with so many zones: for each zone one a range; `limits` are the ranges' upper ends."""

    prices: Mapping[Zone, tuple[Decimal, ...]]
    limits: tuple[Decimal, ...] = ()

    @property
    def zones(self) -> int:
        return len(self.prices)


@dataclass(frozen=True, slots=True)
class TariffSet:
    """What a resource costs a house on a day: by how many zones a meter has."""

    resource: Resource
    unit: Unit
    by_zones: Mapping[int, ZonePrices]

    @property
    def single(self) -> Decimal | None:
        """Return the price where there are neither zones nor ranges, and of the first range where there are."""
        prices = self.by_zones.get(1)
        return prices.prices[Zone.SINGLE][0] if prices else None
