"""A small town at two providers: what everybody has, each thing marked with whose it is.

A household is a contract with all that hangs on it. Marks are texts that may be seen by its own people alone; the
matrix looks for them in everything that anybody receives. `furniture.py` fills the rooms: a new table brings its own.
"""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Final
from uuid import UUID

from django.contrib.auth.hashers import make_password

from kabinet.accounts.models import Enrollment, Session, User
from kabinet.accounts.selectors import key_of
from kabinet.contracts.models import Contract, Membership
from kabinet.contracts.values import Role
from kabinet.infra import clock
from kabinet.providers.models import BillingPeriod, Provider
from tests import world

OWN: Final = "own"
SECOND: Final = "second"
ENDED: Final = "ended"
FOREIGN: Final = "foreign"
LEFT: Final = "left"
AWAY: Final = "other provider's"
# What only the office may read.
OFFICE_MARK: Final = "ZNAK-OFFICE"
ENDED_ON: Final = date(2026, 9, 30)
SHOWED: Final = "00231"


@dataclass
class Thing:
    """Ids by kind: `register` is the first one, `second register` hangs on the other supply point, and so on."""

    things: dict[str, str] = field(default_factory=dict)


@dataclass
class Household(Thing):
    """A contract with all that hangs on it; its marks stand in every row that could be shown."""

    name: str = ""
    mark: str = ""
    showed: str = ""
    contract: Contract = field(default_factory=Contract)

    @property
    def marks(self) -> frozenset[str]:
        return frozenset({self.mark, self.contract.inn, *self.values, *self.things.values()})

    @property
    def values(self) -> frozenset[str]:
        """Return what strangers' meters show: figures that no own meter comes near."""
        return frozenset() if self.showed == SHOWED else frozenset({self.showed})


@dataclass
class Person(Thing):
    """A user with a session at a provider, and what is his alone."""

    name: str = ""
    user: User = field(default_factory=User)
    provider: Provider = field(default_factory=Provider)
    roles: dict[str, Role] = field(default_factory=dict)
    points: frozenset[str] | None = None

    @property
    def mark(self) -> str:
        return f"OWN-{self.name.replace(' ', '-')}."

    @property
    def token(self) -> str:
        return f"token-of-{self.name}-at-{self.provider.slug}"

    @property
    def marks(self) -> frozenset[str]:
        return frozenset({self.mark, *(id_ for kind, id_ in self.things.items() if kind != "person")})


@dataclass
class Office(Thing):
    """A provider with its billing system."""

    provider: Provider = field(default_factory=Provider)

    @property
    def partner_token(self) -> str:
        return f"token-of-billing-{self.provider.slug}-0123456789"


@dataclass
class Town:
    """Everything; `people` are named by what they are on the first household."""

    w: Office
    v: Office
    loose: Contract
    households: dict[str, Household]
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def policy(self) -> str:
        """Return W's policy as the office would write it, with something changed."""
        policy = world.POLICY | {"password_min_length": 12}
        return json.dumps(policy)

    @property
    def own(self) -> Household:
        return self.households[OWN]

    def everybody(self) -> list[Household | Person]:
        return [*self.households.values(), *self.people.values()]


def build() -> Town:
    """Build the town; what is in it is furnished by the caller."""
    w, v = Office(provider=_provider("w")), Office(provider=_provider("v", zone_name="Asia/Yekaterinburg"))
    households = {
        OWN: _household(OWN, w, mark="ZNAK-A", showed=SHOWED),
        ENDED: _household(ENDED, w, mark="ZNAK-E", showed=SHOWED, valid_to=ENDED_ON),
        LEFT: _household(LEFT, w, mark="ZNAK-L", showed="66666"),
        FOREIGN: _household(FOREIGN, w, mark="ZNAK-B", showed="77777"),
        AWAY: _household(AWAY, v, mark="ZNAK-V", showed="88888"),
    }
    loose = world.contract(w.provider, number="ХВС-LOOSE", customer_name="ООО «Ничей»", external_id="loose")
    world.meter(loose)
    return Town(w=w, v=v, loose=loose, households=households)


def _provider(slug: str, **changed: str) -> Provider:
    sections = [
        "link_contract", "readings", "sewage_volumes", "archive", "contracts", "reconciliation_acts", "add_contract",
        "point_readings", "tickets", "slip", "personal_data", "link_account", "public_readings", "household_readings",
        "calculator", "requests", "references",
    ]  # fmt: skip
    facts = {"phone": f"+7 (3412) 00-00-{slug}", "short_name": f"Водоканал {slug}"} | changed
    row = world.provider(slug, policy={"sections": sections, "roles_shown": True}, **facts)
    BillingPeriod.objects.create(provider=row, month=date(2026, 10, 1), state="open")
    return row


def _household(name: str, of: Office, *, mark: str, showed: str, valid_to: date | None = None) -> Household:
    row = world.contract(
        of.provider,
        number=f"ХВС-{mark}",
        customer_name=f"ООО «{mark}»",
        customer_number=f"{mark}-1",
        has_hot_water=True,
        valid_to=valid_to,
        external_id=f"{mark}-c",
    )
    return Household(things={"contract": str(row.pk)}, name=name, mark=mark, showed=showed, contract=row)


def move_in(town: Town, name: str, at: Office, roles: dict[str, Role], *, is_limited: bool = False) -> Person:
    """Let a person hold roles on households, and give him a session.

    Who is of the first household is so of the ended one, too, and was of the one that is left.
    """
    person = Person(name=name, user=_user(town, name, roles), provider=at.provider, roles=dict(roles))
    if OWN in roles:
        person.roles[ENDED] = roles[OWN]
        _let_go(person, town.households[LEFT], roles[OWN])
    person.points = frozenset({town.own.things["point"]}) if is_limited else None
    for household, role in person.roles.items():
        points = [UUID(point) for point in person.points] if person.points and household == OWN else None
        world.link(person.user, town.households[household].contract, role=role, points=points)
    sign_in(person, at)
    town.people[name] = person
    return person


def _user(town: Town, name: str, roles: dict[str, Role]) -> User:
    """Return a person; whoever belongs to strangers alone carries their mark in his name."""
    user = User(email=f"{name.replace(' ', '-')}@example.com", first_name="Имя", joined_at=world.NOW)
    strange = [town.households[home].mark for home in roles if home in {FOREIGN, AWAY}]
    user.last_name = strange[0] if len(roles) == len(strange) == 1 else ""
    user.email_confirmed_at, user.password = world.NOW, _password()
    user.save()
    return user


def _let_go(person: Person, home: Household, role: Role) -> None:
    Membership.objects.create(
        user=person.user, contract=home.contract, role=role, granted_at=world.NOW, ended_at=world.NOW
    )


@cache
def _password() -> str:
    return make_password(world.PASSWORD)


def sign_in(person: Person, at: Office) -> None:
    """Give the person a session at the provider, whose cookie is `person.token`."""
    enrollment, _ = Enrollment.objects.get_or_create(
        user=person.user, provider=at.provider, defaults={"category": "legal", "joined_at": world.NOW}
    )
    start_session(person, person.token, enrollment=enrollment)


def start_session(person: Person, token: str, *, enrollment: Enrollment | None, hours: int = 24) -> Session:
    """Write a session; without an enrollment it waits for agreements."""
    at = clock.technical_now()
    return Session.objects.create(
        key=key_of(token), user=person.user, provider=person.provider, enrollment=enrollment, started_at=at,
        seen_at=at, expires_at=at + timedelta(hours=hours), address=f"{person.mark}", agent="Firefox",
    )  # fmt: skip
