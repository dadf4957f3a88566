"""Table 3 of the source as data: who may do what with a contract (ROLE-02)."""

from collections.abc import Mapping
from typing import Final

from kabinet.contracts.values import Action, Role

_EVERYONE: Final = frozenset({Action.ASK_FOR_ADMINISTRATOR, Action.UNLINK, Action.SEE_CONTRACT})
_READINGS: Final = frozenset({Action.SEND_READINGS, Action.SEE_READINGS})
_MONEY: Final = frozenset({Action.ASK_FOR_RECONCILIATION, Action.SEE_DEBT, Action.PAY, Action.SEE_DOCUMENTS})

RIGHTS: Final[Mapping[Role, frozenset[Action]]] = {
    Role.ENERGY_ENGINEER: _EVERYONE | _READINGS,
    Role.ACCOUNTANT: _EVERYONE | _MONEY,
    Role.MANAGER: _EVERYONE | _READINGS | _MONEY,
    Role.ADMINISTRATOR: _EVERYONE | _READINGS | _MONEY | {Action.GRANT_ROLES},
}


def may(role: Role, action: Action) -> bool:
    return action in RIGHTS[role]
