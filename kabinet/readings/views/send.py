"""«Передача показаний приборов учёта ХВС» (READ-01…03)."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kabinet.accounts.http import signed_in, typed_before
from kabinet.contracts.http import Request, contract_for, for_role
from kabinet.contracts.values import Action
from kabinet.infra import clock, ids
from kabinet.infra.idempotency import KeyReused
from kabinet.providers.http import opened_by
from kabinet.providers.values import Resource, Section
from kabinet.readings.forms import TypedPage, typed_page
from kabinet.readings.rules.fates import outcome_from
from kabinet.readings.selectors.sheets import Sheet, sheet_for, sheets_of
from kabinet.readings.services import drafts, sending
from kabinet.readings.services.sending import NothingSent, Sending
from kabinet.readings.values import Fate, Outcome
from kabinet.readings.views.blocks import block_of, summary_of


@opened_by(Section.READINGS)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Action.SEND_READINGS)
def send(request: Request) -> HttpResponse:
    if request.method != "POST":
        before = typed_before(request)
        return _page(request, typed=typed_page(before) if before else None)
    typed = typed_page(request.POST)
    if typed.contract_id is None:  # «взять …», or the form of a browser that names no button
        return _page(request, typed=typed)
    contract = contract_for(request, typed.contract_id, action=Action.SEND_READINGS)
    sheet = sheet_for(request.viewer, contract, request.provider, resource=Resource.COLD_WATER, today=_today(request))
    return _send(request, sheet, typed) if typed.wants_to_send else _keep(request, sheet, typed)


def _keep(request: Request, sheet: Sheet, typed: TypedPage) -> HttpResponse:
    if not sheet.is_open:
        messages.error(request, _("Ошибка. Срок передачи закрыт, сохранить показания нельзя."))
        return _page(request, typed=typed)
    entries = typed.among(line.register.pk for line in sheet.lines)
    if not entries:
        messages.error(request, _("Ошибка. Заполните хотя бы одно показание."))
        return _page(request, typed=typed)
    kept = drafts.save(sheet.contract, entries, month=sheet.month, by=request.actor, at=clock.now())
    messages.success(request, _("Показания сохранены: %(count)d. Они ещё не переданы.") % {"count": kept})
    return _after(request, sheet, typed)


def _send(request: Request, sheet: Sheet, typed: TypedPage) -> HttpResponse:
    """Send the rows; those that did not go stay in their fields with the reasons."""
    entries = [entry for entry in typed.among(line.register.pk for line in sheet.lines) if entry.raw]
    if not entries:
        messages.error(request, _("Ошибка. Заполните хотя бы одно показание."))
        return _page(request, typed=typed)
    key = typed.key or str(ids.new())
    act = Sending(request.provider, key=key, by=request.actor, at=clock.now(), today=_today(request))
    try:
        outcomes = sending.submit(sheet.contract, entries, sending=act)
    except NothingSent as nothing:
        return _after(request, sheet, typed, outcomes=nothing.outcomes)
    except KeyReused as reused:
        accepted = [outcome_from(row) for row in reused.accepted["outcomes"]]
        return _page(request, typed=typed, outcomes=accepted, status=HTTPStatus.CONFLICT)
    return _after(request, sheet, typed, outcomes=outcomes)


def _after(request: Request, sheet: Sheet, typed: TypedPage, *, outcomes: Sequence[Outcome] = ()) -> HttpResponse:
    """Show what became of the rows; where nothing typed could be lost, by loading the page anew."""
    own = {line.register.pk for line in sheet.lines}
    told = [outcome for outcome in outcomes if outcome.fate is not Fate.UNCHANGED]
    is_all_done = bool(told or not outcomes) and all(each.fate is Fate.SENT and not each.notes for each in told)
    if not is_all_done or any(entry.raw for entry in typed.entries if entry.register_id not in own):
        return _page(request, typed=typed, outcomes=outcomes)
    if outcomes:
        messages.success(request, _("Успешно! Данные переданы"))
    return redirect("readings:send")


def _page(
    request: Request,
    *,
    typed: TypedPage | None = None,
    outcomes: Sequence[Outcome] = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    today = _today(request)
    sheets = sheets_of(request.viewer, request.provider, resource=Resource.COLD_WATER, today=today)
    is_one = len(sheets) == 1 and sheets[0].is_open
    facts = {
        "blocks": [block_of(sheet, today=today, typed=typed, outcomes=outcomes) for sheet in sheets],
        "sent_by_enter": sheets[0].contract.pk if is_one else None,
        "summary": summary_of([outcome.fate for outcome in outcomes]),
        "is_conflict": status is HTTPStatus.CONFLICT,
    }
    return render(request, "readings/send.html", facts, status=status)


def _today(request: Request) -> date:
    return clock.today(request.provider.row.zone)
