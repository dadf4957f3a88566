"""The card of a contract and its history with billing."""

from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.accounts.rules import staff as rules
from kabinet.accounts.values import StaffAction
from kabinet.contracts.models import Contract
from kabinet.infra import clock
from kabinet.staff.forms.cards import BecauseForm
from kabinet.staff.http import OfficeRequest, duty
from kabinet.staff.selectors import cards
from kabinet.staff.selectors.timelines import timeline_of
from kabinet.staff.services.cards import open_contract
from kabinet.staff.values import CardKind
from kabinet.staff.views.answering import answer, page_of


@require_http_methods(["GET", "HEAD", "POST"])
@duty(StaffAction.OPEN_CARDS)
def contract(request: OfficeRequest, contract_id: UUID) -> HttpResponse:
    """Show the card to who has said why; ask for the reason otherwise."""
    row = _contract(request, contract_id)
    if request.method == "POST":
        return _open(request, row)
    visit = cards.visit_of(request.office, CardKind.CONTRACT, row.pk, at=clock.technical_now())
    if visit is None:
        return _ask_why(request, row, BecauseForm(initial=asked_for(request)))
    today = clock.today(request.provider.row.zone)
    facts = {
        "card": cards.contract_card(row, request.provider, at=clock.now(), today=today),
        "visit": visit,
        "tab": "card",
        "audit_query": audit_query(request, number=row.number),
    }
    return render(request, "staff/contract.html", facts)


@require_safe
@duty(StaffAction.OPEN_CARDS)
def history(request: OfficeRequest, contract_id: UUID) -> HttpResponse:
    """Show what the contract sent and what billing said of it."""
    row = _contract(request, contract_id)
    if not cards.visit_of(request.office, CardKind.CONTRACT, row.pk, at=clock.technical_now()):
        return redirect("staff:contract", row.pk)
    facts = {"contract": row, "page": page_of(request, timeline_of(row)), "tab": "history"}
    return render(request, "staff/history.html", facts)


def _contract(request: OfficeRequest, contract_id: UUID) -> Contract:
    row = cards.contract_of(request.provider.row.pk, contract_id)
    if row is None:
        raise Http404
    return row


def _open(request: OfficeRequest, row: Contract) -> HttpResponse:
    form = BecauseForm(request.POST)
    if not form.is_valid():
        return _ask_why(request, row, form)
    open_contract(row, form.because(), session=request.office, by=request.actor, at=clock.technical_now())
    return redirect("staff:contract", row.pk)


def _ask_why(request: OfficeRequest, row: Contract, form: BecauseForm) -> HttpResponse:
    title = _("Договор %(number)s") % {"number": row.number}
    return answer(request, "staff/because.html", form, heading=title)


def asked_for(request: OfficeRequest) -> dict[str, str]:
    """Return the reason that the page of a ticket leads here with."""
    number = request.GET.get("ticket", "")[:40]
    return {"reason": "ticket", "reference": number} if number else {}


def audit_query(request: OfficeRequest, **wanted: object) -> str:
    """Return the filter by which the card leads to the audit; empty for roles that do not see it."""
    return urlencode(wanted) if rules.may(request.specialist.held, StaffAction.SEE_AUDIT) else ""


def reasoned(request: OfficeRequest, reason: str) -> OfficeRequest:
    """Let what is done on a card carry the reason for which the card was opened."""
    request.actor = replace(request.actor, reason=reason)
    return request
