"""Contracts that a page leaves out: gone while it was being filled in, or not opened by the viewer's role."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from kabinet.contracts import selectors as contracts
from kabinet.contracts.models import Contract
from kabinet.contracts.rules import rights
from kabinet.contracts.values import Action, Viewer
from kabinet.readings.values import Loss, Lost


def lost_of(viewer: Viewer, named: Mapping[UUID, str], *, shown: Collection[UUID]) -> tuple[Lost, ...]:
    """Return the contracts that the page named and that it shows no more; a foreign one is as gone as none at all."""
    missing = {contract: name for contract, name in named.items() if contract not in shown}
    if not missing:
        return ()
    seen = set(contracts.contracts_of(viewer).filter(pk__in=missing).values_list("pk", flat=True))
    return tuple(
        Lost(contract, name, _why(viewer, contract, is_seen=contract in seen)) for contract, name in missing.items()
    )


def _why(viewer: Viewer, contract: UUID, *, is_seen: bool) -> Loss:
    role = viewer.role_on(contract)
    if not is_seen or role is None:
        return Loss.GONE
    return Loss.ENDED if rights.may(role, Action.SEND_READINGS) else Loss.ROLE


def unopened_of(viewer: Viewer, *, action: Action, today: date) -> list[Contract]:
    """Return the contracts that the viewer sees, but whose readings his role on them does not open (ROLE-05)."""
    without = [m.contract_id for m in viewer.memberships if not rights.may(m.role, action)]
    return list(contracts.contracts_of(viewer).current(today).filter(pk__in=without)) if without else []
