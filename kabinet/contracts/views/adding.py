"""«Добавить договор», and what waits for its mailbox (CON-02)."""

from contextlib import suppress
from datetime import datetime
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kabinet.accounts.http import signed_in, typed_before
from kabinet.contracts import selectors
from kabinet.contracts.forms import AddForm
from kabinet.contracts.http import Request
from kabinet.contracts.models import LinkRequest
from kabinet.contracts.services import requests
from kabinet.contracts.services.linking import LinkRefused
from kabinet.contracts.services.requests import RequestGone
from kabinet.infra import clock
from kabinet.infra.limits import LimitReached
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section

LIST: Final = "contracts:of_profile"


@opened_by(Section.ADD_CONTRACT)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: Request) -> HttpResponse:
    """Take a number and an address; the answer is the same whether or not billing knows them."""
    if request.method == "POST":
        form = AddForm(request.POST)
    else:
        typed = typed_before(request)
        form = AddForm(initial=typed.dict() if typed else None)
    if request.method == "POST" and form.is_valid():
        try:
            _add(request, form)
        except LinkRefused as refusal:
            form.add_problem(refusal.problem)
        else:
            messages.success(request, _("Запрос сохранён. Если номер и адрес верны, письмо со ссылкой уже в пути."))
            return redirect(LIST)
    return render(request, "contracts/add.html", {"form": form, "back_url": reverse(LIST)})


def _add(request: Request, form: AddForm) -> None:
    requests.add(
        form.value(),
        address=request.client_address,
        allowed=request.provider.policy.limits,
        by=request.actor,
        at=clock.now(),
    )


@opened_by(Section.ADD_CONTRACT)
@signed_in
@require_POST
def write_again(request: Request, request_id: UUID) -> HttpResponse:
    """«Отправить ещё раз»."""
    at = clock.now()
    waiting = _own(request, request_id, at=at)
    try:
        requests.write_again(waiting, allowed=request.provider.policy.limits, by=request.actor, at=at)
    except LimitReached:
        messages.warning(request, _("Письмо уже отправляли только что. Подождите и попробуйте позже."))
    except RequestGone:
        messages.warning(request, _("Этот запрос больше не ждёт подтверждения."))
    else:
        messages.success(request, _("Если номер и адрес верны, новое письмо уже в пути. Прежняя ссылка не сработает."))
    return redirect(LIST)


@opened_by(Section.ADD_CONTRACT)
@signed_in
@require_POST
def cancel(request: Request, request_id: UUID) -> HttpResponse:
    """«Отменить»: a request that is over meanwhile is as good as cancelled."""
    at = clock.now()
    waiting = _own(request, request_id, at=at)
    with suppress(RequestGone):
        requests.cancel(waiting, by=request.actor, at=at)
    messages.success(request, _("Запрос отменён. Ссылка из письма больше не действует."))
    return redirect(LIST)


def _own(request: Request, request_id: UUID, *, at: datetime) -> LinkRequest:
    return get_object_or_404(selectors.link_requests_of(request.viewer, at=at), pk=request_id)
