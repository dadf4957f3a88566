"""Codes and values of contracts, what they supply, and who sees them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from kabinet.accounts.values import Mode
from kabinet.kernel.names import PersonName


class ContractKind(StrEnum):
    BUSINESS = "business"
    HOUSEHOLD = "household"
    COMMUNAL_PROVIDER = "communal_provider"


KIND_OF: Final[Mapping[Mode, ContractKind]] = {
    Mode.PERSON: ContractKind.HOUSEHOLD,
    Mode.LEGAL: ContractKind.BUSINESS,
    Mode.COMMUNAL: ContractKind.COMMUNAL_PROVIDER,
}


class HouseType(StrEnum):
    """What the house cooks and heats with: prices and norms of electricity differ by it."""

    GAS_STOVE = "gas_stove"
    ELECTRIC_STOVE = "electric_stove"
    ELECTRIC_HEATING = "electric_heating"


class Settlement(StrEnum):
    """Where the house stands: prices in villages are lower."""

    CITY = "city"
    VILLAGE = "village"


class EntryStatus(StrEnum):
    """May readings be entered, and why not (READ-10)."""

    AWAITING = "awaiting"
    PERIOD_CLOSED = "period_closed"
    AMI = "ami"
    OUT_OF_SERVICE = "out_of_service"
    DISCONNECTED = "disconnected"


class Quantity(StrEnum):
    """What a register counts; water and heat count forward too."""

    ACTIVE_IMPORT = "A+"
    ACTIVE_EXPORT = "A-"
    REACTIVE_IMPORT = "R+"
    REACTIVE_EXPORT = "R-"
    VOLUME = "V"


class Zone(StrEnum):
    SINGLE = "single"
    DAY = "day"
    NIGHT = "night"
    PEAK = "peak"
    HALF_PEAK = "half_peak"


# What a citizen's meter of one, two or three tariffs counts, in the order in which the form asks; which of its T1…T3
# each is, is the meter's own matter (`Register.tariff_number`). The «день» of three tariffs is the peak.
ZONES_OF_A_METER: Final[Mapping[int, tuple[Zone, ...]]] = {
    1: (Zone.SINGLE,),
    2: (Zone.DAY, Zone.NIGHT),
    3: (Zone.PEAK, Zone.NIGHT, Zone.HALF_PEAK),
}


class Role(StrEnum):
    """Roles on a contract (ROLE-01)."""

    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    ENERGY_ENGINEER = "energy_engineer"
    ACCOUNTANT = "accountant"


class Action(StrEnum):
    """What may be done with a contract: the rows of table 3 (ROLE-02)."""

    ASK_FOR_ADMINISTRATOR = "ask_for_administrator"
    UNLINK = "unlink"
    SEE_CONTRACT = "see_contract"
    SEND_READINGS = "send_readings"
    SEE_READINGS = "see_readings"
    ASK_FOR_RECONCILIATION = "ask_for_reconciliation"
    SEE_DEBT = "see_debt"
    PAY = "pay"
    SEE_DOCUMENTS = "see_documents"
    GRANT_ROLES = "grant_roles"


class LinkProblem(StrEnum):
    """Why a contract did not come into the cabinet; the first is one neutral answer for all that may not be told."""

    NOT_FOUND = "not_found"
    ALREADY_LINKED = "already_linked"
    ALREADY_WAITING = "already_waiting"
    EMAIL_UNCONFIRMED = "email_unconfirmed"


@dataclass(frozen=True, slots=True)
class LinkByInn:
    """What «Заявка на подключение» gives: an INN that passed its check digits, and a number as it is compared."""

    inn: str
    number_key: str


class GrantProblem(StrEnum):
    """Why a role may not be given."""

    STAFF_ONLY = "staff_only"
    OWN_ROLE = "own_role"
    NO_POINTS = "no_points"
    FOREIGN_POINT = "foreign_point"
    PAST_END = "past_end"
    HOLDS_ROLE = "holds_role"
    CHANGED = "changed"


class AppointProblem(StrEnum):
    """Why the office may not make somebody the Администратор of a contract, or let one go."""

    HAS_ADMINISTRATOR = "has_administrator"
    NOT_HELD = "not_held"
    NOBODY = "nobody"


class Giver(StrEnum):
    """Who gave a role, as the Администратор of the contract reads it."""

    SELF = "self"
    VIEWER = "viewer"
    COLLEAGUE = "colleague"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Grant:
    """What «Добавить роль» gives; `points` None are all, `replaces` is the role that was asked about (ROLE-04)."""

    email: str
    role: Role
    points: frozenset[UUID] | None = None
    expires_at: datetime | None = None
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True)
class LinkByEmail:
    """What «Добавить договор» gives: a number of 14 digits and an address, as they are compared."""

    number: str
    email: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What a person says of an account to be let in: its number as it is compared, who holds it, one of its meters.

    A household's holder is a name, an organisation's its INN (REG-03, CON-03). `login` is the number as who signs up
    with it will sign in by it.
    """

    mode: Mode
    login: str
    number_key: str
    meter_key: str
    name: PersonName
    inn: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What billing knows of an account that a claim is compared with."""

    name: PersonName
    inn: str
    meter_keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class ForgottenAccount:
    """What «Забыли свой пароль?» gives: an address, and the number in every way in which it may be kept."""

    email: str
    logins: tuple[str, ...]
    number_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountNewcomer:
    """What sign-up by account gives: the claim, who signs up, and which agreements were accepted."""

    claim: Claim
    email: str
    accepted: frozenset[UUID]
    phone: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class MembershipValue:
    """Sight of one contract: its role and, where limited, the supply points."""

    contract_id: UUID
    role: Role
    points: frozenset[UUID] | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose eyes: a user at a provider with everything that gives sight of a contract."""

    user_id: UUID
    enrollment_id: UUID
    provider_id: UUID
    email_confirmed: bool
    display_name: str
    memberships: tuple[MembershipValue, ...] = field(default=())

    @property
    def contract_ids(self) -> tuple[UUID, ...]:
        return tuple(membership.contract_id for membership in self.memberships)

    def role_on(self, contract_id: UUID) -> Role | None:
        return next((m.role for m in self.memberships if m.contract_id == contract_id), None)


@dataclass(frozen=True, slots=True)
class RegisterValue:
    """What the rules of readings need to know of a register."""

    id: UUID
    quantity: Quantity
    zone: Zone
    integer_digits: int
    fraction_digits: int
    valid_from: date | None = None
