"""The sheet of logins: whom to sign in as, what to link (/demo/logins.json, and what `./run demo` prints)."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from demo.contracts import STORIES
from demo.users import users
from demo.values import PASSWORD, DemoContract, DemoUser, MeterSet, Utility
from kabinet.providers.values import WindowRule
from sandbox.demo.logins import window_word

MOST_UNLINKED: Final = 400


def provider_sheet(utility: Utility, contracts: list[DemoContract], *, base_url: str, today: date) -> dict[str, Any]:
    """Return a provider's part of the sheet; ordinary contracts come before the unusual ones."""
    people = users(utility.slug, contracts)
    linked = {number for user in people for number in user.contracts}
    free = [contract for contract in contracts if contract.contract.external_id not in linked]
    unusual = set(STORIES.values())
    free.sort(key=lambda contract: contract.shows in unusual)
    return {
        "slug": utility.slug,
        "tag": utility.tag,
        "name": utility.name,
        "url": f"{base_url}/{utility.slug}/",
        "users": [_user(user) for user in people],
        "unlinked": [_unlinked(contract, rule=utility.window, today=today) for contract in free[:MOST_UNLINKED]],
    }


def _user(user: DemoUser) -> dict[str, Any]:
    role = "manager" if user.contracts else None
    return {"email": user.email, "login": user.email, "password": PASSWORD, "role": role, "shows": user.shows}


def _unlinked(contract: DemoContract, *, rule: WindowRule, today: date) -> dict[str, Any]:
    row, holder = contract.contract, contract.customer.director
    return {
        "kind": row.kind,
        "number": row.number,
        "inn": row.inn,
        "customer_number": row.customer_number,
        "customer_name": row.customer_name,
        "holder": {"last": holder.last, "first": holder.first, "middle": holder.middle},
        "emails": [contract.customer.email],
        "meters": [_meter(meter) for meter in contract.meters if not meter.is_removed],
        "window": window_word(rule, today, deadline_day=row.deadline_day),
        "deadline_day": row.deadline_day,
        "shows": contract.shows,
    }


def _meter(meter: MeterSet) -> dict[str, Any]:
    register = meter.register
    previous = meter.previous
    return {
        "number": meter.meter.number,
        "resource": meter.meter.resource,
        "registers": [
            {
                "id": register.external_id,
                "zone": register.zone,
                "previous": format(previous.value, "f") if previous else None,
                "integer_digits": register.integer_digits,
            }
        ],
    }


def first_contracts(contracts: Iterable[DemoContract], *, count: int = MOST_UNLINKED * 2) -> list[DemoContract]:
    """Keep as many contracts as the sheet may need."""
    return [contract for _, contract in zip(range(count), contracts, strict=False)]
