"""The page's fields, all blocks in one form: a button of one contract keeps what was typed in the others.

`value-<register>` or `volume-<point>` is what was typed, `confirm-…` what its sender has confirmed, `key-<contract>`
the key of a sending and `name-<contract>` what the page called the contract.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kabinet.contracts.models import SupplyPoint
from kabinet.kernel.periods import Month
from kabinet.readings.selectors.archive import ArchiveQuery
from kabinet.readings.values import Entry, Mistake

LONGEST: Final = 40
LONGEST_KEY: Final = 80
LONGEST_NAME: Final = 300
# Ids of supply points with their addresses.
Offered = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TypedPage:
    """What one press of a button carried: every field of the page, and whose button it was.

    `counted` is the point whose helper was asked to subtract its two readings.
    """

    entries: tuple[Entry, ...]
    names: Mapping[UUID, str]
    contract_id: UUID | None
    key: str
    wants_to_send: bool
    helpers: Mapping[UUID, tuple[str, str]] = field(default_factory=dict)
    counted: UUID | None = None

    def among(self, row_ids: Iterable[UUID]) -> list[Entry]:
        """Return the rows of one contract."""
        wanted = set(row_ids)
        return [entry for entry in self.entries if entry.row_id in wanted]

    def without(self, row_ids: Collection[UUID]) -> "TypedPage":
        """Forget what was typed in some rows: their fields show what is known of them."""
        return replace(self, entries=tuple(entry for entry in self.entries if entry.row_id not in row_ids))

    def is_wider_than(self, row_ids: Collection[UUID]) -> bool:
        """Say whether anything stood in rows other than these."""
        return any(entry.raw and entry.row_id not in row_ids for entry in self.entries)

    def raw_of(self, row_id: UUID) -> str | None:
        """Return what was typed in a row; None when its field was not on the page."""
        return next((entry.raw for entry in self.entries if entry.row_id == row_id), None)


def typed_page(data: QueryDict) -> TypedPage:
    """Read the posted page. The button «взять …» beside a row puts its value into the field and sends nothing."""
    return _typed(data, field="value")


def typed_volumes(data: QueryDict) -> TypedPage:
    """Read the posted page of volumes, with the two readings of each row's helper."""
    typed = _typed(data, field="volume")
    earlier, later = by_id(data, "earlier-"), by_id(data, "later-")
    rows = (entry.row_id for entry in typed.entries)
    helpers = {row: (earlier.get(row, "")[:LONGEST], later.get(row, "")[:LONGEST]) for row in rows}
    return replace(typed, helpers=helpers, counted=id_in(data.get("count", "")))


def _typed(data: QueryDict, *, field: str) -> TypedPage:
    contract_id = id_in(data.get("send") or data.get("keep") or "")
    return TypedPage(
        entries=tuple(_entry(row, raw, data) for row, raw in by_id(data, f"{field}-").items()),
        names={contract: name[:LONGEST_NAME] for contract, name in by_id(data, "name-").items()},
        contract_id=contract_id,
        key=data.get(f"key-{contract_id}", "")[:LONGEST_KEY],
        wants_to_send="send" in data,
    )


def by_id(data: QueryDict, prefix: str) -> dict[UUID, str]:
    """Return the values of the fields that carry an id behind the prefix."""
    ids = {name: id_in(name.removeprefix(prefix)) for name in data if name.startswith(prefix)}
    return {id_: text_in(data, name) for name, id_ in ids.items() if id_}


def text_in(data: QueryDict, name: str) -> str:
    """Return what a field holds; the one sign that no database keeps is shown as unreadable."""
    return data.get(name, "").replace("\x00", "\ufffd")


def _entry(row: UUID, raw: str, data: QueryDict) -> Entry:
    taken = text_in(data, f"take-{row}")
    confirmed = frozenset() if taken else confirmed_in(data.getlist(f"confirm-{row}"))
    return Entry(row, (taken or raw).strip()[:LONGEST], confirmed)


def confirmed_in(codes: Iterable[str]) -> frozenset[Mistake]:
    """Return the mistakes that are named; other words are none."""
    return frozenset(Mistake(code) for code in codes if code in set(Mistake))


def id_in(text: str) -> UUID | None:
    """Read an id; other words are none."""
    try:
        return UUID(text)
    except ValueError:
        return None


class ArchiveFilter(forms.Form):
    """«Адрес точки подключения», «Дата от», «Дата до»; at first all addresses and twelve months (READ-05)."""

    point = forms.ChoiceField(label=_("Адрес точки подключения"), required=False)
    since = forms.DateField(label=_("Дата от"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(label=_("Дата до"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, data: QueryDict | None, *, offered: Offered, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        cast("forms.ChoiceField", self.fields["point"]).choices = [("", _("Выбрать адрес")), *offered]


@dataclass(frozen=True, slots=True)
class RightFilter:
    """What stands in the fields of a filter without a mistake; a template draws them as those of the form."""

    offered: Offered
    chosen: int | None
    since: str | None
    until: str | None

    def __getitem__(self, name: str) -> forms.BoundField:
        chosen = "" if self.chosen is None else self.offered[self.chosen][0]
        first = {"point": chosen, "since": self.since, "until": self.until}
        return ArchiveFilter(None, offered=self.offered, initial=first)[name]


def archive_filter(data: QueryDict, *, points: Iterable[SupplyPoint], today: date) -> RightFilter | ArchiveFilter:
    """Return the filter as the page shows it: a form where it has a mistake to show, its values alone otherwise."""
    offered = tuple((str(point.pk), point.address) for point in points)
    if not data.keys() & ArchiveFilter.base_fields.keys():
        return RightFilter(offered, None, since=str(_a_year_before(today)), until=str(today))
    form = ArchiveFilter(data, offered=offered)
    if form.errors:
        return form
    chosen = next((place for place, (point, _address) in enumerate(offered) if point == data.get("point")), None)
    return RightFilter(offered, chosen, since=data.get("since"), until=data.get("until"))


def archive_query(data: QueryDict, *, today: date) -> ArchiveQuery:
    """Return what to look for; a wrong field counts as not filled, and the form shows its error beside it."""
    return ArchiveQuery(
        since=_day(data.get("since", "")) or _a_year_before(today),
        until=_day(data.get("until", "")) or today,
        point=id_in(data.get("point", "")),
    )


def _day(text: str) -> date | None:
    try:
        return forms.DateField(required=False).clean(text) if text else None
    except ValidationError:
        return None


def _a_year_before(day: date) -> date:
    return Month.of(day).plus(-12).day(day.day)
