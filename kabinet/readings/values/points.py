"""Values of the page «Показания» (READ-10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from kabinet.contracts.values import EntryStatus
from kabinet.kernel.periods import Month

# Which month the page showed of each contract: what was typed for a month that has ended meanwhile is not another's.
Months = Mapping[UUID, Month]


@dataclass(frozen=True, slots=True)
class PointQuery:
    """Which supply points the page lists; None and empty filter nothing."""

    contract: UUID | None = None
    status: EntryStatus | None = None
    phrase: str = ""
    point: UUID | None = None


class PointStand(NamedTuple):
    """How far the sending of a supply point is: of its meters, how many may be sent and how many went whole."""

    meters: int = 0
    registers: int = 0
    live: int = 0
    gone: int = 0
    refused: int = 0
    drafts: int = 0

    @property
    def is_done(self) -> bool:
        """Say whether all its meters went."""
        return self.live > 0 and self.gone == self.live


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Which part of the history: months, both included, a contract or all, words of the supply point's address."""

    since: Month
    until: Month
    contract: UUID | None = None
    address: str = ""
