"""What the demonstration is made of, before any database sees it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from kabinet.exchange.values import entities
from kabinet.providers.values import DeadlineDay, Policy, Resource

SOURCE = "billing"
PASSWORD = "Demo-2026-water"  # noqa: S105 - printed for everybody to sign in with
POLICIES = Path(__file__).parent / "policies"


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
    """A water company that does not exist, with everything that its portal shows of it."""

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

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)

    @property
    def policy(self) -> Policy:
        return Policy.model_validate_json((POLICIES / f"{self.slug}.json").read_text(encoding="utf-8"))

    @property
    def window(self) -> DeadlineDay:
        """Return the rule by which the utility takes readings."""
        rule = self.policy.window
        if not isinstance(rule, DeadlineDay):
            raise TypeError("the demonstration's water companies take readings up to a deadline day")
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
class MeterSet:
    """A meter with its one register and the readings that billing has accepted."""

    meter: entities.Meter
    register: entities.Register
    readings: tuple[entities.Reading, ...] = ()

    @property
    def is_removed(self) -> bool:
        return self.meter.valid_to is not None

    @property
    def previous(self) -> entities.Reading | None:
        return self.readings[-1] if self.readings else None


@dataclass(frozen=True, slots=True)
class DemoContract:
    """A contract with what it supplies and measures; `shows` says what is unusual about it."""

    contract: entities.Contract
    customer: Customer
    points: tuple[entities.SupplyPoint, ...]
    meters: tuple[MeterSet, ...]
    volumes: tuple[entities.SewageVolume, ...] = ()
    shows: str = ""

    @property
    def rows(self) -> Iterator[entities.AnyRow]:
        yield self.contract
        yield from self.points
        for each in self.meters:
            yield each.meter
            yield each.register
            yield from each.readings
        yield from self.volumes


@dataclass(frozen=True, slots=True)
class DemoUser:
    """Somebody who signs in, and the contracts (by external id) that he has linked."""

    email: str
    person: Person
    phone: str
    organisation: str
    position: str
    shows: str
    is_confirmed: bool = True
    contracts: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Seed:
    """What decides every figure: the day that the demonstration is loaded on, a word, the months of readings."""

    today: date
    word: str = "kabinet"
    # Of readings, at contracts that have no years of them.
    months: int = 1
