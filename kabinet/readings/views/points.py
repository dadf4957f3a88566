"""«Показания»: supply points fold open to meters, meters to fields; thousands of them by the page (READ-10, READ-11).

Every button carries the whole form, so that nothing typed is lost by turning the list; what was typed on other pages
travels in hidden fields. Whatever is not refused whole is answered by loading the page anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.accounts.http import keep_over_reload, signed_in, typed_before, typed_under
from kabinet.accounts.services import TooMuchTyped
from kabinet.contracts.http import Request, for_role
from kabinet.contracts.services.access import EmailUnconfirmed
from kabinet.contracts.values import Action
from kabinet.infra import clock, ids
from kabinet.infra.idempotency import KeyReused
from kabinet.infra.loads import Load, weighs_sent
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section
from kabinet.readings.forms.points import Place, TypedPoints, place_in, typed_points
from kabinet.readings.rules.fates import outcome_from
from kabinet.readings.selectors import points as selectors
from kabinet.readings.selectors.outcomes import outcomes_under
from kabinet.readings.services import points as services
from kabinet.readings.services.rows import NothingSent, Sending
from kabinet.readings.values import Fate, Outcome
from kabinet.readings.values.points import PointQuery
from kabinet.readings.views import point_pages

_KEPT: Final = "typed"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows over its list: the place, fields as typed, fates of rows."""

    place: Place
    typed: TypedPoints = field(default_factory=TypedPoints)
    outcomes: Sequence[Outcome] = ()


@weighs_sent(Load.SENDING)
@opened_by(Section.POINT_READINGS)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Action.SEND_READINGS)
def points(request: Request) -> HttpResponse:
    """Show the list, or do what the pressed button asks for."""
    if request.method != "POST":
        return _render(request, _opened(request))
    shown = Shown(place_in(request.POST), typed_points(request.POST))
    try:
        match shown.typed.do:
            case "send":
                return _send(request, shown)
            case "keep":
                return _keep(request, shown)
            case _:
                return _turn(request, shown)
    except EmailUnconfirmed:
        messages.error(request, _("Ошибка. Подтвердите адрес электронной почты: до этого ничего не передано."))
        return _render(request, shown, status=HTTPStatus.FORBIDDEN)


@opened_by(Section.POINT_READINGS)
@signed_in
@require_safe
@for_role(Action.SEND_READINGS)
def point(request: Request, point_id: UUID) -> HttpResponse:
    """Give the meters of one supply point, to be put into the list; by itself the address leads to the list."""
    day = selectors.day_for(request.provider, today=_today(request))
    found = get_object_or_404(selectors.points_of(request.viewer, PointQuery(point=point_id), day=day))
    if "HX-Request" not in request.headers:
        return redirect(_address(Place(PointQuery(point=found.pk))))
    facts = point_pages.fragment_of(request, found, day=day, today=_today(request))
    return render(request, "readings/_point.html", facts)


def _opened(request: Request) -> Shown:
    """Return what the page was left with: by the press of a button just before, or by a session that ended."""
    place, token = place_in(request.GET), request.GET.get(_KEPT, "")
    before = typed_under(request, token) if token else typed_before(request)
    if before is None:
        return Shown(place)
    typed = typed_points(before)
    if not token:
        place = place_in(before)
    outcomes = outcomes_under(typed.key, by=request.actor) if token and typed.do == "send" else []
    gone = {outcome.row_id for outcome in outcomes if outcome.fate in {Fate.SENT, Fate.UNCHANGED}}
    left = [entry.row_id for entry in typed.to_keep if entry.row_id not in gone]
    return Shown(place, typed.only(left), outcomes)


def _turn(request: Request, shown: Shown) -> HttpResponse:
    """Load the list at another place, with everything that was typed."""
    typed, place = shown.typed, shown.place
    aim = _id(typed.of)
    match typed.do:
        case "page":
            place = place.at(typed.of)
        case "show":
            place = Place(PointQuery(place.query.contract, place.query.status, place.query.phrase))
        case "reset":
            place = Place()
        case "open" if aim:
            place = place.with_open(aim)
        case "fold" if aim:
            place = place.with_folded(aim)
        case "point" if aim:
            place = place.at_point(aim)
    return _anew(request, Shown(place, typed))


def _keep(request: Request, shown: Shown) -> HttpResponse:
    entries = shown.typed.to_keep
    if not entries:
        messages.error(request, _("Новых показаний нет: сохранять нечего."))
        return _render(request, shown)
    kept = services.keep(entries, provider=request.provider, by=request.actor, at=clock.now(), today=_today(request))
    if kept:
        messages.success(request, _("Черновик сохранён, показаний: %(count)d. Они ещё не переданы.") % {"count": kept})
        return redirect(_address(shown.place))
    messages.error(request, _("Ошибка. Период закрыт или приборы больше не доступны вам: сохранить показания нельзя."))
    return _render(request, shown, status=_status_of_nothing(request))


def _send(request: Request, shown: Shown) -> HttpResponse:
    """Send what is new; what did not go stays in its fields with the reasons."""
    typed = shown.typed
    entries = typed.to_send
    if not entries:
        messages.error(request, _("Ошибка. Новых показаний нет: введите хотя бы одно."))
        return _render(request, shown)
    key = typed.key or str(ids.new())
    act = Sending(request.provider, key=key, by=request.actor, at=clock.now(), today=_today(request))
    try:
        outcomes = services.submit(entries, months=typed.months, sending=act)
    except NothingSent as nothing:
        return _render(request, Shown(shown.place, typed, nothing.outcomes), status=_status_of_nothing(request))
    except KeyReused as reused:
        accepted = [outcome_from(row) for row in reused.accepted["outcomes"]]
        return _render(request, Shown(shown.place, typed, accepted), status=HTTPStatus.CONFLICT)
    return _anew(request, Shown(shown.place, typed, outcomes), key=key)


def _anew(request: Request, shown: Shown, *, key: str = "") -> HttpResponse:
    """Load the page anew; what is still to be said, or was typed and did not go, is kept for it."""
    typed = shown.typed
    told = [outcome for outcome in shown.outcomes if outcome.fate is not Fate.UNCHANGED]
    gone = {outcome.row_id for outcome in shown.outcomes if outcome.fate in {Fate.SENT, Fate.UNCHANGED}}
    left = [entry for entry in typed.to_keep if entry.row_id not in gone and (not key or entry.raw)]
    is_all_said = all(outcome.fate is Fate.SENT and not outcome.notes for outcome in told)
    if left or not is_all_said:
        fields = typed.only(entry.row_id for entry in typed.to_keep).fields() | ({"key": [key]} if key else {})
        try:
            token = keep_over_reload(request, fields)
        except TooMuchTyped:
            return _render(request, shown)
        return redirect(_address(shown.place, token=token))
    if shown.outcomes:
        messages.success(request, _("Показания сохранены"))
    return redirect(_address(shown.place))


def _address(place: Place, *, token: str = "") -> str:
    pairs = [*place.pairs(), *([(_KEPT, token)] if token else [])]
    return f"{reverse('readings:points')}?{urlencode(pairs)}" if pairs else reverse("readings:points")


def _status_of_nothing(request: Request) -> HTTPStatus:
    """To who holds no contract any more the rows are not there; what he typed is shown to him all the same."""
    return HTTPStatus.OK if request.viewer.memberships else HTTPStatus.NOT_FOUND


def _render(request: Request, shown: Shown, *, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    typed = shown.typed.only(entry.row_id for entry in shown.typed.to_keep)
    facts = point_pages.facts_of(request, shown.place, typed=typed, outcomes=shown.outcomes, today=_today(request))
    facts["is_conflict"] = status is HTTPStatus.CONFLICT
    return render(request, "readings/points.html", facts, status=status)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _today(request: Request) -> date:
    return clock.today(request.provider.row.zone)
