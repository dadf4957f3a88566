"""Prices and norms of a month: billing's own list, of which it tells the portal."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from kabinet.contracts.values import HouseType, Settlement, Zone
from kabinet.kernel.periods import Month, Period
from kabinet.tariffs.values import DatedRate, HotWaterPrices
from sandbox.charging.values import HouseFacts

HEATED: Final = frozenset({10, 11, 12, 1, 2, 3, 4})


class PriceMissing(LookupError):
    """Raised when the list says nothing of a month."""


@dataclass(frozen=True, slots=True)
class Energy:
    """What electricity costs from a month on: the price of each zone by range, and where the ranges end."""

    since: Month
    house_type: HouseType
    settlement: Settlement
    prices: tuple[tuple[Zone, tuple[Decimal, ...]], ...]
    limits: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Heating:
    """What heat and hot water cost from a month on, and the norms of both."""

    since: Month
    water: Decimal
    heat: Decimal
    gcal_per_m3: Decimal
    # Of water for each person, of heat for each square metre in a month of the season.
    water_norm: Decimal
    heat_norm: Decimal


@dataclass(frozen=True, slots=True)
class EnergyNorm:
    """What a person uses in a month, by the kind of house, rooms and people; the last of `by_people` is for more."""

    since: Month
    house_type: HouseType
    rooms: int
    by_people: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class CommonNorm:
    """What a square metre that is common uses in a month."""

    since: Month
    per_area: Decimal


_Dated = TypeVar("_Dated", Energy, Heating, EnergyNorm, CommonNorm)


@dataclass(frozen=True, slots=True)
class PriceList:
    """Everything that a provider charges by, from the beginning."""

    energy: tuple[Energy, ...]
    heating: tuple[Heating, ...]
    energy_norms: tuple[EnergyNorm, ...]
    common_norms: tuple[CommonNorm, ...]
    # The surcharge of those who could have a meter and have none.
    increasing: Decimal
    penalty_percent: Decimal


@dataclass(frozen=True, slots=True)
class Prices:
    """What holds in one month for one kind of house."""

    month: Month
    energy: dict[Zone, tuple[Decimal, ...]]
    limits: tuple[Decimal, ...]
    hot: HotWaterPrices
    water_norm: Decimal
    heat_norm: Decimal
    common_norm: Decimal
    norms: tuple[EnergyNorm, ...]
    increasing: Decimal
    rates: tuple[DatedRate, ...]

    @property
    def is_heated(self) -> bool:
        return self.month.month in HEATED

    def energy_norm(self, *, rooms: int, people: int) -> Decimal:
        """Return the norm of one person where so many live."""
        norms = sorted((norm for norm in self.norms if norm.rooms <= max(rooms, 1)), key=lambda norm: norm.rooms)
        by_people = norms[-1].by_people
        return by_people[min(max(people, 1), len(by_people)) - 1]


@dataclass
class PriceBook:
    """The list, with what was found in it before."""

    list: PriceList
    _found: dict[tuple[Month, HouseType, Settlement], Prices] = field(default_factory=dict)

    def of(self, month: Month, house: HouseFacts) -> Prices:
        """Return what holds in the month for the house."""
        key = (month, house.house_type, house.settlement)
        if key not in self._found:
            self._found[key] = self._look_up(*key)
        return self._found[key]

    def _look_up(self, month: Month, house_type: HouseType, settlement: Settlement) -> Prices:
        own = [one for one in self.list.energy if (one.house_type, one.settlement) == (house_type, settlement)]
        energy, heating = _newest(own, month), _newest(self.list.heating, month)
        norms = [norm for norm in self.list.energy_norms if norm.house_type is house_type]
        return Prices(
            month=month,
            energy=dict(energy.prices),
            limits=energy.limits,
            hot=HotWaterPrices(heating.water, heating.heat, heating.gcal_per_m3),
            water_norm=heating.water_norm,
            heat_norm=heating.heat_norm,
            common_norm=_newest(self.list.common_norms, month).per_area,
            norms=tuple(_newest([n for n in norms if n.rooms == rooms], month) for rooms in {n.rooms for n in norms}),
            increasing=self.list.increasing,
            rates=(DatedRate(self.list.penalty_percent, Period(date(2000, 1, 1))),),
        )


def _newest(listed: Sequence[_Dated], month: Month) -> _Dated:
    """Return what began last, no later than the month."""
    begun = [one for one in listed if one.since <= month]
    if not begun:
        raise PriceMissing(str(month))
    return max(begun, key=lambda one: one.since)
