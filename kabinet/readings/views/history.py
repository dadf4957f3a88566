"""«История» → «Показания»: supply point → meter → its readings; the .xlsx holds what is on the screen (READ-19)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kabinet.accounts.http import signed_in
from kabinet.contracts import selectors as contracts
from kabinet.contracts.formats import workbook
from kabinet.contracts.formats.workbook import Cell
from kabinet.contracts.http import Request, for_role
from kabinet.contracts.models import Meter, SupplyPoint
from kabinet.contracts.values import Action
from kabinet.infra import clock
from kabinet.infra.loads import Load, weighs
from kabinet.kernel.formats import format_month
from kabinet.kernel.periods import Month
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section
from kabinet.readings.forms.history import HistoryPlace, history_place, months_offered
from kabinet.readings.selectors.point_history import (
    HistoryLine,
    lines_of,
    meters_with_history,
    points_with_history,
)
from kabinet.readings.views import point_words, words
from kabinet.readings.views.blocks import day_words, language, numbered, unopened_titles
from kabinet.readings.views.figures import plain

POINTS_ON_A_PAGE: Final = 30
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A reading in finished strings."""

    month: str
    register: str
    value: str
    exact: Decimal
    unit: str
    taken_on: str
    source: str
    state: str
    reason: str
    rolls_over: bool


@dataclass(frozen=True, slots=True)
class MeterPart:
    """A meter of an open point; open itself it has readings."""

    meter: Meter
    url: str
    fold_url: str
    lasted: str
    is_open: bool
    rows: tuple[ReadingRow, ...]


@dataclass(frozen=True, slots=True)
class PointPart:
    """A supply point of the page; open it has meters."""

    point: SupplyPoint
    fold_url: str
    is_open: bool
    meters: tuple[MeterPart, ...]


@opened_by(Section.POINT_READINGS)
@signed_in
@require_safe
@for_role(Action.SEE_READINGS)
def history(request: Request) -> HttpResponse:
    place, today = _place(request), _today(request)
    page = _page(request, place)
    this = Month.of(today)
    facts = {
        "place": place,
        "page": page,
        "parts": _parts(page, place),
        "contracts": contracts.contracts_of(request.viewer, action=Action.SEE_READINGS).order_by("number"),
        "months": [(str(month), format_month(month, language())) for month in months_offered(this)],
        "since": str(place.query.since),
        "until": str(place.query.until),
        "file_url": reverse("readings:history_file") + place.address,
        "has_contracts": bool(request.viewer.memberships),
        "unopened": unopened_titles(request, action=Action.SEE_READINGS, today=today, named=numbered),
        "updated_at": request.provider.row.billing_heard_at,
        "zone": request.provider.row.zone,
    }
    return render(request, "readings/history.html", facts)


@weighs(Load.FILE)
@opened_by(Section.POINT_READINGS)
@signed_in
@require_safe
@for_role(Action.SEE_READINGS)
def history_file(request: Request) -> HttpResponse:
    """Give the page as it stands on the screen, what is folded left folded."""
    place = _place(request)
    rows = [row for part in _parts(_page(request, place), place) for row in _cells(part)]
    body = workbook.write([workbook.Sheet(_("История показаний"), rows, header=_header())])
    response = HttpResponse(body, content_type=XLSX)
    name = _("История показаний %(since)s–%(until)s.xlsx") % {"since": place.query.since, "until": place.query.until}
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _place(request: Request) -> HistoryPlace:
    return history_place(request.GET, this=Month.of(_today(request)))


def _page(request: Request, place: HistoryPlace) -> Page[SupplyPoint]:
    return Paginator(points_with_history(request.viewer, place.query), POINTS_ON_A_PAGE).get_page(place.number)


def _parts(page: Page[SupplyPoint], place: HistoryPlace) -> list[PointPart]:
    """Return the page with its open points' meters and its open meters' readings, by two statements more."""
    opened = [point.pk for point in page if point.pk in place.points]
    meters = meters_with_history(opened, place.query) if opened else {}
    read = [meter for own in meters.values() for meter in own if meter.pk in place.meters]
    lines = lines_of(read, since=place.query.since, until=place.query.until)
    return [
        PointPart(
            point,
            fold_url=place.turned(point=point.pk).address + f"#point-{point.pk}",
            is_open=point.pk in opened,
            meters=tuple(_meter(meter, place, lines.get(meter.pk, ())) for meter in meters.get(point.pk, ())),
        )
        for point in page
    ]


def _meter(meter: Meter, place: HistoryPlace, lines: Sequence[HistoryLine]) -> MeterPart:
    return MeterPart(
        meter,
        url=reverse("readings:meter", args=[meter.pk]),
        fold_url=place.turned(meter=meter.pk).address + f"#meter-{meter.pk}",
        lasted=_lasted(meter),
        is_open=meter.pk in place.meters,
        rows=tuple(reading_row(line) for line in lines),
    )


def _lasted(meter: Meter) -> str:
    """Say until when a meter stood, and which one followed it."""
    if meter.valid_to is None:
        return ""
    told = _("снят %(day)s") % {"day": day_words(meter.valid_to)}
    return (
        f"{told}, {_('заменён на № %(number)s') % {'number': meter.replaced_by.number}}" if meter.replaced_by else told
    )


def reading_row(line: HistoryLine) -> ReadingRow:
    return ReadingRow(
        month=format_month(line.month, language()),
        register=point_words.register(line.register),
        value=plain(line.value, language(), decimals=line.register.fraction_digits),
        exact=line.value,
        unit=point_words.unit(line.register.quantity),
        taken_on=day_words(line.taken_on),
        source=words.source(line.source),
        state=line.state,
        reason=line.reason,
        rolls_over=line.rolls_over,
    )


def _header() -> list[str]:
    return [
        _("Номер договора"),
        _("Код ЭО"),
        _("Наименование ЭО"),
        _("Адрес"),
        _("Номер ПУ"),
        _("Шкала"),
        _("Месяц"),
        _("Показание"),
        _("Дата показаний"),
        _("Источник"),
        _("Состояние"),
        _("Причина"),
    ]


def _cells(part: PointPart) -> Iterable[list[Cell]]:
    point = part.point
    of_point: list[Cell] = [point.contract.number, point.code, point.name, point.address]
    if not part.meters:
        yield of_point
    for meter in part.meters:
        if not meter.rows:
            yield [*of_point, meter.meter.number]
        for row in meter.rows:
            told: list[Cell] = [row.register, row.month, row.exact, row.taken_on, row.source]
            yield [*of_point, meter.meter.number, *told, point_words.state(row.state), row.reason]


def _today(request: Request) -> date:
    return clock.today(request.provider.row.zone)
