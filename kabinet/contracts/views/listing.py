"""«Мои договора», also as a tab of «Профиль» (CON-04)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kabinet.accounts.http import signed_in
from kabinet.contracts import selectors
from kabinet.contracts.http import Request
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section


@opened_by(Section.CONTRACTS)
@signed_in
@require_safe
def contracts(request: Request) -> HttpResponse:
    return render(request, "contracts/list.html", {"contracts": selectors.contracts_of(request.viewer)})


@opened_by(Section.CONTRACTS)
@signed_in
@require_safe
def contracts_of_profile(request: Request) -> HttpResponse:
    return render(request, "contracts/of_profile.html", {"contracts": selectors.contracts_of(request.viewer)})
