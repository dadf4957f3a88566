"""What the demonstration is made of, before any database sees it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from kabinet.contracts.values import Role
from kabinet.exchange.values import entities
from kabinet.providers.values import DeadlineDay, Policy, Resource, WindowRule
from sandbox.charging.values import Account, HouseFacts

SOURCE = "billing"
PASSWORD = "Demo-2026-water"  # noqa: S105 - printed for everybody to sign in with
POLICIES = Path(__file__).parent / "policies"


class Trade(StrEnum):
    """What a utility lives by: it decides what its contracts look like."""

    WATER = "water"
    ENERGY = "energy"
    HOUSEHOLDS = "households"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    last: str
    first: str
    middle: str

    @property
    def full(self) -> str:
        return f"{self.last} {self.first} {self.middle}".strip()


@dataclass(frozen=True, slots=True)
class Town:
    """Where the addresses of a utility are."""

    name: str
    postcode: str
    streets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Utility:
    """A company that does not exist, with everything that its portal shows of it."""

    slug: str
    tag: str
    name: str
    short_name: str
    portal_title: str
    inn: str
    kpp: str
    bank: dict[str, str]
    zone_name: str
    colour: str
    accent: str
    resources: tuple[Resource, ...]
    phone: str
    email: str
    address: str
    hours: str
    town: Town
    contracts: int
    tax_office: str
    trade: Trade = Trade.WATER

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    @property
    def policy(self) -> Policy:
        return Policy.model_validate_json((POLICIES / f"{self.slug}.json").read_text(encoding="utf-8"))

    @property
    def window(self) -> WindowRule:
        """Return the rule by which the utility takes readings."""
        return self.policy.window

    @property
    def deadline(self) -> DeadlineDay:
        """Return the rule where it is one of deadline days, as the water companies have it."""
        rule = self.window
        if not isinstance(rule, DeadlineDay):
            raise TypeError(f"{self.slug} takes readings without a deadline day")
        return rule


@dataclass(frozen=True, slots=True)
class Customer:
    """A legal entity; several contracts may be its."""

    name: str
    inn: str
    kpp: str
    director: Person
    email: str


@dataclass(frozen=True, slots=True)
class RegisterSet:
    """A register and the readings of it that billing has accepted, the oldest first."""

    register: entities.Register
    readings: tuple[entities.Reading, ...] = ()

    @property
    def previous(self) -> entities.Reading | None:
        return self.readings[-1] if self.readings else None


@dataclass(frozen=True, slots=True)
class MeterSet:
    """A meter with its registers."""

    meter: entities.Meter
    registers: tuple[RegisterSet, ...]

    @property
    def is_removed(self) -> bool:
        return self.meter.valid_to is not None


@dataclass(frozen=True, slots=True)
class AnnexSet:
    """An annex and how its paper is printed; without one it is listed and cannot be opened."""

    annex: entities.Annex
    print_paper: Callable[[], bytes] | None = None


@dataclass(frozen=True, slots=True)
class DemoContract:
    """A contract with what it supplies and measures; `shows` says what is unusual about it."""

    contract: entities.Contract
    customer: Customer
    points: tuple[entities.SupplyPoint, ...]
    meters: tuple[MeterSet, ...]
    volumes: tuple[entities.SewageVolume, ...] = ()
    annexes: tuple[AnnexSet, ...] = ()
    shows: str = ""
    # Of a household: its house, told once; what was charged and paid; the account as billing goes on with it.
    before: tuple[entities.AnyRow, ...] = ()
    after: tuple[entities.AnyRow, ...] = ()
    account: Account | None = None
    house: HouseFacts | None = None

    @property
    def rows(self) -> Iterator[entities.AnyRow]:
        yield from self.before
        yield self.contract
        for annex in self.annexes:
            yield annex.annex
        yield from self.points
        for meter in self.meters:
            yield meter.meter
            for each in meter.registers:
                yield each.register
                yield from each.readings
        yield from self.volumes
        yield from self.after


@dataclass(frozen=True, slots=True)
class GivenRole:
    """A role that somebody got of the office or of the contract's Администратор; without points it is for all."""

    contract: str
    role: Role
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoUser:
    """Somebody who signs in: by the address, or by the login of before.

    `contracts` (by external id) are those that he has linked himself, `roles` were given to him.
    """

    email: str
    person: Person
    phone: str
    organisation: str
    position: str
    shows: str
    is_confirmed: bool = True
    contracts: tuple[str, ...] = field(default=())
    roles: tuple[GivenRole, ...] = field(default=())
    old_login: str = ""
    # The account by whose number a household signs in (REG-05).
    account: str = ""
    # Who was invited and has not come yet is not known to the portal by more than the address.
    is_invited: bool = False
    # Before that, «Давайте познакомимся» asks.
    is_introduced: bool = True

    @property
    def login(self) -> str:
        return self.account or self.old_login or self.email

    @property
    def held(self) -> dict[str, Role]:
        """Return the roles by contract."""
        return dict.fromkeys(self.contracts, Role.MANAGER) | {given.contract: given.role for given in self.roles}


@dataclass(frozen=True, slots=True)
class Seed:
    """What decides every figure: the day that the demonstration is loaded on, a word, the months of readings."""

    today: date
    word: str = "kabinet"
    # Of readings, at contracts that have no years of them.
    months: int = 0
