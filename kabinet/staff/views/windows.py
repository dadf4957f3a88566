"""«Сроки передачи»: windows that close later than the rule says."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kabinet.accounts.values import StaffAction
from kabinet.infra import clock, ids
from kabinet.infra.idempotency import KeyReused
from kabinet.readings.services.extensions import (
    ExtensionRefused,
    ExtensionUnknown,
    Granting,
    extend_window,
    withdraw_extension,
)
from kabinet.staff.forms.windows import ExtensionForm
from kabinet.staff.http import OfficeRequest, duty
from kabinet.staff.selectors import audit, cards
from kabinet.staff.views.answering import answer, page_of
from kabinet.staff.views.contracts import reasoned


@require_http_methods(["GET", "HEAD", "POST"])
@duty(StaffAction.EXTEND_WINDOWS)
def windows(request: OfficeRequest) -> HttpResponse:
    """List what was granted, and grant more."""
    form = _form(request)
    if form.is_valid():
        try:
            extend_window(form.value(), granting=_granting(reasoned(request, form.because().code), form))
        except ExtensionRefused as refusal:
            form.add_problem(refusal.problem)
        except KeyReused:
            form.add_error(None, _("С этой страницы срок уже продлён иначе. Обновите её и повторите."))
        else:
            messages.success(request, _("Срок продлён: страницы кабинета уже показывают новый день."))
            return redirect("staff:windows")
    page = page_of(request, cards.extensions_of(request.provider.row.pk))
    return answer(request, "staff/windows.html", form, page=page, names=audit.names_of(request.provider.row.pk))


@require_POST
@duty(StaffAction.EXTEND_WINDOWS)
def withdraw_window(request: OfficeRequest, extension_id: UUID) -> HttpResponse:
    try:
        withdraw_extension(extension_id, provider=request.provider, by=request.actor, at=clock.now())
    except ExtensionUnknown:
        raise Http404 from None
    messages.success(request, _("Продление снято: действует обычный срок."))
    return redirect("staff:windows")


def _form(request: OfficeRequest) -> ExtensionForm:
    return ExtensionForm(
        request.POST or None,
        provider_id=request.provider.row.pk,
        today=clock.today(request.provider.row.zone),
        initial={"key": str(ids.new()), "number": _number_asked_for(request)},
    )


def _number_asked_for(request: OfficeRequest) -> str:
    """Return the number of the contract whose card leads here."""
    try:
        contract = cards.contract_of(request.provider.row.pk, UUID(request.GET.get("contract", "")))
    except ValueError:
        return ""
    return contract.number if contract else ""


def _granting(request: OfficeRequest, form: ExtensionForm) -> Granting:
    return Granting(
        provider=request.provider,
        contract=form.contract,
        key=form.cleaned_data["key"],
        by=request.actor,
        at=clock.now(),
        today=clock.today(request.provider.row.zone),
    )
