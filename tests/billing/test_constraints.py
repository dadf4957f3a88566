"""What the database forbids about money: a name of billing's twice, a month balanced twice, sums that do not add up."""

from datetime import date
from decimal import Decimal

import pytest

from kabinet.billing.rules.balances import adds_up
from tests.billing import money
from tests.refusals import again, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(contract):
    return {
        "charge": money.charge(contract, "243.00"),
        "payment": money.payment(contract, "43.00"),
        "balance": money.balance(contract, opening="43.00", charged="243.00", paid="43.00"),
    }


@pytest.mark.parametrize(
    ("constraint", "row", "changed"),
    [
        ("charge_external_id_once", "charge", {"version": 2}),
        ("charge_month_is_a_month", "charge", {"external_id": "other", "month": date(2026, 9, 2)}),
        ("payment_external_id_once", "payment", {"version": 2}),
        ("payment_month_is_a_month", "payment", {"external_id": "other", "month": date(2026, 9, 2)}),
        ("payment_is_of_something", "payment", {"external_id": "other", "amount": 0}),
        ("balance_external_id_once", "balance", {"month": date(2026, 10, 1)}),
        ("one_balance_a_month", "balance", {"external_id": "other"}),
        ("balance_month_is_a_month", "balance", {"external_id": "other", "month": date(2026, 9, 2)}),
        (
            "balance_adds_up",
            "balance",
            {"external_id": "other", "month": date(2026, 10, 1), "closing": Decimal("0.01")},
        ),
    ],
)
def test_database_refuses(rows, constraint, row, changed):
    refused(constraint, lambda: again(rows[row], **changed))


@pytest.mark.parametrize(("changed", "holds"), [({}, True), ({"closing": Decimal("243.01")}, False)])
def test_rule_and_database_agree(rows, changed, holds):
    for name, value in changed.items():
        setattr(rows["balance"], name, value)

    assert adds_up(rows["balance"]) is holds
