"""What the page «Показания» is made of: as many statements for five thousand meters as for five."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Page, Paginator

from kabinet.contracts.http import Request
from kabinet.contracts.models import Contract, Meter, Register, SupplyPoint
from kabinet.contracts.values import Action, EntryStatus
from kabinet.infra import ids
from kabinet.kernel.formats import format_month
from kabinet.readings.forms.points import Place, TypedPoints
from kabinet.readings.letters import file_words
from kabinet.readings.selectors import points as selectors
from kabinet.readings.selectors.point_sheets import sheets_with
from kabinet.readings.selectors.sheets import Line, Sheet
from kabinet.readings.values import Dial, Fate, Mistake, Outcome
from kabinet.readings.values.points import PointStand
from kabinet.readings.views import point_words
from kabinet.readings.views.blocks import language, numbered, summary_of, unopened_titles
from kabinet.readings.views.point_rows import PointRow, Said, Typed, point_row

POINTS_ON_A_PAGE: Final = 30
METERS_ON_A_PAGE: Final = 25
# So many fields are a page of 300 KB at most; points that would bring more stay folded.
MOST_FIELDS: Final = 120
# A list so short is folded open from the first.
FEW_POINTS: Final = 5
PROBLEMS_NAMED: Final = 20


@dataclass(frozen=True, slots=True)
class Group:
    """The supply points of one contract on the page."""

    contract: Contract
    month: str
    period: str
    is_open: bool
    points: tuple[PointRow, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that did not go: where it is, and why."""

    meter: str
    why: str
    anchor: str
    point: UUID | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list with what stands on it."""

    page: Page[Any] | None
    points: Sequence[SupplyPoint]
    meters: Mapping[UUID, Sequence[Meter]]
    stands: Mapping[UUID, PointStand]
    sheets: Mapping[UUID, Sheet[Line]]

    @property
    def shown(self) -> frozenset[UUID]:
        """Return the registers that have a field on the page."""
        meters = (meter for own in self.meters.values() for meter in own)
        return frozenset(register.pk for meter in meters for register in meter.registers.all())


def facts_of(
    request: Request, place: Place, *, typed: TypedPoints, outcomes: Sequence[Outcome], today: date
) -> dict[str, Any]:
    """Return the facts of the whole page."""
    day = selectors.day_for(request.provider, today=today)
    wrong = [outcome for outcome in outcomes if outcome.fate in {Fate.REFUSED, Fate.TO_CONFIRM}]
    named = selectors.registers_named([outcome.row_id for outcome in wrong], request.viewer) if wrong else {}
    troubled = {register.meter.point_id for register in named.values()}
    listed = _listed(request, place, day=day, today=today, troubled=troubled)
    said = _said(typed, outcomes)
    contracts = list(selectors.contracts_to_send(request.viewer, day=day))
    return {
        "place": place,
        "page": listed.page,
        "groups": _groups(listed, said=said, today=today),
        "contracts": contracts,
        "statuses": [(code.value, file_words.status(code)) for code in EntryStatus],
        "carried": _carried(typed, beside=listed.shown),
        "key": str(ids.new()),
        "summary": summary_of([outcome.fate for outcome in outcomes]),
        "problems": _problems(wrong, named, shown=listed.shown)[:PROBLEMS_NAMED],
        "problems_beside": max(0, len(wrong) - PROBLEMS_NAMED),
        "lost": [_lost(outcome, named) for outcome in wrong if _is_lost(outcome, named)],
        "filtered": bool(place.query.contract or place.query.status or place.query.phrase or place.query.point),
        "only_point": listed.points[0] if place.query.point and listed.points else None,
        "has_contracts": bool(request.viewer.memberships),
        "unopened": unopened_titles(request, action=Action.SEND_READINGS, today=today, named=numbered),
    }


def fragment_of(request: Request, point: SupplyPoint, *, day: date, today: date) -> dict[str, Any]:
    """Return the facts of one supply point folded open."""
    meters = selectors.meters_at([point.pk], day=day, most=METERS_ON_A_PAGE)
    listed = _with_sheets(request, [point], meters, day=day, today=today)
    (group,) = _groups(listed, said=Said({}, {}), today=today)
    return {"point": group.points[0], "is_fragment": True}


def _listed(request: Request, place: Place, *, day: date, today: date, troubled: Collection[UUID]) -> Listed:
    """Return the page of the place; of a single point its meters are paged."""
    found = selectors.points_of(request.viewer, place.query, day=day)
    if place.query.point and (only := found.first()):
        meters = Paginator(selectors.meters_of_point(only.pk, day=day), METERS_ON_A_PAGE).get_page(place.number)
        return _with_sheets(request, [only], {only.pk: list(meters)}, page=meters, day=day, today=today)
    page = Paginator(found, POINTS_ON_A_PAGE).get_page(place.number)
    points = list(page)
    few = [point.pk for point in points] if page.paginator.count <= FEW_POINTS else []
    here = {point.pk for point in points}
    wanted = [one for one in (*troubled, *reversed(place.opened), *few) if one in here and one not in place.folded]
    at = selectors.meters_at(wanted, day=day, most=METERS_ON_A_PAGE) if wanted else {}
    return _with_sheets(request, points, _bearable(wanted, at), page=page, day=day, today=today)


def _bearable(wanted: Sequence[UUID], at: Mapping[UUID, Sequence[Meter]]) -> dict[UUID, Sequence[Meter]]:
    """Open points one after another until a page has all the fields that it bears."""
    opened: dict[UUID, Sequence[Meter]] = {}
    fields = 0
    for point in dict.fromkeys(wanted):
        fields += sum(len(meter.registers.all()) for meter in at.get(point, ()))
        if opened and fields > MOST_FIELDS:
            break
        opened[point] = at.get(point, ())
    return opened


def _with_sheets(
    request: Request,
    points: Sequence[SupplyPoint],
    meters: Mapping[UUID, Sequence[Meter]],
    *,
    day: date,
    today: date,
    page: Page[Any] | None = None,
) -> Listed:
    """Bring what is known of the contracts, of the fields that are shown, and how far each point is."""
    by_contract: dict[Contract, list[Meter]] = {contract: [] for contract in selectors.contracts_by(points)}
    for point in points:
        by_contract[point.contract].extend(meters.get(point.pk, ()))
    sheets = sheets_with(by_contract, request.provider, today=today) if points else []
    months = {sheet.contract.pk: sheet.month for sheet in sheets}
    stands = selectors.stands_of(points, months, day=day) if points else {}
    return Listed(page, points, meters, stands, {sheet.contract.pk: sheet for sheet in sheets})


def _groups(listed: Listed, *, said: Said, today: date) -> list[Group]:
    """Put the points of the page under their contracts."""
    groups = []
    for contract in selectors.contracts_by(listed.points):
        sheet = listed.sheets[contract.pk]
        rows = tuple(
            point_row(
                point,
                listed.meters.get(point.pk, ()),
                sheet=sheet,
                stand=listed.stands.get(point.pk, PointStand()),
                said=said,
                is_open=point.pk in listed.meters,
                today=today,
            )
            for point in listed.points
            if point.contract_id == contract.pk
        )
        period = format_month(sheet.month, language())
        groups.append(Group(contract, str(sheet.month), period, is_open=sheet.is_open, points=rows))
    return groups


def _said(typed: TypedPoints, outcomes: Sequence[Outcome]) -> Said:
    return Said(
        {entry.row_id: Typed(entry.raw, entry.was) for entry in typed.entries},
        {outcome.row_id: outcome for outcome in outcomes if outcome.fate is not Fate.UNCHANGED},
    )


def _carried(typed: TypedPoints, *, beside: frozenset[UUID]) -> list[tuple[str, str]]:
    """Return the hidden fields of what was typed where this page has no field."""
    elsewhere = [entry.row_id for entry in typed.entries if entry.row_id not in beside]
    if not elsewhere:
        return []
    fields = typed.only(elsewhere).fields()
    return [(name, value) for name, values in fields.items() if name not in {"key", "do"} for value in values]


def _problems(wrong: Sequence[Outcome], named: Mapping[UUID, Register], *, shown: frozenset[UUID]) -> list[Problem]:
    """Name the rows that did not go; those that stand elsewhere are reached through their supply point."""
    return [
        Problem(
            meter=register.meter.number,
            why=" ".join(_why(code, outcome, register) for code in outcome.problems),
            anchor=f"id_value-{register.pk}" if register.pk in shown else "",
            point=None if register.pk in shown else register.meter.point_id,
        )
        for outcome in wrong
        if not _is_lost(outcome, named) and (register := named.get(outcome.row_id))
    ]


def _is_lost(outcome: Outcome, named: Mapping[UUID, Register]) -> bool:
    return outcome.row_id not in named or Mistake.NOT_YOURS in outcome.problems


def _lost(outcome: Outcome, named: Mapping[UUID, Register]) -> str:
    """Repeat what was typed; of a meter that the person may not see any more nothing else is said."""
    register = named.get(outcome.row_id)
    return f"№ {register.meter.number}: {outcome.raw}" if register else outcome.raw


def _why(code: Mistake, outcome: Outcome, register: Register) -> str:
    dial = Dial(register.integer_digits, register.fraction_digits, takes_fraction=True)
    return point_words.doubt(code) if outcome.fate is Fate.TO_CONFIRM else point_words.refusal(code, dial=dial)
