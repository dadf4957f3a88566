"""Charges, payments and balances come as they were counted, and a month that is closed and settled stays so (I17)."""

from decimal import Decimal

import pytest

from kabinet.billing.models import Balance, Charge, Payment
from tests.exchange import rows
from tests.exchange.test_batches import problems_of

pytestmark = [pytest.mark.django_db, pytest.mark.spec("BILL-01")]


@pytest.fixture
def settled(billing):
    """September of a contract, charged, paid, balanced and closed."""
    response = billing.send(*rows.whole_contract(), *rows.month_of_money(), rows.period("2026-09"))
    assert response.status_code == 200, response.content.decode()


def test_month_comes_with_what_its_lines_were_made_from(billing):
    kept = {"consumption": [["single", "100"]], "prices": {"single": ["2.43"]}}
    made = {"calculator": "electricity_by_meter", "calculator_version": 1, "kept": kept}

    response = billing.send(rows.contract(), rows.charge(**made), rows.payment(), rows.balance())

    assert response.status_code == 200, response.content.decode()
    charge = Charge.objects.get()
    assert (charge.amount, charge.quantity, charge.price) == (Decimal("243.00"), 100, Decimal("2.43"))
    assert (charge.calculator, charge.calculator_version, charge.kept) == ("electricity_by_meter", 1, kept)
    assert Payment.objects.get().amount == 43
    assert Balance.objects.get().closing == 243


def test_line_of_a_table_holds_its_kept_values_as_text(billing):
    billing.send(rows.contract())
    heading = "external_id;version;contract;month;resource;kind;amount;kept"
    table = heading + '\nn-1;1;dog-1;2026-09;heat;supply;1,5;"{""a"": ""1""}"'

    response = billing.send_file(table.encode(), key="csv", media="text/csv; entity=charge")

    assert response.status_code == 200, response.content.decode()
    assert (Charge.objects.get().kept, Charge.objects.get().amount) == ({"a": "1"}, Decimal("1.50"))


def test_balance_that_does_not_add_up_is_named(billing):
    response = billing.send(
        rows.contract(), *rows.month_of_money(), rows.balance("s-2", month="2026-08", closing="243.01")
    )

    assert problems_of(response) == [(5, "balance", "s-2", "closing", "does_not_add_up")]
    assert not Balance.objects.exists()


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        (rows.charge(amount="1.005"), "amount", "too_many_decimals"),
        (rows.charge(price="-1"), "price", "out_of_range"),
        (rows.charge(kind="gift"), "kind", "unknown_code"),
        (rows.charge(kept={"price": 2.43}), "kept", "wrong_number"),
        (rows.charge(kept={"prices": [["1", 2.5]]}), "kept", "wrong_number"),
        (rows.charge(kept=["1"]), "kept", "wrong_type"),
        (rows.charge(kept="{"), "kept", "wrong_type"),
        (rows.charge(kept={"a": "\x00"}), "kept", "wrong_form"),
        (rows.charge(kept={"a": "1" * 8000}), "kept", "out_of_range"),
        (rows.payment(paid_on="вчера"), "paid_on", "wrong_day"),
        (rows.balance(opening=43), "opening", "wrong_number"),
    ],
)
def test_row_that_cannot_be_read_is_told_by_its_field(billing, row, field, code):
    billing.send(rows.contract())

    assert problems_of(billing.send(row)) == [(1, row["entity"], row["external_id"], field, code)]


@pytest.mark.parametrize("row", [rows.charge(), rows.payment(), rows.balance()])
def test_other_providers_rows_are_unknown(billing, billing_v, row):
    billing_v.send(rows.contract())

    assert problems_of(billing.send(row)) == [(1, row["entity"], row["external_id"], "contract", "unknown_reference")]


def test_same_rows_again_rewrite_nothing(billing, settled):
    response = billing.send(*rows.month_of_money())

    counts = response.json()["entities"]
    assert {name: counted["unchanged"] for name, counted in counts.items()} == {"charge": 1, "payment": 1, "balance": 1}


def test_open_month_may_be_corrected(billing):
    billing.send(rows.contract(), *rows.month_of_money())

    response = billing.send(
        rows.charge("n-2026-09", version=2, amount="250.00"),
        rows.balance("s-2026-09", version=2, charged="250.00", closing="250.00"),
    )

    assert response.status_code == 200, response.content.decode()
    assert (Charge.objects.get().amount, Balance.objects.get().closing) == (250, 250)


@pytest.mark.parametrize(
    "row",
    [
        rows.charge("n-2026-09", version=2, amount="250.00"),
        rows.charge("n-2026-09", version=2, month="2026-10"),
        rows.charge("n-2", kind="recalculation", amount="-1.00"),
        rows.payment("o-2", amount="1.00"),
        rows.balance("s-2026-09", version=2, charged="250.00", closing="250.00"),
    ],
)
def test_closed_month_with_its_balance_changes_no_more(billing, settled, row):
    response = billing.send(row)

    assert problems_of(response) == [(1, row["entity"], row["external_id"], "month", "month_settled")]
    assert (Charge.objects.get().amount, Payment.objects.get().amount, Balance.objects.get().closing) == (243, 43, 243)


def test_what_was_wrong_is_recalculated_in_the_next_month(billing, settled):
    october = rows.balance(
        "s-10", month="2026-10", opening="243.00", charged="0", recalculated="-3.00", paid="0", closing="240.00"
    )

    response = billing.send(rows.charge("n-r", month="2026-10", kind="recalculation", amount="-3.00"), october)

    assert response.status_code == 200, response.content.decode()


def test_month_closed_before_its_bill_takes_the_bill_once(billing):
    billing.send(rows.contract(), rows.period("2026-09"))

    assert billing.send(*rows.month_of_money()).status_code == 200
    assert billing.send(*rows.month_of_money()).status_code == 200
    assert problems_of(billing.send(rows.charge("n-2")))[0][4] == "month_settled"


def test_month_of_a_resource_has_one_balance(billing):
    billing.send(rows.contract(), rows.balance("s-1"))

    assert problems_of(billing.send(rows.balance("s-2"))) == [(1, "balance", "s-2", "month", "duplicate_row")]
    both = [rows.balance("s-3", month="2026-10"), rows.balance("s-4", month="2026-10")]
    assert problems_of(billing.send(*both)) == [(2, "balance", "s-4", "month", "duplicate_row")]
    assert billing.send(rows.balance("s-5", resource="heat")).status_code == 200


def test_names_are_unique_within_a_contract(billing):
    billing.send(rows.contract(), rows.contract("dog-2", number="2"), rows.charge())

    response = billing.send(rows.charge(contract="dog-2"))

    assert response.json()["entities"]["charge"]["inserted"] == 1
