"""People of the offices: specialists with their sessions, and the cards that lie open on their desks."""

from datetime import timedelta
from functools import cache

from django.contrib.auth.hashers import make_password

from kabinet.accounts.models import SecondFactor, Specialist, StaffSession, User
from kabinet.accounts.selectors import key_of
from kabinet.accounts.values import StaffRole
from kabinet.infra import clock
from kabinet.staff.models import CardVisit
from kabinet.staff.values import CardKind
from tests import world
from tests.authz.town import AWAY, Office, Town


def employ(office: Office, name: str, role: StaffRole, *, passed: bool = True) -> Specialist:
    """Let a person work in the office, with a session that has passed the second factor, or not."""
    at = clock.technical_now()
    user = User.objects.create(
        email=f"{name.replace(' ', '-')}@office.example", last_name=name, joined_at=world.NOW, password=_password()
    )
    row = Specialist.objects.create(
        user=user, provider=office.provider, roles=[role], begins_at=at - timedelta(days=1), created_at=at
    )
    SecondFactor.objects.create(specialist=row, confirmed_at=at)
    StaffSession.objects.create(
        key=key_of(desk_token(row)), specialist=row, started_at=at, seen_at=at, expires_at=at + timedelta(hours=9),
        factor_passed_at=at if passed else None, address="127.0.0.1", agent="Firefox",
    )  # fmt: skip
    return row


def desk_token(row: Specialist) -> str:
    return f"desk-of-{row.user.last_name}"


@cache
def _password() -> str:
    return make_password(world.PASSWORD)


def lay_cards_open(town: Town) -> None:
    """Open every card of W on every desk of W: what a card shows is looked at, and not the question why."""
    cards = [(CardKind.CONTRACT, home.things["contract"]) for name, home in town.households.items() if name != AWAY]
    cards += [
        (CardKind.PERSON, one.things["person"]) for one in town.people.values() if one.provider == town.w.provider
    ]
    at = clock.technical_now()
    working = Specialist.objects.active().filter(provider=town.w.provider)
    for session in StaffSession.objects.filter(specialist__in=working):
        CardVisit.objects.bulk_create(
            CardVisit(session=session, kind=kind, subject_id=subject, reason="call", opened_at=at)
            for kind, subject in cards
        )
