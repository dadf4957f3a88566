"""The prices by which an account's month is charged, as far as its readings ask for them."""

from decimal import Decimal

from kabinet.contracts.models import Contract
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource
from kabinet.readings.values.costs import Prices
from kabinet.tariffs.selectors import norm_of, place_of, tariff_set_of_contract
from kabinet.tariffs.values import Unit
from kabinet.tariffs.values.tables import NormKind


def prices_of(contract: Contract, *, month: Month, resources: tuple[Resource, ...]) -> Prices:
    """Return the prices of the month; what has none is left out."""
    power = tariff_set_of_contract(contract, Resource.ELECTRICITY, month=month)
    if Resource.HOT_WATER not in resources:
        return Prices(power)
    return Prices(
        power if Resource.ELECTRICITY in resources else None,
        water=_single(contract, month=month, unit=Unit.M3),
        heat=_single(contract, month=month, unit=Unit.GCAL),
        gcal_per_m3=norm_of(
            contract.provider_id,
            Resource.HOT_WATER,
            NormKind.WATER_HEATING,
            place=place_of(contract),
            on=month.first,
        ),
    )


def _single(contract: Contract, *, month: Month, unit: Unit) -> Decimal | None:
    found = tariff_set_of_contract(contract, Resource.HOT_WATER, month=month, unit=unit)
    return found.single if found else None
