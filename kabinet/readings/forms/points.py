"""The filter of «Показания» and the fields of its page, those that stand on other pages of the list included.

`value-<register>` is what was typed, `was-…` the sent value and `kept-…` the draft that its field held at first,
`confirm-…` what its sender has confirmed, `month-<contract>` the month that the page showed, `key` that of the sending.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from django.http import QueryDict

from kabinet.contracts.values import EntryStatus
from kabinet.kernel.periods import Month
from kabinet.readings.forms import LONGEST, LONGEST_KEY, by_id, confirmed_in, id_in, text_in
from kabinet.readings.values import Entry
from kabinet.readings.values.points import Months, PointQuery

LONGEST_PHRASE: Final = 100
# More supply points than a page has are not folded open at once.
MOST_OPEN: Final = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the list one is: the filter, the page, and the supply points that are folded open."""

    query: PointQuery = field(default_factory=PointQuery)
    number: str = "1"
    opened: tuple[UUID, ...] = ()
    folded: tuple[UUID, ...] = ()

    def at(self, number: str) -> "Place":
        return replace(self, number=number, opened=(), folded=())

    def with_open(self, point: UUID) -> "Place":
        opened = (*(one for one in self.opened if one != point), point)[-MOST_OPEN:]
        return replace(self, opened=opened, folded=tuple(one for one in self.folded if one != point))

    def with_folded(self, point: UUID) -> "Place":
        opened = tuple(one for one in self.opened if one != point)
        return replace(self, opened=opened, folded=(*self.folded, point)[-MOST_OPEN:])

    def at_point(self, point: UUID) -> "Place":
        return Place(PointQuery(point=point))

    def pairs(self) -> list[tuple[str, str]]:
        """Return the place as the names and values of an address; what says nothing is left out."""
        query = self.query
        told = [
            ("contract", str(query.contract or "")),
            ("status", query.status or ""),
            ("q", query.phrase),
            ("point", str(query.point or "")),
            ("page", "" if self.number == "1" else self.number),
        ]
        opened = [("open", str(one)) for one in self.opened] + [("fold", str(one)) for one in self.folded]
        return [(name, value) for name, value in told if value] + opened


def place_in(data: QueryDict) -> Place:
    """Read a place from an address or from the hidden fields of the page; what is no value filters nothing."""
    status = data.get("status", "")
    query = PointQuery(
        contract=id_in(data.get("contract", "")),
        status=EntryStatus(status) if status in set(EntryStatus) else None,
        phrase=" ".join(data.get("q", "").split())[:LONGEST_PHRASE],
        point=id_in(data.get("point", "")),
    )
    return Place(query, data.get("page", "1"), opened=_ids(data.getlist("open")), folded=_ids(data.getlist("fold")))


def _ids(texts: Iterable[str]) -> tuple[UUID, ...]:
    return tuple(found for text in texts if (found := id_in(text)))[:MOST_OPEN]


@dataclass(frozen=True, slots=True)
class TypedPoints:
    """What a press of a button carried, and which button: send, keep, or one that only turns the list."""

    entries: tuple[Entry, ...] = ()
    drafts: Mapping[UUID, str] = field(default_factory=dict)
    months: Months = field(default_factory=dict)
    key: str = ""
    do: str = ""
    of: str = ""

    @property
    def to_send(self) -> list[Entry]:
        """Return the rows that say something new: neither empty nor as they were sent."""
        return [entry for entry in self.entries if entry.raw and entry.raw != entry.was]

    @property
    def to_keep(self) -> list[Entry]:
        """Return the rows that differ from the draft, or else the sent value, that their fields held."""
        return [entry for entry in self.entries if entry.raw != self.drafts.get(entry.row_id, entry.was)]

    def raw_of(self, row: UUID) -> str | None:
        return next((entry.raw for entry in self.entries if entry.row_id == row), None)

    def only(self, rows: Iterable[UUID]) -> "TypedPoints":
        """Forget what was typed in other rows: their fields show what is known of them."""
        wanted = set(rows)
        return replace(self, entries=tuple(entry for entry in self.entries if entry.row_id in wanted))

    def fields(self) -> dict[str, list[str]]:
        """Return what of it is worth keeping while the page is loaded anew."""
        found = {"key": [self.key]} | {f"month-{contract}": [str(month)] for contract, month in self.months.items()}
        for entry in self.entries:
            found[f"value-{entry.row_id}"] = [entry.raw]
            if entry.was:
                found[f"was-{entry.row_id}"] = [entry.was]
            if entry.confirmed:
                found[f"confirm-{entry.row_id}"] = sorted(entry.confirmed)
            if kept := self.drafts.get(entry.row_id):
                found[f"kept-{entry.row_id}"] = [kept]
        return found if self.do != "send" else found | {"do": ["send"]}


def typed_points(data: QueryDict) -> TypedPoints:
    """Read the posted page. «Взять …» puts its value into the field and sends nothing."""
    was = by_id(data, "was-")
    do, _, of = data.get("do", "").partition(":")
    return TypedPoints(
        entries=tuple(_entry(row, raw, data, was=was.get(row, "")) for row, raw in by_id(data, "value-").items()),
        drafts=by_id(data, "kept-"),
        months={contract: month for contract, text in by_id(data, "month-").items() if (month := _month(text))},
        key=data.get("key", "")[:LONGEST_KEY],
        do=do,
        of=of,
    )


def _entry(row: UUID, raw: str, data: QueryDict, *, was: str) -> Entry:
    taken = text_in(data, f"take-{row}")
    confirmed = frozenset() if taken else confirmed_in(" ".join(data.getlist(f"confirm-{row}")).split())
    return Entry(row, (taken or raw).strip()[:LONGEST], confirmed, was[:LONGEST])


def _month(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except ValueError:
        return None
