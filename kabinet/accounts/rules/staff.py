"""Who does what in the office, as data, and how long the office stays open on a desk."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from kabinet.accounts.values import StaffAction, StaffRole

STAFF_RIGHTS: Final[Mapping[StaffRole, frozenset[StaffAction]]] = {
    StaffRole.SUPPORT: frozenset(
        {
            StaffAction.ANSWER_TICKETS,
            StaffAction.APPOINT_ADMINISTRATORS,
            StaffAction.OPEN_CARDS,
            StaffAction.RECOVER_ACCOUNTS,
            StaffAction.EXTEND_WINDOWS,
            StaffAction.LOOK_AT_READINGS,
        }
    ),
    StaffRole.OPERATOR: frozenset(
        {
            StaffAction.OPEN_CARDS,
            StaffAction.EXTEND_WINDOWS,
            StaffAction.LOOK_AT_READINGS,
            StaffAction.SET_CALENDAR,
            StaffAction.SET_TARIFFS,
            StaffAction.MEND_EXCEPTIONS,
        }
    ),
    StaffRole.EDITOR: frozenset({StaffAction.PUBLISH_HELP}),
    StaffRole.AUDITOR: frozenset({StaffAction.SEE_AUDIT, StaffAction.SEE_SPECIALISTS}),
    StaffRole.ADMINISTRATOR: frozenset(StaffAction),
}

# A desk that was left is closed soon; a working day is the longest.
IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
HALF_WAY: Final = timedelta(minutes=10)
NOTED_EVERY: Final = timedelta(minutes=1)


def may(roles: Collection[StaffRole], action: StaffAction) -> bool:
    return any(action in STAFF_RIGHTS[role] for role in roles)


def roles_with(action: StaffAction) -> tuple[StaffRole, ...]:
    """Return the roles to ask for when the own ones are not enough."""
    return tuple(role for role in StaffRole if action in STAFF_RIGHTS[role])


def is_to_be_noted(seen_at: datetime, *, at: datetime) -> bool:
    """Say whether the last sight of an office session is old enough to be written anew."""
    return at - seen_at >= NOTED_EVERY
