"""Contracts that went away while their page was being filled in."""

from collections.abc import Collection, Mapping
from uuid import UUID

from kabinet.contracts import selectors as contracts
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
