"""An account as billing carries it from month to month, and what closing a month makes of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from kabinet.billing.values import Basis
from kabinet.contracts.values import HouseType, Settlement, Zone
from kabinet.providers.values import Resource
from kabinet.tariffs.values import Calculator, ChargeLine

ZERO = Decimal(0)


class Habit(StrEnum):
    """How a household pays."""

    ON_TIME = "on_time"
    LATE = "late"
    EVERY_OTHER_MONTH = "every_other_month"
    IN_PARTS = "in_parts"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Counted:
    """What a register ran between two readings, and over how many months."""

    volume: int
    months: int


@dataclass(frozen=True, slots=True)
class RegisterState:
    """A register: where its dial stood at the last reading, and the stretches that an average is taken of."""

    id: str
    zone: Zone
    last: int
    digits: int
    counted: tuple[Counted, ...] = ()


@dataclass(frozen=True, slots=True)
class Estimated:
    """What was charged for a month without a reading."""

    month: str
    zone: Zone
    volume: Decimal


@dataclass(frozen=True, slots=True)
class MeterState:
    """A meter with what was charged since its last reading, and for how many months there has been none."""

    id: str
    resource: Resource
    registers: tuple[RegisterState, ...]
    silent: int = 0
    estimated: tuple[Estimated, ...] = ()


@dataclass(frozen=True, slots=True)
class Debt:
    """A bill, or what is left of it, with the day up to which it was to be paid."""

    due_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Purse:
    """The money of one resource: below zero it is an advance; debts hold no penalties."""

    resource: Resource
    balance: Decimal = ZERO
    debts: tuple[Debt, ...] = ()


@dataclass(frozen=True, slots=True)
class Paid:
    """Money that came in a month and is not in a closed one yet."""

    resource: Resource
    paid_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Account:
    """A household as billing charges it."""

    contract: str
    house: str
    area: Decimal
    residents: int
    owners: int
    rooms: int
    habit: Habit
    resources: tuple[Resource, ...]
    meters: tuple[MeterState, ...]
    purses: tuple[Purse, ...]
    paid: tuple[Paid, ...] = ()


@dataclass(frozen=True, slots=True)
class HouseFacts:
    """A house as its common needs and heating are charged."""

    id: str
    house_type: HouseType
    settlement: Settlement
    total_area: Decimal
    common_area: Decimal
    has_house_meter: bool
    has_common_needs: bool


@dataclass(frozen=True, slots=True)
class HouseCounts:
    """What was counted for the whole house in a month."""

    electricity: Decimal
    nonresidential: Decimal
    flats_by_norm: Decimal
    flats_by_meter: Decimal


@dataclass(frozen=True, slots=True)
class Billed:
    """A line of the bill with what it was made of; `kept` is JSON."""

    line: ChargeLine
    calculator: Calculator
    basis: Basis | None
    kept: str


@dataclass(frozen=True, slots=True)
class LateDebt:
    """A debt that a penalty was counted of, from after `before` until `until`."""

    amount: Decimal
    due_on: date
    before: date
    until: date


@dataclass(frozen=True, slots=True)
class Fine:
    """A penalty of the month for what was paid late or not at all; `kept` is JSON."""

    resource: Resource
    amount: Decimal
    calculator: Calculator
    kept: str


@dataclass(frozen=True, slots=True)
class Sums:
    """What a month did to the money of a resource."""

    resource: Resource
    opening: Decimal
    charged: Decimal
    recalculated: Decimal
    penalty: Decimal
    paid: Decimal
    closing: Decimal


@dataclass(frozen=True, slots=True)
class Closed:
    """A household's month: its lines, its money, what was paid, and the account as the next month begins with it."""

    account: Account
    lines: tuple[Billed, ...]
    fines: tuple[Fine, ...]
    sums: tuple[Sums, ...]
    paid: tuple[Paid, ...]
