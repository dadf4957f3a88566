"""Whose contracts a statement that is spelled by hand sees: a membership `b` and its contract `c`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from kabinet.accounts.rules.sessions import IDLE
from kabinet.contracts.rules import rights
from kabinet.contracts.values import Action, Role

HELD: Final = "contracts_membership b JOIN contracts_contract c ON c.id = b.contract_id"
_LIVE: Final = "b.role = ANY(%(roles)s) AND b.ended_at IS NULL"
# Of whom it is known by his viewer what he may.
BY_USER: Final = f"{_LIVE} AND b.user_id = %(user)s AND b.contract_id = ANY(%(allowed)s)"
# Of whoever has the session, asked in the breath in which it is asked who that is.
BY_SESSION: Final = f"""{_LIVE} AND b.user_id = (
    SELECT s.user_id FROM accounts_session s
    WHERE s.key = %(key)s AND s.provider_id = %(provider)s AND s.expires_at > %(at)s AND s.seen_at > %(fresh)s
      AND s.enrollment_id IS NOT NULL)
    AND (b.expires_at IS NULL OR b.expires_at > %(now)s)"""  # noqa: S608 - a fixed condition


def having(session_key: str, *, at: datetime, now: datetime) -> Mapping[str, Any]:
    """Return the parameters of `BY_SESSION`: sessions live by the technical moment, roles by the business one."""
    return {"key": session_key, "at": at, "fresh": at - IDLE, "now": now}


def roles_for(action: Action) -> list[str]:
    """Return the roles that may do the action, as table 3 has them (ROLE-02)."""
    return [str(role) for role in Role if rights.may(role, action)]
