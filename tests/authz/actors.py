"""Who comes to the doors: what each brings along, and what each may see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from django.conf import settings

from kabinet.accounts.models import Session, Specialist
from kabinet.accounts.values import StaffRole
from kabinet.contracts.values import Role
from kabinet.infra import clock
from kabinet.staff.http import COOKIE
from tests import world
from tests.authz import rows
from tests.authz.desks import desk_token, employ
from tests.authz.town import AWAY, FOREIGN, OFFICE_MARK, OWN, Office, Person, Town, move_in, start_session

STRANGER_AT_V: Final = "customer of V"
AT_BOTH: Final = "customer of both"


@dataclass(frozen=True)
class Actor:
    """A visitor: cookies and headers, whom they stand for at W, and what is known of him there."""

    name: str
    word: str = rows.ANONYMOUS
    person: Person | None = None
    office: Office | None = None
    cookies: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    is_confirmed: bool = True
    must_change_password: bool = False
    is_of_office: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def is_signed_in(self) -> bool:
        return self.person is not None

    def role_on(self, household: str) -> str | None:
        return self.person.roles.get(household) if self.person else None

    @property
    def roles(self) -> frozenset[str]:
        """Return the roles held at W; whoever holds none is a newcomer."""
        held = self.person.roles.items() if self.person else ()
        return frozenset(role.value for home, role in held if home != AWAY)

    def may_read(self, town: Town) -> frozenset[str]:
        """Return the marks of what is his own: of households at W where he holds a role, and of himself."""
        if self.is_of_office:
            return _marks_at_w(town)
        if self.person is None:
            return frozenset()
        homes = (town.households[name].marks for name in self.person.roles if name != AWAY)
        return self.person.marks.union(*homes)

    def may_not_read(self, town: Town) -> frozenset[str]:
        """Return the marks of all that is somebody else's."""
        everything = frozenset({OFFICE_MARK}).union(*(one.marks for one in town.everybody()))
        return everything - self.may_read(town)


def _marks_at_w(town: Town) -> frozenset[str]:
    """Return what the office of W may read: all that W has."""
    homes = (home.marks for name, home in town.households.items() if name != AWAY)
    people = (person.marks for person in town.people.values() if person.provider == town.w.provider)
    return frozenset({OFFICE_MARK}).union(*homes, *people)


def cast_of(town: Town) -> tuple[Actor, ...]:
    """Let everybody move in and return them as visitors of W."""
    customers = (*_strangers(town), *_members(town), *_half_way(town), *_from_v(town))
    return (*customers, *_partners(town), *_specialists(town))


def _strangers(town: Town) -> Iterator[Actor]:
    yield Actor("anonymous")
    yield _customer(move_in(town, "newcomer", town.w, {}))
    yield _customer(move_in(town, "administrator of B", town.w, {FOREIGN: Role.ADMINISTRATOR}))
    yield _former(town)


def _members(town: Town) -> Iterator[Actor]:
    for role in Role:
        yield _customer(move_in(town, role.value, town.w, {OWN: role}))
    mixed = {OWN: Role.ACCOUNTANT, FOREIGN: Role.MANAGER}
    yield _customer(move_in(town, "accountant who manages B", town.w, mixed))
    yield _customer(move_in(town, "limited", town.w, {OWN: Role.ENERGY_ENGINEER}, is_limited=True))


def _half_way(town: Town) -> Iterator[Actor]:
    """People who are in, but not yet, or no longer, quite."""
    unconfirmed = move_in(town, "unconfirmed", town.w, {OWN: Role.MANAGER})
    unconfirmed.user.email_confirmed_at = None
    unconfirmed.user.save()
    yield _customer(unconfirmed, is_confirmed=False)
    changing = move_in(town, "with a password to change", town.w, {OWN: Role.MANAGER})
    changing.user.must_change_password = True
    changing.user.save()
    yield _customer(changing, must_change_password=True)
    waiting = move_in(town, "waiting for agreements", town.w, {OWN: Role.MANAGER})
    start_session(waiting, "waiting", enrollment=None)
    yield Actor("waiting for agreements", word=rows.WAITING, cookies={settings.SESSION_COOKIE_NAME: "waiting"})
    gone = move_in(town, "with a session that ended", town.w, {OWN: Role.MANAGER})
    start_session(gone, "gone", enrollment=gone.user.enrollments.first(), hours=-1)
    yield Actor("with a session that ended", cookies={settings.SESSION_COOKIE_NAME: "gone"})


def _former(town: Town) -> Actor:
    """A colleague until yesterday, on every contract of the first household."""
    person = move_in(town, "former", town.w, {OWN: Role.MANAGER})
    person.user.membership_set.update(ended_at=world.NOW - timedelta(days=1))
    person.roles.clear()
    return _customer(person)


def _from_v(town: Town) -> Iterator[Actor]:
    """Customers of the other provider; a session opens its own provider's doors only."""
    stranger = move_in(town, STRANGER_AT_V, town.v, {AWAY: Role.MANAGER})
    yield Actor(STRANGER_AT_V, cookies={settings.SESSION_COOKIE_NAME: stranger.token})
    both = move_in(town, AT_BOTH, town.w, {OWN: Role.MANAGER, AWAY: Role.ADMINISTRATOR})
    yield _customer(both)
    enrollment = both.user.enrollments.create(provider=town.v.provider, category="legal", joined_at=world.NOW)
    at_v = start_session(both, "both-at-v", enrollment=enrollment)
    Session.objects.filter(pk=at_v.pk).update(provider=town.v.provider)
    yield Actor(f"{AT_BOTH}, by the session at V", cookies={settings.SESSION_COOKIE_NAME: "both-at-v"})


def _partners(town: Town) -> Iterator[Actor]:
    for office in (town.w, town.v):
        name = f"partner of {office.provider.slug.upper()}"
        yield Actor(name, word=rows.PARTNER, office=office, headers=_bearer(office.partner_token))
    yield Actor("partner with a wrong token", word=rows.PARTNER, headers=_bearer("nobody's"))


def _specialists(town: Town) -> Iterator[Actor]:
    for role in StaffRole:
        word = rows.OFFICE_ADMINISTRATOR if role is StaffRole.ADMINISTRATOR else role.value
        yield _at_desk(employ(town.w, f"{role} of the office", role), word)
    changing = employ(town.w, "specialist with a password to change", StaffRole.ADMINISTRATOR)
    changing.user.must_change_password = True
    changing.user.save()
    yield _at_desk(changing, rows.OFFICE_ADMINISTRATOR, must_change_password=True)
    yield _at_desk(employ(town.w, "specialist before the factor", StaffRole.ADMINISTRATOR, passed=False), rows.HALF_WAY)
    gone = employ(town.w, "specialist who left", StaffRole.ADMINISTRATOR)
    Specialist.objects.filter(pk=gone.pk).update(ends_at=clock.technical_now() - timedelta(hours=1))
    yield Actor("specialist who left", cookies={COOKIE: desk_token(gone)})
    of_v = employ(town.v, "specialist of V", StaffRole.ADMINISTRATOR)
    yield Actor("specialist of V", cookies={COOKIE: desk_token(of_v)})


def _at_desk(row: Specialist, word: str, *, must_change_password: bool = False) -> Actor:
    return Actor(
        row.user.last_name,
        word=word,
        cookies={COOKIE: desk_token(row)},
        must_change_password=must_change_password,
        is_of_office=True,
    )


def _customer(person: Person, *, is_confirmed: bool = True, must_change_password: bool = False) -> Actor:
    return Actor(
        person.name,
        word=rows.CUSTOMER,
        person=person,
        cookies={settings.SESSION_COOKIE_NAME: person.token},
        is_confirmed=is_confirmed,
        must_change_password=must_change_password,
    )


def _bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}
