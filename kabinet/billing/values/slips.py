"""What a month of an account says on paper: who pays whom, for what, and how much."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kabinet.billing.values import Basis
from kabinet.contracts.values import Zone
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource
from kabinet.tariffs.values import ChargeKind, Unit, total_of


@dataclass(frozen=True, slots=True)
class BillLine:
    """A printed line: so much at a price."""

    resource: Resource
    kind: ChargeKind
    amount: Decimal
    zone: Zone | None = None
    range_number: int | None = None
    basis: Basis | None = None
    quantity: Decimal | None = None
    unit: Unit | None = None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class MonthSums:
    """What a month did to an account; above zero is owed."""

    opening: Decimal
    charged: Decimal
    recalculated: Decimal
    penalty: Decimal
    paid: Decimal
    closing: Decimal


@dataclass(frozen=True, slots=True)
class ResourceMonth:
    """A resource's lines in a month, and what they made of its account."""

    resource: Resource
    sums: MonthSums
    lines: tuple[BillLine, ...] = ()

    @property
    def together(self) -> Decimal:
        return total_of(line.amount for line in self.lines)


@dataclass(frozen=True, slots=True)
class MeterRun:
    """What a register showed at the end of a month and before it; a dial without either is left out."""

    resource: Resource
    meter: str
    place: str
    zone: Zone
    tariff_number: int | None
    digits: int
    current: Decimal
    taken_on: date
    source: str
    previous: Decimal | None = None
    ratio: Decimal = Decimal(1)

    @property
    def consumption(self) -> Decimal | None:
        """Return the difference on the dial; one that fell, by a roll-over, is not shown: the bill's line knows it."""
        if self.previous is None or self.current < self.previous:
            return None
        return (self.current - self.previous) * self.ratio


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is paid, and where."""

    name: str
    inn: str
    kpp: str
    bank: str
    bic: str
    account: str
    correspondent: str


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose account it is."""

    account: str
    last: str
    first: str
    middle: str
    address: str

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.last, self.first, self.middle)))


@dataclass(frozen=True, slots=True)
class Slip:
    """A payment slip of a month, all resources together."""

    month: Month
    due_on: date
    payee: Payee
    payer: Payer
    resources: tuple[ResourceMonth, ...]
    runs: tuple[MeterRun, ...] = ()

    @property
    def total(self) -> MonthSums:
        return sums_of(each.sums for each in self.resources)

    @property
    def to_pay(self) -> Decimal:
        """Return what is to be paid: an overpayment leaves nothing."""
        return max(self.total.closing, Decimal(0))

    @property
    def overpaid(self) -> Decimal:
        return max(-self.total.closing, Decimal(0))


def sums_of(months: Iterable[MonthSums]) -> MonthSums:
    """Add months of several resources, column by column."""
    listed = list(months)
    return MonthSums(**{name: total_of(getattr(each, name) for each in listed) for name in MonthSums.__slots__})
