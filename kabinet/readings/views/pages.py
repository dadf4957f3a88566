"""How the pages of sending answer, that of readings and that of volumes alike (READ-01…04).

What was stored is answered by loading the page anew, so that a reload asks nothing; what was typed beside it, and what
became of the rows, is kept for that page. Where nothing was stored the answer to the post is the page itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kabinet.accounts.http import keep_over_reload, typed_before, typed_under
from kabinet.accounts.services import TooMuchTyped
from kabinet.contracts.http import Request, contract_for
from kabinet.contracts.services.access import EmailUnconfirmed, NotAllowed, NotSeen
from kabinet.contracts.values import Action, Viewer
from kabinet.infra import clock, ids
from kabinet.infra.idempotency import KeyReused
from kabinet.readings.forms import TypedPage
from kabinet.readings.rules.fates import outcome_from
from kabinet.readings.selectors.losses import lost_of
from kabinet.readings.selectors.outcomes import outcomes_under
from kabinet.readings.selectors.sheets import AnyLine, Sheet
from kabinet.readings.services.sending import NothingSent, Sending
from kabinet.readings.values import Fate, Loss, Lost, Outcome
from kabinet.readings.views import words
from kabinet.readings.views.blocks import Block, summary_of, unopened_titles
from kabinet.readings.views.words import PageWords
from kabinet.web.frames import render_framed

_KEPT: Final = "typed"
_STATUS: Final = {
    Loss.GONE: HTTPStatus.NOT_FOUND,
    Loss.ROLE: HTTPStatus.FORBIDDEN,
    Loss.ENDED: HTTPStatus.CONFLICT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingPage:
    """What parts one page of sending from the other: its address, its fields, its rows and its use cases."""

    route: str
    template: str
    words: Callable[[], PageWords]
    read: Callable[[QueryDict], TypedPage]
    sheets_of: Callable[..., Sequence[Sheet[Any]]]
    block_of: Callable[..., Block[Any]]
    save: Callable[..., int]
    submit: Callable[..., list[Outcome]]
    # The blocks as finished HTML, where the page around them is rendered once a shape.
    held: Callable[[Sequence[Block[Any]]], str] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows over its contracts: fields as typed, fates of rows, and a contract that has just gone."""

    typed: TypedPage | None = None
    outcomes: Sequence[Outcome] = ()
    status: HTTPStatus = HTTPStatus.OK
    is_gone: bool = False


def answer(request: Request, page: SendingPage) -> HttpResponse:
    """Show the page, or do what the pressed button asks for."""
    if request.method != "POST":
        return _render(request, page, _opened(request, page))
    typed = page.read(request.POST)
    if typed.contract_id is None:  # «взять …», the helper, or the form of a browser that names no button
        return _render(request, page, Shown(typed))
    sheets = page.sheets_of(request, today=_today(request))
    sheet = next((sheet for sheet in sheets if sheet.contract.pk == typed.contract_id), None)
    if sheet is None:
        return _lost(request, page, typed)
    try:
        return _send(request, page, sheet, typed) if typed.wants_to_send else _keep(request, page, sheet, typed)
    except (NotSeen, NotAllowed):  # a colleague took the contract away while this very request was on its way
        request.viewer = _without(request.viewer, typed.contract_id)
        return _lost(request, page, typed)
    except EmailUnconfirmed:
        messages.error(request, _("Ошибка. Подтвердите адрес электронной почты: до этого ничего не передано."))
        return _render(request, page, Shown(typed, status=HTTPStatus.FORBIDDEN))


def _opened(request: Request, page: SendingPage) -> Shown:
    """Return what the page was left with: by a sending just before, or by a session that ended."""
    token = request.GET.get(_KEPT, "")
    before = typed_under(request, token) if token else typed_before(request)
    if before is None:
        return Shown()
    typed = page.read(before)
    outcomes = outcomes_under(typed.key, by=request.actor) if token and typed.wants_to_send else []
    return Shown(typed.without({outcome.row_id for outcome in outcomes if outcome.fate is Fate.SENT}), outcomes)


def _keep(request: Request, page: SendingPage, sheet: Sheet[AnyLine], typed: TypedPage) -> HttpResponse:
    if not sheet.is_open:
        messages.error(request, page.words().closed)
        return _render(request, page, Shown(typed))
    entries = typed.among(sheet.row_ids)
    if not entries:
        messages.error(request, page.words().nothing)
        return _render(request, page, Shown(typed))
    kept = page.save(sheet.contract, entries, month=sheet.month, by=request.actor, at=clock.now())
    messages.success(request, page.words().kept % {"count": kept})
    return _stored(request, page, sheet, Shown(typed))


def _send(request: Request, page: SendingPage, sheet: Sheet[AnyLine], typed: TypedPage) -> HttpResponse:
    """Send the rows; those that did not go stay in their fields with the reasons."""
    entries = [entry for entry in typed.among(sheet.row_ids) if entry.raw]
    if not entries:
        messages.error(request, page.words().nothing)
        return _render(request, page, Shown(typed))
    key = typed.key or str(ids.new())
    act = Sending(request.provider, key=key, by=request.actor, at=clock.now(), today=_today(request))
    try:
        outcomes = page.submit(sheet, entries, sending=act)
    except NothingSent as nothing:
        return _render(request, page, Shown(typed, nothing.outcomes))
    except KeyReused as reused:
        accepted = [outcome_from(row) for row in reused.accepted["outcomes"]]
        return _render(request, page, Shown(typed, accepted, HTTPStatus.CONFLICT))
    return _stored(request, page, sheet, Shown(typed, outcomes), key=key)


def _stored(request: Request, page: SendingPage, sheet: Sheet[AnyLine], shown: Shown, *, key: str = "") -> HttpResponse:
    """Load the page anew; what is still to be said, or was typed beside, is kept for it."""
    typed = shown.typed
    told = [outcome for outcome in shown.outcomes if outcome.fate is not Fate.UNCHANGED]
    is_all_said = all(outcome.fate is Fate.SENT and not outcome.notes for outcome in told)
    if typed and (not is_all_said or typed.is_wider_than(sheet.row_ids)):
        fields = dict(request.POST.lists()) | {f"key-{sheet.contract.pk}": [key]}
        try:
            token = keep_over_reload(request, fields)
        except TooMuchTyped:
            return _render(request, page, shown)
        return redirect(f"{reverse(page.route)}?{urlencode({_KEPT: token})}")
    if shown.outcomes:
        messages.success(request, _("Успешно! Данные переданы"))
    return redirect(page.route)


def _lost(request: Request, page: SendingPage, typed: TypedPage) -> HttpResponse:
    """Say what became of the contract whose button was pressed; who never saw it on this page finds nothing."""
    if typed.contract_id and typed.contract_id not in typed.names:
        contract_for(request, typed.contract_id, action=Action.SEND_READINGS)
        raise Http404
    return _render(request, page, Shown(typed, is_gone=True))


def _without(viewer: Viewer, contract_id: UUID) -> Viewer:
    return replace(viewer, memberships=tuple(m for m in viewer.memberships if m.contract_id != contract_id))


def _render(request: Request, page: SendingPage, shown: Shown) -> HttpResponse:
    typed, today = shown.typed, _today(request)
    sheets = page.sheets_of(request, today=today)
    here = {sheet.contract.pk for sheet in sheets}
    lost = lost_of(request.viewer, typed.names, shown=here) if typed else ()
    blocks = [page.block_of(sheet, today=today, typed=typed, outcomes=shown.outcomes) for sheet in sheets]
    facts = {
        "sent_by_enter": str(sheets[0].contract.pk) if len(sheets) == 1 and sheets[0].is_open else "",
        "has_contracts": bool(request.viewer.memberships),
        "summary": summary_of([outcome.fate for outcome in shown.outcomes]),
        "is_conflict": shown.status is HTTPStatus.CONFLICT,
        "losses": tuple(words.loss(one) for one in lost),
        "unopened": () if lost else tuple(unopened_titles(request, action=Action.SEND_READINGS, today=today)),
    }
    status, held = _status_of(shown, lost), SafeString(page.held(blocks)) if page.held else ""
    if page.held and typed is None and status is HTTPStatus.OK:
        return render_framed(request, page.template, facts, held=held)
    return render(request, page.template, {**facts, "blocks": blocks, "held": held}, status=status)


def _status_of(shown: Shown, lost: Sequence[Lost]) -> HTTPStatus:
    pressed = shown.typed.contract_id if shown.typed and shown.is_gone else None
    return next((_STATUS[one.why] for one in lost if one.id == pressed), shown.status)


def _today(request: Request) -> date:
    return clock.today(request.provider.row.zone)
