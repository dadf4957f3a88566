"""Months of a household's money; each test says only what it cares about."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from kabinet.billing.models import Balance, Charge, Payment
from kabinet.contracts.models import Contract
from kabinet.kernel.periods import Month

_numbers = count(1)


def _facts(of: Contract, month: str, resource: str) -> dict[str, Any]:
    return {
        "contract": of, "provider_id": of.provider_id, "source": "billing", "external_id": f"x{next(_numbers)}",
        "version": 1, "month": Month.parse(month).first, "resource": resource,
    }  # fmt: skip


def charge(
    of: Contract, amount: str, *, month: str = "2026-09", resource: str = "electricity", **changed: Any
) -> Charge:
    facts = {"kind": "supply", "basis": "meter", "amount": Decimal(amount)}
    return Charge.objects.create(**(_facts(of, month, resource) | facts | changed))


def payment(
    of: Contract, amount: str, *, month: str = "2026-09", resource: str = "electricity", **changed: Any
) -> Payment:
    facts = {"amount": Decimal(amount), "paid_on": date(2026, 9, 12)}
    return Payment.objects.create(**(_facts(of, month, resource) | facts | changed))


def balance(
    of: Contract, *, month: str = "2026-09", resource: str = "electricity", opening: str = "0", **sums: str
) -> Balance:
    """Write a balance that adds up, whatever its sums."""
    names = ("charged", "recalculated", "penalty", "paid")
    facts = {"opening": Decimal(opening)} | {name: Decimal(sums.get(name, "0")) for name in names}
    closing = facts["opening"] + facts["charged"] + facts["recalculated"] + facts["penalty"] - facts["paid"]
    return Balance.objects.create(**(_facts(of, month, resource) | facts | {"closing": closing}))
