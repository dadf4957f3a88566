"""Loading prices from a file: what a row says, what is stored, and what would become of both."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from kabinet.contracts.values import ContractKind
from kabinet.kernel.periods import Period
from kabinet.tariffs.values.tables import NormKey, TariffKey


@dataclass(frozen=True, slots=True)
class RateKey:
    """Whose penalties a rate is for."""

    customers: ContractKind


Key = TariffKey | NormKey | RateKey


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A row of a file: `number` is its place there; `range_end` is a tariff's alone."""

    number: int
    key: Key
    period: Period
    value: Decimal
    range_end: Decimal | None = None


@dataclass(frozen=True, slots=True)
class HeldPrice:
    """A row of a dated table as it is stored."""

    id: UUID
    key: Key
    period: Period
    value: Decimal
    range_end: Decimal | None = None


class PriceFate(StrEnum):
    """What would become of a row: a new price, a stored one corrected or ended, nothing, or a refusal."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class PriceProblem(StrEnum):
    """Why a row cannot be taken."""

    TWICE = "twice"
    INSIDE_ANOTHER = "inside_another"
    COVERS_ANOTHER = "covers_another"
    INCOMPLETE = "incomplete"


@dataclass(frozen=True, slots=True)
class PriceDecision:
    """What would become of a row, and of the stored ones beside it.

    `before` is the stored row that it corrects; `ends` are those that it ends by beginning, `drops` those that have not
    begun and that it takes the place of. A refusal names the row or the days in its way.
    """

    row: PriceRow
    fate: PriceFate
    before: HeldPrice | None = None
    ends: tuple[HeldPrice, ...] = ()
    drops: tuple[HeldPrice, ...] = ()
    problem: PriceProblem | None = None
    other_row: int = 0
    against: Period | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do, row by row; it is taken whole or not at all."""

    decisions: tuple[PriceDecision, ...] = field(default=())

    @property
    def is_refused(self) -> bool:
        return any(one.fate is PriceFate.REFUSED for one in self.decisions)

    @property
    def changes_nothing(self) -> bool:
        return all(one.fate is PriceFate.UNCHANGED for one in self.decisions)

    def count(self, fate: PriceFate) -> int:
        return sum(one.fate is fate for one in self.decisions)
