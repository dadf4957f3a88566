"""The slip of an account's month, by statements that go together (SPEED, «Serving»)."""

import json
from typing import Final
from uuid import UUID

from kabinet.billing.models import Balance, Charge
from kabinet.billing.rules.slips import due_on
from kabinet.billing.selectors.months import in_order, lines_of, sums_of
from kabinet.billing.values.slips import MeterRun, Payee, Payer, ResourceMonth, Slip
from kabinet.contracts.models import Contract
from kabinet.contracts.rules import rights
from kabinet.contracts.values import Action, Viewer, Zone
from kabinet.infra.statements import Row, Statement, attnames, columns_of, row_of, together
from kabinet.kernel.periods import Month
from kabinet.providers.models import Provider
from kabinet.providers.values import Resource

_CONTRACT: Final = attnames(
    Contract, "id", "number", "customer_name", "holder_last", "holder_first", "holder_middle", "house_id"
)
_PROVIDER: Final = attnames(Provider, "id", "name", "inn", "kpp")
_BALANCE: Final = attnames(
    Balance,
    "contract_id",
    "id",
    "month",
    "resource",
    "opening",
    "charged",
    "recalculated",
    "penalty",
    "paid",
    "closing",
)
_CHARGE: Final = attnames(
    Charge,
    "contract_id", "id", "external_id", "month", "resource", "kind", "zone", "range_number", "basis", "quantity",
    "unit", "price", "amount",
)  # fmt: skip
_ACCOUNT_SQL: Final = f"""
    SELECT {columns_of("c", _CONTRACT)}, {columns_of("p", _PROVIDER)}, p.bank_details::text, coalesce(
        (SELECT s.address FROM contracts_supplypoint s WHERE s.contract_id = c.id
         ORDER BY s.address, s.code LIMIT 1), h.address, '')
    FROM contracts_contract c JOIN providers_provider p ON p.id = c.provider_id
    LEFT JOIN contracts_house h ON h.id = c.house_id
    WHERE c.id = %(contract)s AND c.provider_id = %(provider)s
"""  # noqa: S608 - columns of models, nothing that anybody typed
_BALANCES_SQL: Final = f"""
    SELECT {columns_of("b", _BALANCE)} FROM billing_balance b
    WHERE b.contract_id = %(contract)s AND b.month = %(month)s
"""  # noqa: S608 - columns of models, nothing that anybody typed
_CHARGES_SQL: Final = f"""
    SELECT {columns_of("b", _CHARGE)} FROM billing_charge b
    WHERE b.contract_id = %(contract)s AND b.month = %(month)s
"""  # noqa: S608 - columns of models, nothing that anybody typed
_STANDING: Final = """
    a.contract_id = %(contract)s AND a.register_id = r.id AND NOT EXISTS (
        SELECT FROM readings_submission o
        WHERE o.contract_id = %(contract)s AND o.id = a.submission_id AND o.state = 'withdrawn')
"""
_RUNS_SQL: Final = f"""
    SELECT m.resource, m.number, m.place, r.zone, r.tariff_number, r.integer_digits,
           now.value, now.taken_on, now.source, before.value, m.ratio
    FROM contracts_meter m JOIN contracts_supplypoint p ON p.id = m.point_id
    JOIN contracts_register r ON r.meter_id = m.id
    JOIN LATERAL (
        SELECT a.value, a.taken_on, a.source FROM readings_reading a WHERE {_STANDING} AND a.month = %(month)s
        ORDER BY a.taken_on DESC LIMIT 1) now ON true
    LEFT JOIN LATERAL (
        SELECT a.value FROM readings_reading a WHERE {_STANDING} AND a.month < %(month)s
        ORDER BY a.taken_on DESC, a.month DESC LIMIT 1) before ON true
    WHERE m.contract_id = %(contract)s AND (%(points)s::uuid[] IS NULL OR m.point_id = ANY(%(points)s::uuid[]))
    ORDER BY p.address, m.number, m.id, r.quantity COLLATE "C", coalesce(r.tariff_number, 0), r.zone COLLATE "C"
"""  # noqa: S608 - fixed conditions


def slip_of(viewer: Viewer, contract_id: UUID, month: Month) -> Slip | None:
    """Return the slip; None where the viewer has no such account, or nothing was charged in the month."""
    if not (_may(viewer, contract_id, Action.SEE_DOCUMENTS) and _may(viewer, contract_id, Action.SEE_DEBT)):
        return None
    asked = {"contract": contract_id, "month": month.first}
    accounts, balances, charges, runs = together(
        Statement(_ACCOUNT_SQL, {"contract": contract_id, "provider": viewer.provider_id}),
        Statement(_BALANCES_SQL, asked),
        Statement(_CHARGES_SQL, asked),
        Statement(_RUNS_SQL, asked | {"points": _points(viewer, contract_id)}),
    )
    resources = _resources(balances, charges, month)
    if not accounts or not any(each.lines for each in resources):
        return None
    payee, payer = _parties(accounts[0])
    return Slip(month, due_on(month), payee, payer, resources, tuple(map(_run, runs)))


def _may(viewer: Viewer, contract_id: UUID, action: Action) -> bool:
    return any(held.contract_id == contract_id and rights.may(held.role, action) for held in viewer.memberships)


def _points(viewer: Viewer, contract_id: UUID) -> list[UUID] | None:
    """Return the supply points whose readings are seen; None is all of them."""
    seen = [
        held.points
        for held in viewer.memberships
        if held.contract_id == contract_id and rights.may(held.role, Action.SEE_READINGS)
    ]
    return None if None in seen else [point for points in seen for point in points or ()]


def _parties(row: Row) -> tuple[Payee, Payer]:
    *told, bank, address = row
    provider = row_of(Provider, _PROVIDER, told[len(_CONTRACT) :])
    provider.bank_details = json.loads(bank)
    return payee_of(provider), payer_of(row_of(Contract, _CONTRACT, told[: len(_CONTRACT)]), address=address)


def _resources(balances: list[Row], charges: list[Row], month: Month) -> tuple[ResourceMonth, ...]:
    """Return what the month did, by resource; nothing where its balance has not come."""
    lines = lines_of(row_of(Charge, _CHARGE, row) for row in charges)
    rows = [row_of(Balance, _BALANCE, row) for row in balances]
    return in_order(ResourceMonth(Resource(row.resource), sums_of(row), lines[row.resource, month]) for row in rows)


def _run(row: Row) -> MeterRun:
    resource, meter, place, zone, *told = row
    return MeterRun(Resource(resource), meter, place, Zone(zone), *told)


def payee_of(provider: Provider) -> Payee:
    bank = provider.bank_details
    return Payee(
        name=provider.name,
        inn=provider.inn,
        kpp=provider.kpp,
        bank=bank.get("name", ""),
        bic=bank.get("bic", ""),
        account=bank.get("account", ""),
        correspondent=bank.get("correspondent", ""),
    )


def payer_of(contract: Contract, *, address: str) -> Payer:
    """Return whose account it is; who has no name by parts is named as the agreement names him."""
    return Payer(
        account=contract.number,
        last=contract.holder_last or contract.customer_name,
        first=contract.holder_first,
        middle=contract.holder_middle,
        address=address,
    )


def address_of(contract: Contract) -> str:
    """Return where the account is: its supply point's address, or the house's."""
    point = contract.points.order_by("address", "code").first()
    if point is not None:
        return point.address
    return contract.house.address if contract.house else ""
