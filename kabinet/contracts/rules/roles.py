"""Who may give which role to whom (ROLE-01, ROLE-04, I22)."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from kabinet.contracts.values import Grant, GrantProblem, MembershipValue, Role


def grant_problem(
    grant: Grant, *, giver: MembershipValue, is_own: bool, known_points: Collection[UUID], at: datetime
) -> GrantProblem | None:
    """Say why a customer may not give this role; None means that he may.

    `is_own` tells that the address is the giver's, `known_points` are those of the asked that the contract has.
    """
    if grant.role is Role.ADMINISTRATOR:
        return GrantProblem.STAFF_ONLY
    if is_own:
        return GrantProblem.OWN_ROLE
    if grant.expires_at is not None and grant.expires_at <= at:
        return GrantProblem.PAST_END
    return _points_problem(grant.points, giver=giver, known=known_points)


def replacing_problem(grant: Grant, *, held_id: UUID | None, held_role: Role | None) -> GrantProblem | None:
    """Say whether the giver has to be asked first: the role that would be replaced is the one he was shown."""
    if held_role is Role.ADMINISTRATOR:
        return GrantProblem.STAFF_ONLY
    if held_id == grant.replaces:
        return None
    return GrantProblem.CHANGED if held_id is None else GrantProblem.HOLDS_ROLE


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment at which the day is over in the zone."""
    return datetime.combine(day + timedelta(days=1), time(), zone)


def last_day(expires_at: datetime | None, zone: ZoneInfo) -> date | None:
    """Return the last day on which a role still holds, the whole of it or a part."""
    return (expires_at.astimezone(zone) - timedelta.resolution).date() if expires_at else None


def _points_problem(
    points: frozenset[UUID] | None, *, giver: MembershipValue, known: Collection[UUID]
) -> GrantProblem | None:
    """Nobody gives more than he has, and nothing of another contract."""
    if points is None:
        return None if giver.points is None else GrantProblem.FOREIGN_POINT
    if not points:
        return GrantProblem.NO_POINTS
    is_mine = giver.points is None or points <= giver.points
    return None if is_mine and points <= set(known) else GrantProblem.FOREIGN_POINT
