"""The page behind a letter's link: «Подтвердить» or «Это не мы», without signing in (CON-02)."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from kabinet.contracts import selectors
from kabinet.contracts.models import LinkRequest
from kabinet.contracts.services import requests
from kabinet.contracts.services.linking import LinkRefused
from kabinet.contracts.services.requests import RequestGone
from kabinet.infra import clock
from kabinet.providers.http import ProviderRequest, opened_by
from kabinet.providers.values import Section


@opened_by(Section.ADD_CONTRACT)
@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: ProviderRequest, token: str) -> HttpResponse:
    """Show who adds which contract; the link itself changes nothing, a button does."""
    waiting = selectors.link_request_by(token, provider_id=request.provider.row.pk, at=clock.now())
    if waiting is None:
        return _gone(request)
    if request.method != "POST":
        return render(request, "contracts/confirm.html", _facts(request, waiting))
    try:
        return _answer(request, token, waiting)
    except LinkRefused:
        return render(request, "contracts/confirmed.html", {**_facts(request, waiting), "answer": "linked_before"})
    except RequestGone:
        return _gone(request)


def _answer(request: ProviderRequest, token: str, waiting: LinkRequest) -> HttpResponse:
    """Do what the button says; a post without one is only a look."""
    answer = request.POST.get("answer")
    provider, at = request.provider, clock.now()
    match answer:
        case "confirm":
            limits = provider.policy.limits
            requests.confirm(token, provider_id=provider.row.pk, allowed=limits, by=request.actor, at=at)
        case "deny":
            requests.deny(token, provider_id=provider.row.pk, by=request.actor, at=at)
        case _:
            return render(request, "contracts/confirm.html", _facts(request, waiting))
    return render(request, "contracts/confirmed.html", {**_facts(request, waiting), "answer": answer})


def _facts(request: ProviderRequest, waiting: LinkRequest) -> dict[str, Any]:
    zone = request.provider.row.zone
    return {"asker": waiting.user, "contract": waiting.contract, "expires_at": waiting.expires_at, "zone": zone}


def _gone(request: ProviderRequest) -> HttpResponse:
    """Say the same of a link that was used, replaced, refused, late or never was."""
    return render(request, "contracts/confirm_gone.html", status=HTTPStatus.NOT_FOUND)
