"""Whose eyes a request has, by one statement: session, person, part at the provider, memberships (SPEED, «Serving»)."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from kabinet.accounts.models import Enrollment, Session, User
from kabinet.accounts.rules.sessions import IDLE
from kabinet.accounts.selectors import SignedIn
from kabinet.contracts.values import MembershipValue, Role, Viewer
from kabinet.infra.statements import Row, Statement, attnames, columns_of, one_line, row_of

_SESSION: Final = attnames(Session)
_USER: Final = attnames(User)
_ENROLLMENT: Final = attnames(Enrollment)
_SQL: Final = one_line(f"""
    SELECT {columns_of("s", _SESSION)}, {columns_of("u", _USER)}, {columns_of("e", _ENROLLMENT)}, (
        SELECT json_agg(json_build_array(m.contract_id, m.role, m.points) ORDER BY m.granted_at)::text
        FROM contracts_membership m JOIN contracts_contract c ON c.id = m.contract_id
        WHERE m.user_id = s.user_id AND c.provider_id = %(provider)s
          AND m.ended_at IS NULL AND (m.expires_at IS NULL OR m.expires_at > %(now)s))
    FROM accounts_session s
    JOIN accounts_user u ON u.id = s.user_id JOIN accounts_enrollment e ON e.id = s.enrollment_id
    WHERE s.key = %(key)s AND s.provider_id = %(provider)s AND s.expires_at > %(at)s AND s.seen_at > %(fresh)s
      AND e.closed_at IS NULL
""")  # noqa: S608 - columns of models, nothing that anybody typed


@dataclass(frozen=True, slots=True)
class Eyes:
    """A signed-in person with everything that gives sight of contracts here."""

    signed_in: SignedIn
    viewer: Viewer


def asking(session_key: str, *, provider_id: UUID, at: datetime, now: datetime) -> Statement:
    """Ask whose session it is; one that waits, has ended or is another provider's is nobody's.

    `at` is the technical moment by which sessions live, `now` the business one by which roles do.
    """
    return Statement(_SQL, {"key": session_key, "provider": provider_id, "at": at, "fresh": at - IDLE, "now": now})


def eyes_from(rows: list[Row]) -> Eyes | None:
    """Read the statement's answer."""
    if not rows:
        return None
    (row,) = rows
    person = len(_SESSION) + len(_USER)
    session = row_of(Session, _SESSION, row[: len(_SESSION)])
    user = row_of(User, _USER, row[len(_SESSION) : person])
    enrollment = row_of(Enrollment, _ENROLLMENT, row[person:-1])
    session.user, session.enrollment = user, enrollment
    viewer = Viewer(
        user_id=user.pk,
        enrollment_id=enrollment.pk,
        provider_id=session.provider_id,
        email_confirmed=user.email_confirmed_at is not None,
        display_name=user.display_name,
        memberships=tuple(_membership(*held) for held in json.loads(row[-1] or "[]")),
    )
    return Eyes(SignedIn(session=session, user=user, enrollment=enrollment), viewer)


def _membership(contract_id: str, role: str, points: list[str] | None) -> MembershipValue:
    seen = None if points is None else frozenset(map(UUID, points))
    return MembershipValue(UUID(contract_id), Role(role), seen)
