"""«Заявка на подключение» and «Удалить» (CON-01, CON-04)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kabinet.accounts.http import signed_in, typed_before
from kabinet.contracts import selectors
from kabinet.contracts.forms import LinkForm
from kabinet.contracts.http import Request
from kabinet.contracts.services import linking
from kabinet.contracts.services.linking import LinkRefused
from kabinet.contracts.values import Action
from kabinet.infra import clock
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section


@opened_by(Section.LINK_CONTRACT)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: Request) -> HttpResponse:
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            _link(request, form)
        except LinkRefused as refusal:
            form.add_problem(refusal.problem)
        else:
            messages.success(request, _("Заявка успешно отправлена"))
            return redirect("contracts:list")
    return render(request, "contracts/link.html", {"form": form})


def _form(request: Request) -> LinkForm:
    """Return the form as posted, as typed before the session ended, or empty."""
    name = request.provider.row.short_name
    if request.method == "POST":
        return LinkForm(request.POST, provider_name=name)
    typed = typed_before(request)
    return LinkForm(initial=typed.dict() if typed else None, provider_name=name)


def _link(request: Request, form: LinkForm) -> None:
    linking.link_by_inn(
        form.value(),
        address=request.client_address,
        allowed=request.provider.policy.limits,
        by=request.actor,
        at=clock.now(),
        today=clock.today(request.provider.row.zone),
    )


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def unlink(request: Request, contract_id: UUID) -> HttpResponse:
    """Ask first, then end this person's link."""
    own = selectors.contracts_of(request.viewer, action=Action.UNLINK)
    contract = get_object_or_404(own, pk=contract_id)
    if request.method != "POST":
        facts = {"contract": contract, "submit": _("Удалить"), "back_url": reverse("contracts:list"), "danger": True}
        return render(request, "contracts/unlink.html", facts)
    linking.unlink(contract, by=request.actor, at=clock.now())
    messages.success(request, _("Договор %(number)s убран из вашего кабинета.") % {"number": contract.number})
    return redirect("contracts:list")
