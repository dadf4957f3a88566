"""A closed month as rows of the exchange.

A demonstration has hundreds of thousands of them, and each was made by the rules: they are put into their shapes
without being checked a second time.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from kabinet.exchange.values import entities
from kabinet.exchange.values.entities import Row
from kabinet.exchange.values.houses import HouseMonth
from kabinet.exchange.values.money import Balance, Charge, Payment
from kabinet.kernel.periods import Month
from kabinet.tariffs.values import ChargeKind
from sandbox.charging.payments import document_of, way_of
from sandbox.charging.prices import Prices
from sandbox.charging.values import Billed, Closed, Fine, HouseCounts, HouseFacts, Paid, Sums

_Shape = TypeVar("_Shape", bound=Row)


def shaped(shape: type[_Shape], facts: dict[str, Any]) -> _Shape:
    """Return a row of these facts, all that are not defaults, as `model_construct` does at four times the cost."""
    row = shape.__new__(shape)
    object.__setattr__(row, "__dict__", _DEFAULTS[shape] | facts)
    object.__setattr__(row, "__pydantic_fields_set__", _NAMES[shape])
    object.__setattr__(row, "__pydantic_extra__", None)
    object.__setattr__(row, "__pydantic_private__", None)
    return row


_SHAPES: Final[Sequence[type[Row]]] = (
    Charge, Payment, Balance, entities.Reading, HouseMonth,
)  # fmt: skip
_DEFAULTS: Final[Mapping[type[Row], dict[str, Any]]] = {
    shape: {name: None if info.is_required() else info.default for name, info in shape.model_fields.items()}
    for shape in _SHAPES
}
_NAMES: Final[Mapping[type[Row], set[str]]] = {shape: set(shape.model_fields) for shape in _SHAPES}


def rows_of(closed: Closed, month: Month) -> Iterator[entities.AnyRow]:
    """Give the charges, payments and balances of an account's month."""
    contract = closed.account.contract
    name, common = f"{contract}/{month}", {"version": 1, "contract": contract, "month": month}
    charges = [_charge_of(billed) for billed in closed.lines] + [_fine_of(fine) for fine in closed.fines]
    for place, facts in enumerate(charges, start=1):
        yield shaped(Charge, common | facts | {"external_id": f"{name}/{place}"})
    for each in closed.paid:
        facts = _payment_of(each, contract, month)
        yield shaped(Payment, common | facts | {"external_id": f"{name}/{each.resource}"})
    for sums in closed.sums:
        yield shaped(Balance, common | _balance_of(sums) | {"external_id": f"{name}/{sums.resource}"})


def house_month_of(house: HouseFacts, month: Month, counts: HouseCounts | None, prices: Prices) -> Iterator[HouseMonth]:
    """Give what the house's common needs were counted by; nothing where its manager pays for them."""
    if not house.has_common_needs:
        return
    named = {"external_id": f"{house.id}/{month}", "version": 1, "house": house.id, "month": month}
    areas = {"norm": prices.common_norm, "total_area": house.total_area, "common_area": house.common_area}
    volumes = {} if counts is None else {
        "has_house_meter": True,
        "house_volume": counts.electricity,
        "nonresidential_volume": counts.nonresidential,
        "norm_volume": counts.flats_by_norm,
        "meter_volume": counts.flats_by_meter,
    }  # fmt: skip
    yield shaped(HouseMonth, named | areas | volumes)


def _payment_of(paid: Paid, contract: str, month: Month) -> dict[str, Any]:
    return {
        "resource": paid.resource,
        "paid_on": paid.paid_on,
        "amount": paid.amount,
        "document": document_of(contract, paid.paid_on),
        "way": way_of(contract, month),
    }


def _charge_of(billed: Billed) -> dict[str, Any]:
    line = billed.line
    return {
        "resource": line.resource,
        "kind": line.kind,
        "zone": line.zone or None,
        "range_number": line.range_number,
        "basis": billed.basis,
        "quantity": line.quantity,
        "unit": line.unit,
        "price": line.price,
        "amount": line.amount,
        "calculator": billed.calculator.name,
        "calculator_version": billed.calculator.version,
        "kept": billed.kept,
    }


def _fine_of(fine: Fine) -> dict[str, Any]:
    return {
        "resource": fine.resource,
        "kind": ChargeKind.PENALTY,
        "amount": fine.amount,
        "calculator": fine.calculator.name,
        "calculator_version": fine.calculator.version,
        "kept": fine.kept,
    }


def _balance_of(sums: Sums) -> dict[str, Any]:
    return {
        "resource": sums.resource,
        "opening": sums.opening,
        "charged": sums.charged,
        "recalculated": sums.recalculated,
        "penalty": sums.penalty,
        "paid": sums.paid,
        "closing": sums.closing,
    }
