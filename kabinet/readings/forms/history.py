"""The filter of «История» → «Показания», and what is folded open on it: all of it in the address."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from kabinet.kernel.periods import Month
from kabinet.readings.forms import id_in
from kabinet.readings.values.points import HistoryQuery

MONTHS_SHOWN: Final = 12
MONTHS_OFFERED: Final = 60
LONGEST_ADDRESS: Final = 100
MOST_OPEN: Final = 30


@dataclass(frozen=True, slots=True)
class HistoryPlace:
    """What is asked for, which page of it, and the points and meters that are folded open."""

    query: HistoryQuery
    number: str = "1"
    points: tuple[UUID, ...] = ()
    meters: tuple[UUID, ...] = ()

    def turned(self, *, point: UUID | None = None, meter: UUID | None = None) -> "HistoryPlace":
        """Return the place with the point, or the meter, folded open; or folded, where it is open."""
        return replace(self, points=_turned(self.points, point), meters=_turned(self.meters, meter))

    @property
    def address(self) -> str:
        """Return the place as the query of an address."""
        query = self.query
        told = [("contract", str(query.contract or "")), ("q", query.address), ("since", str(query.since)),
                ("until", str(query.until)), ("page", "" if self.number == "1" else self.number)]  # fmt: skip
        opened = [("open", str(one)) for one in self.points] + [("meter", str(one)) for one in self.meters]
        return "?" + urlencode([(name, value) for name, value in told if value] + opened)


def _turned(ids: tuple[UUID, ...], one: UUID | None) -> tuple[UUID, ...]:
    if one is None:
        return ids
    return tuple(each for each in ids if each != one) if one in ids else (*ids, one)[-MOST_OPEN:]


def history_place(data: QueryDict, *, this: Month) -> HistoryPlace:
    """Read the address; a month that is none is left at its first value, and what runs backwards is turned round."""
    since = _month(data.get("since", "")) or this.plus(1 - MONTHS_SHOWN)
    until = _month(data.get("until", "")) or this
    query = HistoryQuery(
        since=min(since, until),
        until=max(since, until),
        contract=id_in(data.get("contract", "")),
        address=" ".join(data.get("q", "").split())[:LONGEST_ADDRESS],
    )
    return HistoryPlace(query, data.get("page", "1"), _ids(data.getlist("open")), _ids(data.getlist("meter")))


def months_offered(this: Month) -> list[Month]:
    """Return the months that can be chosen, the newest first."""
    return [this.plus(-back) for back in range(MONTHS_OFFERED)]


def _month(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except ValueError:
        return None


def _ids(texts: Iterable[str]) -> tuple[UUID, ...]:
    return tuple(found for text in texts if (found := id_in(text)))[:MOST_OPEN]
