"""Prices of the provider: the same for everybody who supplies there."""

from decimal import Decimal

from kabinet.tariffs.models import Norm, PenaltyRate, PriceList, Tariff
from tests import world
from tests.authz.town import Office


def furnish_prices(office: Office) -> None:
    """A price, a norm and a rate that hold since long, and a list of prices that was tried."""
    facts = {"provider": office.provider, "valid_from": world.LONG_AGO}
    Tariff.objects.create(resource="electricity", unit="kwh", price=Decimal("4.86"), **facts)
    Norm.objects.create(resource="electricity", kind="person", value=Decimal(75), **facts)
    PenaltyRate.objects.create(customers="household", percent=Decimal("9.5"), **facts)
    prices = PriceList.objects.create(
        provider=office.provider, name=f"{office.provider.slug}.xlsx", rows=[], given_at=world.NOW
    )
    office.things["price_list"] = str(prices.pk)
