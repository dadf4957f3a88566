"""The page's fields: `value-<register>` as typed, `confirm-<register>` what its sender has confirmed, `key-<contract>`.

All blocks are one form, so that pressing a button of one contract keeps what was typed in the others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, cast
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from kabinet.contracts.models import SupplyPoint
from kabinet.kernel.periods import Month
from kabinet.readings.selectors.archive import ArchiveQuery
from kabinet.readings.values import Entry, Mistake, VolumeEntry

LONGEST: Final = 40
LONGEST_KEY: Final = 80


@dataclass(frozen=True, slots=True)
class TypedPage:
    """What one press of a button carried: every field of the page, and whose button it was."""

    entries: tuple[Entry, ...]
    contract_id: UUID | None
    key: str
    wants_to_send: bool

    def among(self, register_ids: Iterable[UUID]) -> list[Entry]:
        """Return the rows of one contract."""
        wanted = set(register_ids)
        return [entry for entry in self.entries if entry.register_id in wanted]

    def raw_of(self, register_id: UUID) -> str | None:
        """Return what was typed for a register; None when its field was not on the page."""
        return next((entry.raw for entry in self.entries if entry.register_id == register_id), None)


def typed_page(data: QueryDict) -> TypedPage:
    """Read the posted page. The button «взять …» beside a row puts its value into the field and sends nothing."""
    contract_id = _id(data.get("send") or data.get("keep") or "")
    registers = (_id(name.removeprefix("value-")) for name in data if name.startswith("value-"))
    return TypedPage(
        entries=tuple(_entry(register, data) for register in registers if register),
        contract_id=contract_id,
        key=data.get(f"key-{contract_id}", "")[:LONGEST_KEY],
        wants_to_send="send" in data,
    )


def _entry(register: UUID, data: QueryDict) -> Entry:
    taken = data.get(f"take-{register}")
    confirmed = frozenset() if taken else _mistakes(data.getlist(f"confirm-{register}"))
    raw = taken or data.get(f"value-{register}", "")
    return Entry(register, raw.strip()[:LONGEST], confirmed)


def _mistakes(codes: Iterable[str]) -> frozenset[Mistake]:
    return frozenset(Mistake(code) for code in codes if code in set(Mistake))


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class TypedVolumes:
    """What one press of a button of «Передача объемов» carried; `counted` is the point whose helper was asked."""

    entries: tuple[VolumeEntry, ...]
    helpers: Mapping[UUID, tuple[str, str]]
    contract_id: UUID | None
    counted: UUID | None
    key: str
    wants_to_send: bool

    def among(self, point_ids: Iterable[UUID]) -> list[VolumeEntry]:
        """Return the rows of one contract."""
        wanted = set(point_ids)
        return [entry for entry in self.entries if entry.point_id in wanted]

    def raw_of(self, point_id: UUID) -> str | None:
        """Return what was typed for a point; None when its field was not on the page."""
        return next((entry.raw for entry in self.entries if entry.point_id == point_id), None)


def typed_volumes(data: QueryDict) -> TypedVolumes:
    """Read the posted page: `volume-<point>` as typed, `confirm-<point>`, and the helper's two readings."""
    contract_id = _id(data.get("send") or data.get("keep") or "")
    points = [point for name in data if name.startswith("volume-") and (point := _id(name.removeprefix("volume-")))]
    return TypedVolumes(
        entries=tuple(
            VolumeEntry(
                point,
                data.get(f"volume-{point}", "").strip()[:LONGEST],
                _mistakes(data.getlist(f"confirm-{point}")),
            )
            for point in points
        ),
        helpers={
            point: (data.get(f"earlier-{point}", "")[:LONGEST], data.get(f"later-{point}", "")[:LONGEST])
            for point in points
        },
        contract_id=contract_id,
        counted=_id(data.get("count", "")),
        key=data.get(f"key-{contract_id}", "")[:LONGEST_KEY],
        wants_to_send="send" in data,
    )


class PointField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the checker alone
    """A choice of supply points, each named by its address."""

    def label_from_instance(self, obj: SupplyPoint) -> str:
        return obj.address


class ArchiveFilter(forms.Form):
    """«Адрес точки подключения», «Дата от», «Дата до»; at first all addresses and twelve months (READ-05)."""

    point = PointField(
        SupplyPoint.objects.none(), label=_("Адрес точки подключения"), empty_label=_("Выбрать адрес"), required=False
    )
    since = forms.DateField(label=_("Дата от"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    until = forms.DateField(label=_("Дата до"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, data: QueryDict, *, points: QuerySet[SupplyPoint], today: date) -> None:
        first = {"since": _a_year_before(today), "until": today}
        super().__init__(data if data.keys() & self.base_fields.keys() else None, initial=first)
        self._first = first
        cast("PointField", self.fields["point"]).queryset = points

    def query(self) -> ArchiveQuery:
        """Return what to look for; a wrong field counts as not filled, and its error is shown beside it."""
        self.full_clean()
        found = self.cleaned_data if self.is_bound else {}
        point = found.get("point")
        return ArchiveQuery(
            since=found.get("since") or self._first["since"],
            until=found.get("until") or self._first["until"],
            point=point.pk if point else None,
        )


def _a_year_before(day: date) -> date:
    return Month.of(day).plus(-12).day(day.day)
