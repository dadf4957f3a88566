"""Prices, norms and rates of the retailer for households, as its office would load them."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final

from demo.households.prices import price_list
from demo.loading.providers import loader
from demo.values import Trade, Utility
from kabinet.contracts.values import ZONES_OF_A_METER, ContractKind
from kabinet.infra import audit
from kabinet.infra.db import use_case
from kabinet.kernel.periods import Month
from kabinet.providers.models import Provider
from kabinet.providers.values import Resource
from kabinet.tariffs.models import Norm, PenaltyRate, Tariff
from kabinet.tariffs.values import Unit
from kabinet.tariffs.values.tables import NormKind
from sandbox.charging.prices import Energy, EnergyNorm, PriceList

_ALWAYS: Final = date(2000, 1, 1)


def publish(utility: Utility, provider: Provider) -> None:
    """Set the prices where there are none yet."""
    if utility.trade is Trade.HOUSEHOLDS and not Tariff.objects.filter(provider=provider).exists():
        _publish(price_list(), provider)


@use_case
def _publish(prices: PriceList, provider: Provider) -> None:
    tariffs = [*_energy(prices, provider), *_heating(prices, provider)]
    norms = [*_norms(prices, provider)]
    Tariff.objects.bulk_create(tariffs)
    Norm.objects.bulk_create(norms)
    PenaltyRate.objects.create(
        provider=provider, customers=ContractKind.HOUSEHOLD, percent=prices.penalty_percent, valid_from=_ALWAYS
    )
    audit.record(
        "tariffs.loaded",
        provider,
        before=None,
        after={"tariffs": len(tariffs), "norms": len(norms)},
        by=loader(provider),
    )


def _energy(prices: PriceList, provider: Provider) -> Iterator[Tariff]:
    listed = sorted(prices.energy, key=lambda one: (one.house_type, one.settlement, one.since))
    for _, group in groupby(listed, key=lambda one: (one.house_type, one.settlement)):
        own = list(group)
        for one, following in zip(own, [*own[1:], None], strict=True):
            yield from _of_zones(one, until=following.since if following else None, provider=provider)


def _of_zones(one: Energy, *, until: Month | None, provider: Provider) -> Iterator[Tariff]:
    by_zone = dict(one.prices)
    ends: tuple[Decimal | None, ...] = (*one.limits, None)
    for count, zones in ZONES_OF_A_METER.items():
        for zone in zones:
            for number, (price, end) in enumerate(zip(by_zone[zone], ends, strict=True), start=1):
                yield Tariff(
                    provider=provider, resource=Resource.ELECTRICITY, unit=Unit.KWH, house_type=one.house_type,
                    settlement=one.settlement, zones=count, zone=zone, range_number=number, range_end=end, price=price,
                    valid_from=one.since.first, valid_to=until.first if until else None,
                )  # fmt: skip


def _heating(prices: PriceList, provider: Provider) -> Iterator[Tariff]:
    sold = ((Resource.HOT_WATER, Unit.M3), (Resource.HOT_WATER, Unit.GCAL), (Resource.HEAT, Unit.GCAL))
    for one, following in zip(prices.heating, [*prices.heating[1:], None], strict=True):
        for resource, unit in sold:
            yield Tariff(
                provider=provider, resource=resource, unit=unit, price=one.water if unit is Unit.M3 else one.heat,
                valid_from=one.since.first, valid_to=following.since.first if following else None,
            )  # fmt: skip


def _norms(prices: PriceList, provider: Provider) -> Iterator[Norm]:
    for norm in prices.energy_norms:
        yield from _of_people(norm, provider)
    for common, following in zip(prices.common_norms, [*prices.common_norms[1:], None], strict=True):
        yield Norm(
            provider=provider, resource=Resource.ELECTRICITY, kind=NormKind.COMMON_NEEDS, value=common.per_area,
            valid_from=common.since.first, valid_to=following.since.first if following else None,
        )  # fmt: skip
    first = prices.heating[0]
    of_heating = (
        (Resource.HOT_WATER, NormKind.PERSON, first.water_norm),
        (Resource.HOT_WATER, NormKind.WATER_HEATING, first.gcal_per_m3),
        (Resource.HEAT, NormKind.HEATING, first.heat_norm),
    )
    for resource, kind, value in of_heating:
        yield Norm(provider=provider, resource=resource, kind=kind, value=value, valid_from=first.since.first)


def _of_people(norm: EnergyNorm, provider: Provider) -> Iterator[Norm]:
    for people, value in enumerate(norm.by_people, start=1):
        yield Norm(
            provider=provider, resource=Resource.ELECTRICITY, kind=NormKind.PERSON, house_type=norm.house_type,
            rooms=norm.rooms, people=people, value=value, valid_from=norm.since.first,
        )  # fmt: skip
