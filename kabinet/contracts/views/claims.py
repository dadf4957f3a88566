"""«Добавить лицевой счёт»: one cabinet, many accounts (CON-03)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kabinet.accounts.http import signed_in, typed_before
from kabinet.accounts.views.answers import answer
from kabinet.contracts.forms import ClaimForm
from kabinet.contracts.http import Request
from kabinet.contracts.models import Contract
from kabinet.contracts.services import claims
from kabinet.contracts.services.linking import LinkRefused
from kabinet.infra import clock
from kabinet.infra.limits import LimitReached
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section


@opened_by(Section.LINK_ACCOUNT)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def link_account(request: Request) -> HttpResponse:
    form = _form(request)
    if form.is_bound and form.is_valid():
        try:
            contract = _link(request, form)
        except LinkRefused as refusal:
            form.add_problem(refusal.problem)
        except LimitReached as reached:
            form.limit(reached.until, zone=request.provider.row.zone)
        else:
            messages.success(request, _("Лицевой счёт %(number)s подключён.") % {"number": contract.number})
            return redirect("home:start")
    return answer(request, "contracts/link_account.html", form)


def _form(request: Request) -> ClaimForm:
    """Return the form as posted, as typed before the session ended, or empty."""
    digits = request.provider.policy.account_digits
    if request.method == "POST":
        return ClaimForm(request.POST, digits=digits)
    typed = typed_before(request)
    return ClaimForm(initial=typed.dict() if typed else None, digits=digits)


def _link(request: Request, form: ClaimForm) -> Contract:
    return claims.link_by_claim(
        form.claim(),
        address=request.client_address,
        allowed=request.provider.policy.limits,
        by=request.actor,
        at=clock.now(),
        today=clock.today(request.provider.row.zone),
    )
