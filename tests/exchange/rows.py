"""Rows as billing writes them; each test says only what it cares about."""

from decimal import Decimal
from typing import Any


def _row(entity: str, external_id: str, facts: dict[str, Any], changed: dict[str, Any]) -> dict[str, Any]:
    return {"entity": entity, "source": "billing", "external_id": external_id, "version": 1} | facts | changed


def house(external_id: str = "dom-1", **changed: Any) -> dict[str, Any]:
    facts = {
        "address": "г Ижевск, ул. Южное шоссе, д. 2в", "house_type": "gas_stove", "settlement": "city",
        "total_area": "8637.56", "common_area": "1498.10", "valid_from": "2010-01-01",
    }  # fmt: skip
    return _row("house", external_id, facts, changed)


def house_month(external_id: str = "dom-1/2013-05", **changed: Any) -> dict[str, Any]:
    facts = {"house": "dom-1", "month": "2013-05", "norm": "3.53"}
    return _row("house_month", external_id, facts, changed)


def contract(external_id: str = "dog-1", **changed: Any) -> dict[str, Any]:
    facts = {"number": "ХВС-17", "kind": "business", "customer_name": "ООО «Ромашка»", "valid_from": "2020-01-01"}
    return _row("contract", external_id, facts, changed)


def annex(external_id: str = "pril-1", **changed: Any) -> dict[str, Any]:
    facts = {"contract": "dog-1", "number": "1", "title": "Перечень точек поставки", "valid_from": "2020-01-01"}
    return _row("annex", external_id, facts, changed)


def point(external_id: str = "to-1", **changed: Any) -> dict[str, Any]:
    facts = {"contract": "dog-1", "code": "1", "address": "г Ижевск, ул. Ленина, дом 1", "valid_from": "2020-01-01"}
    return _row("supply_point", external_id, facts, changed)


def meter(external_id: str = "pu-1", **changed: Any) -> dict[str, Any]:
    facts = {"supply_point": "to-1", "number": "№0117", "resource": "cold_water", "valid_from": "2020-01-01"}
    return _row("meter", external_id, facts, changed)


def register(external_id: str = "sh-1", **changed: Any) -> dict[str, Any]:
    facts = {"meter": "pu-1", "quantity": "V", "zone": "single", "integer_digits": 5, "valid_from": "2020-01-01"}
    return _row("register", external_id, facts, changed)


def reading(external_id: str = "pok-1", **changed: Any) -> dict[str, Any]:
    facts = {"register": "sh-1", "month": "2026-09", "taken_on": "2026-09-08", "value": "231", "origin": "initial"}
    return _row("reading", external_id, facts, changed)


def period(month: str = "2026-10", state: str = "closed", **changed: Any) -> dict[str, Any]:
    return _row("billing_period", f"period-{month}", {"month": month, "state": state}, changed)


def answer(submission: Any, contract_name: str, verdict: str = "taken", **changed: Any) -> dict[str, Any]:
    facts = {"submission": str(submission), "contract": contract_name, "verdict": verdict}
    return _row("submission_answer", f"otv-{submission}", facts, changed)


def charge(external_id: str = "n-1", **changed: Any) -> dict[str, Any]:
    facts = {
        "contract": "dog-1", "month": "2026-09", "resource": "electricity", "kind": "supply", "zone": "single",
        "basis": "meter", "quantity": "100", "unit": "kwh", "price": "2.43", "amount": "243.00",
    }  # fmt: skip
    return _row("charge", external_id, facts, changed)


def payment(external_id: str = "o-1", **changed: Any) -> dict[str, Any]:
    facts = {
        "contract": "dog-1", "month": "2026-09", "resource": "electricity", "paid_on": "2026-09-12", "amount": "43.00",
    }  # fmt: skip
    return _row("payment", external_id, facts, changed)


def balance(external_id: str = "s-1", **changed: Any) -> dict[str, Any]:
    """Return a month that opened with 43.00 owed; other sums have to add up with what is changed."""
    facts = {
        "contract": "dog-1", "month": "2026-09", "resource": "electricity", "opening": "43.00", "charged": "243.00",
        "paid": "43.00", "closing": "243.00",
    }  # fmt: skip
    return _row("balance", external_id, facts, changed)


def month_of_money(month: str = "2026-09", **changed: Any) -> list[dict[str, Any]]:
    """Return the charge, the payment and the balance of a month that follows on another like it."""
    facts = {"month": month} | changed
    opening = "43.00" if month == "2026-09" else "243.00"
    closing = str(Decimal(opening) + 200)
    return [
        charge(f"n-{month}", **facts),
        payment(f"o-{month}", **facts),
        balance(f"s-{month}", opening=opening, closing=closing, **facts),
    ]


def whole_contract() -> list[dict[str, Any]]:
    """Return a contract with all that is measured under it."""
    return [contract(), point(), meter(), register(), reading()]
