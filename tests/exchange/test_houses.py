"""Houses come with their households: no account hangs in a house that is not there."""

from decimal import Decimal

import pytest

from kabinet.contracts.models import Contract
from tests.exchange import rows
from tests.exchange.test_batches import problems_of

pytestmark = [pytest.mark.django_db, pytest.mark.spec("BILL-01")]


def test_household_stands_in_its_house(billing, w):
    flat = rows.contract(
        "ls-1", kind="household", holder_last="Петрова", holder_first="Анна", holder_middle="И", house="dom-1",
        area="49,5", residents=0, owners=2, rooms=1,
    )  # fmt: skip

    response = billing.send(flat, rows.house())

    assert response.status_code == 200, response.content.decode()
    household = Contract.objects.get()
    assert (household.house.provider, household.house.house_type) == (w, "gas_stove")
    assert (household.house.total_area, household.house.common_area) == (Decimal("8637.56"), Decimal("1498.10"))
    assert (household.holder_last, household.area, household.residents) == ("Петрова", Decimal("49.50"), 0)


def test_account_may_move_to_another_house_and_out_of_any(billing):
    billing.send(rows.house(), rows.house("dom-2"), rows.contract(house="dom-1"))

    billing.send(rows.contract(version=2, house="dom-2"))
    assert Contract.objects.get().house.external_id == "dom-2"

    billing.send(rows.contract(version=3))
    assert Contract.objects.get().house is None


def test_house_that_is_not_there_is_told(billing, billing_v):
    billing_v.send(rows.house())

    response = billing.send(rows.contract(house="dom-1"), rows.contract("dog-2"))

    assert problems_of(response) == [(1, "contract", "dog-1", "house", "unknown_reference")]


def test_account_of_a_house_that_was_refused_is_left_out_without_a_word(billing):
    response = billing.send(rows.contract(house="dom-1"), rows.house(), rows.house())

    assert problems_of(response) == [(3, "house", "dom-1", "external_id", "duplicate_row")]


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"total_area": "0"}, "total_area", "out_of_range"),
        ({"total_area": "49.555"}, "total_area", "too_many_decimals"),
        ({"common_area": "-1"}, "common_area", "out_of_range"),
        ({"house_type": "stove"}, "house_type", "unknown_code"),
        ({"settlement": "town"}, "settlement", "unknown_code"),
    ],
)
def test_house_that_cannot_be_read_is_told_by_its_field(billing, changed, field, code):
    response = billing.send(rows.house(**changed))

    assert problems_of(response) == [(1, "house", "dom-1", field, code)]
