"""Money is counted again: a chain of months holds, and each break of it is found."""

import pytest
from django.core.management import CommandError, call_command

from kabinet.billing.models import Balance, Charge, Payment
from kabinet.kernel.periods import Month
from kabinet.staff.selectors.invariants import OF_MONEY, recounts
from tests.billing import money

pytestmark = [pytest.mark.django_db, pytest.mark.spec("BILL-01")]


@pytest.fixture
def chain(contract):
    """September and October of a contract's electricity, with a correction, a penalty and a payment."""
    money.charge(contract, "243.00")
    money.charge(contract, "73.65", kind="common_needs")
    money.balance(contract, charged="316.65")
    money.charge(contract, "100.00", month="2026-10")
    money.charge(contract, "-3.00", month="2026-10", kind="recalculation")
    money.charge(contract, "0.50", month="2026-10", kind="penalty")
    money.payment(contract, "300.00", month="2026-10")
    money.balance(
        contract,
        month="2026-10",
        opening="316.65",
        charged="100.00",
        recalculated="-3.00",
        penalty="0.50",
        paid="300.00",
    )
    return contract


def broken():
    texts = {recount.says for recount in OF_MONEY}
    return {recount.says: found for recount, found in recounts() if found and recount.says in texts}


def october():
    return Balance.objects.get(month=Month(2026, 10).first)


def test_chain_of_months_holds(chain):
    assert broken() == {}


def test_broken_chain_is_found(chain):
    Balance.objects.filter(id=october().id).update(opening="316.66", closing="114.16")

    (found,) = broken().values()

    assert found == [(chain.pk, october().id)]


@pytest.mark.parametrize("kind", ["supply", "common_needs", "surcharge", "recalculation", "penalty"])
def test_line_beside_its_balance_is_found(chain, kind):
    money.charge(chain, "0.01", month="2026-10", kind=kind)

    assert broken() == {"lines of a month add up to what its balance says was charged": [(chain.pk, october().id)]}


def test_payment_beside_its_balance_is_found(chain):
    money.payment(chain, "0.01", month="2026-10")

    assert broken() == {"payments of a month add up to what its balance says was paid": [(chain.pk, october().id)]}


def test_money_of_a_month_without_balance_is_found(chain):
    charge = money.charge(chain, "1.00", month="2026-11")
    payment = money.payment(chain, "1.00", resource="heat")

    (found,) = broken().values()

    assert set(found) == {(chain.pk, charge.id), (chain.pk, payment.id)}


@pytest.mark.parametrize("table", [Charge, Payment, Balance])
def test_money_of_another_provider_is_found(chain, v, table):
    table.objects.filter(id=table.objects.first().id).update(provider_id=v.pk)

    assert list(broken()) == ["money and its contract are one provider's"]


@pytest.mark.django_db(transaction=True)
def test_command_counts_every_charge_again(contract, capsys):
    made = {"calculator": "electricity_by_meter", "calculator_version": 1, "unit": "kwh", "range_number": 1}
    kept = {"volume": "100", "price": "2.43"}
    right = money.charge(contract, "243.00", zone="single", kept=kept, **made)
    money.balance(contract, charged="243.00")
    call_command("audit_invariants", charges=True)
    Charge.objects.filter(id=right.id).update(kept=kept | {"price": "2.44"})

    with pytest.raises(CommandError, match="break an invariant: 1"):
        call_command("audit_invariants", charges=True)

    told = capsys.readouterr()
    assert "a charge is what its rule makes of its values: 1" in told.out
    assert f"contract {contract.pk}, row {right.id}" in told.err
