"""The sheet of logins: whom to sign in as, what to link (/demo/logins.json, and what `./run demo` prints)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from demo.users import users
from demo.values import PASSWORD, DemoContract, DemoUser, MeterSet, RegisterSet, Utility
from kabinet.providers.values import WindowRule
from sandbox.demo.logins import window_word

MOST_UNLINKED: Final = 400
# As many contracts as the sheet may need.
FIRST_KEPT: Final = 2 * MOST_UNLINKED
MOST_METERS: Final = 60


def provider_sheet(utility: Utility, contracts: list[DemoContract], *, base_url: str, today: date) -> dict[str, Any]:
    """Return a provider's part of the sheet; ordinary contracts come before the unusual ones."""
    people = users(utility.slug, contracts)
    linked = {number for user in people for number in user.held}
    free = [contract for contract in contracts if contract.contract.external_id not in linked]
    free.sort(key=lambda contract: bool(contract.shows))
    numbers = {contract.contract.external_id: contract.contract.number for contract in contracts}
    return {
        "slug": utility.slug,
        "tag": utility.tag,
        "name": utility.name,
        "url": f"{base_url}/{utility.slug}/",
        "linking": utility.policy.linking,
        "users": [_user(user, numbers) for user in people],
        "unlinked": [_unlinked(contract, rule=utility.window, today=today) for contract in free[:MOST_UNLINKED]],
    }


def _user(user: DemoUser, numbers: Mapping[str, str]) -> dict[str, Any]:
    """Tell the login; who was invited finds the password in the letter."""
    held = {numbers[contract]: role for contract, role in user.held.items()}
    return {
        "email": user.email,
        "login": user.login,
        "password": "" if user.is_invited else PASSWORD,
        "role": next(iter(held.values()), None),
        "roles": held,
        "shows": user.shows,
    }


def _unlinked(contract: DemoContract, *, rule: WindowRule, today: date) -> dict[str, Any]:
    row, holder = contract.contract, contract.customer.director
    return {
        "kind": row.kind,
        "number": row.number,
        "inn": row.inn,
        "customer_number": row.customer_number,
        "customer_name": row.customer_name,
        "holder": {"last": holder.last, "first": holder.first, "middle": holder.middle},
        "emails": list(row.emails) or [contract.customer.email],
        "points": len(contract.points),
        "meters": [_meter(meter) for meter in contract.meters if not meter.is_removed][:MOST_METERS],
        "window": window_word(rule, today, deadline_day=row.deadline_day),
        "deadline_day": row.deadline_day,
        "shows": contract.shows,
    }


def _meter(meter: MeterSet) -> dict[str, Any]:
    return {
        "number": meter.meter.number,
        "resource": meter.meter.resource,
        "registers": [_register(each) for each in meter.registers],
    }


def _register(counting: RegisterSet) -> dict[str, Any]:
    register, previous = counting.register, counting.previous
    return {
        "id": register.external_id,
        "quantity": register.quantity,
        "zone": register.zone,
        "tariff_number": register.tariff_number,
        "previous": format(previous.value, "f") if previous else None,
        "integer_digits": register.integer_digits,
    }


def first_contracts(contracts: Iterable[DemoContract], *, count: int = FIRST_KEPT) -> list[DemoContract]:
    """Keep as many contracts as the sheet may need."""
    return [contract for _, contract in zip(range(count), contracts, strict=False)]
