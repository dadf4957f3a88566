"""What houses used comes from billing, one row a resource and month (BILL-01, CALC-02)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from kabinet.tariffs.models import HouseMonth
from tests.exchange import rows
from tests.exchange.conftest import billing, billing_v
from tests.exchange.test_batches import problems_of

__all__ = ["billing", "billing_v"]
pytestmark = [pytest.mark.django_db, pytest.mark.spec("BILL-01", "CALC-02")]


def test_month_comes_with_its_house_and_is_corrected(billing, w):
    first = billing.send(rows.house_month(), rows.house())
    assert first.status_code == 200, first.content.decode()

    billing.send(
        rows.house_month(
            version=2, has_house_meter=True, norm=None, house_volume="15230", nonresidential_volume="1200,5",
            norm_volume="840", meter_volume="11020.4", total_area="8600",
        )
    )  # fmt: skip

    month = HouseMonth.objects.get()
    assert (month.provider, month.house.external_id, month.month) == (w, "dom-1", date(2013, 5, 1))
    assert (month.house_volume, month.nonresidential_volume, month.norm) == (Decimal(15230), Decimal("1200.5"), None)
    assert month.total_area == Decimal(8600)


def test_month_of_a_house_that_is_not_there_is_told(billing, billing_v):
    billing_v.send(rows.house())

    response = billing.send(rows.house_month())

    assert problems_of(response) == [(1, "house_month", "dom-1/2013-05", "house", "unknown_reference")]


@pytest.mark.parametrize("is_stored", [False, True])
def test_second_row_of_a_month_is_told_by_its_line(billing, is_stored):
    billing.send(rows.house(), *([rows.house_month()] if is_stored else []))
    fresh = [] if is_stored else [rows.house_month()]

    response = billing.send(*fresh, rows.house_month("other"))

    assert problems_of(response) == [(2 - is_stored, "house_month", "other", "month", "duplicate_row")]


def test_months_may_change_places(billing):
    june = rows.house_month("june", month="2013-06")
    billing.send(rows.house(), rows.house_month("may"), june)

    response = billing.send(
        rows.house_month("may", month="2013-07", version=2), rows.house_month("june", month="2013-05", version=2)
    )

    assert response.status_code == 200, response.content.decode()
    assert HouseMonth.objects.get(external_id="june").month == date(2013, 5, 1)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"has_house_meter": True}, "volume_required"),
        ({"norm": "-1"}, "out_of_range"),
        ({"month": "2013-13"}, "wrong_month"),
        ({"meter_volume": "1.00005"}, "too_many_decimals"),
    ],
)
def test_month_that_cannot_be_read_is_told(billing, changed, code):
    billing.send(rows.house())

    response = billing.send(rows.house_month(**changed))

    assert [problem[4] for problem in problems_of(response)] == [code]


def test_month_cannot_stray_to_anothers_house(billing, billing_v, v):
    billing.send(rows.house(), rows.house_month())
    billing_v.send(rows.house())
    foreign = HouseMonth.objects.get().house.__class__.objects.get(provider=v)

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        HouseMonth.objects.update(house=foreign)

    assert refusal.value.__cause__.diag.constraint_name == "month_of_house"
