"""What the database forbids about prices, norms and rates: two of one key on a day, an end before the start."""

from datetime import date
from decimal import Decimal

import pytest

from kabinet.tariffs.models import HouseMonth, Norm, PenaltyRate, Tariff
from tests import world
from tests.refusals import again, refused

pytestmark = pytest.mark.django_db

SINCE = {"valid_from": date(2026, 7, 1)}


@pytest.fixture
def rows(w):
    house = world.house(w)
    return {
        "tariff": Tariff.objects.create(
            provider=w, resource="electricity", unit="kwh", house_type="gas_stove", price=Decimal("4.86"), **SINCE
        ),
        "norm": Norm.objects.create(provider=w, resource="electricity", kind="person", value=Decimal(75), **SINCE),
        "rate": PenaltyRate.objects.create(provider=w, customers="household", percent=Decimal("9.5"), **SINCE),
        "month": HouseMonth.objects.create(
            provider=w, source="billing", external_id="m", version=1, house=house, month=date(2026, 9, 1),
            resource="electricity",
        ),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "row", "changed"),
    [
        ("tariffs_share_no_day", "tariff", {"price": Decimal(5)}),
        ("tariffs_share_no_day", "tariff", {"valid_from": date(2026, 1, 1), "valid_to": date(2026, 7, 2)}),
        ("tariff_ends_after_start", "tariff", {"valid_to": date(2026, 7, 1)}),
        ("tariff_is_no_gift", "tariff", {"zone": "day", "price": Decimal(-1)}),
        ("tariff_zones_and_ranges_are_sane", "tariff", {"zones": 4}),
        ("tariff_zones_and_ranges_are_sane", "tariff", {"range_number": 0}),
        ("tariff_zones_and_ranges_are_sane", "tariff", {"range_number": 2, "range_end": Decimal(0)}),
        ("norms_share_no_day", "norm", {"value": Decimal(1)}),
        ("norm_ends_after_start", "norm", {"valid_to": date(2026, 1, 1)}),
        ("norm_is_not_negative", "norm", {"rooms": 1, "value": Decimal(-1)}),
        ("penalty_rates_share_no_day", "rate", {"valid_from": date(2027, 1, 1)}),
        ("penalty_rate_ends_after_start", "rate", {"valid_to": date(2026, 7, 1)}),
        ("penalty_rate_is_a_share", "rate", {"customers": "business", "percent": Decimal(101)}),
        ("house_month_external_id_once", "month", {"month": date(2026, 8, 1)}),
        ("one_month_of_a_house", "month", {"external_id": "other"}),
        ("house_month_is_a_first_day", "month", {"external_id": "other", "month": date(2026, 8, 2)}),
        (
            "house_meter_has_its_volume",
            "month",
            {"external_id": "other", "month": date(2026, 8, 1), "has_house_meter": True},
        ),
        ("house_month_area_is_sane", "month", {"external_id": "other", "month": date(2026, 8, 1), "total_area": 0}),
    ],
)
def test_database_refuses(rows, constraint, row, changed):
    refused(constraint, lambda: again(rows[row], **changed))


def test_prices_may_follow_each_other_and_stand_beside_other_keys(rows, v):
    tariff = rows["tariff"]

    again(tariff, valid_from=date(2026, 1, 1), valid_to=date(2026, 7, 1))
    again(tariff, house_type="electric_stove")
    again(tariff, provider_id=v.pk)

    assert Tariff.objects.count() == 4
