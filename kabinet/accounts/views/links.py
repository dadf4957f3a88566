"""«Изменение пароля» behind the link of a letter: looking changes nothing, and it works once (REG-06)."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from kabinet.accounts import selectors
from kabinet.accounts.forms import LinkPasswordForm
from kabinet.accounts.http import AccountRequest
from kabinet.accounts.services import links
from kabinet.accounts.services.links import LinkGone
from kabinet.accounts.values import PasswordLink
from kabinet.accounts.views.answers import answer
from kabinet.infra import clock
from kabinet.infra.loads import Load, weighs_sent


@weighs_sent(Load.SIGN_IN)
@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def recover_link(request: AccountRequest, token: str) -> HttpResponse:
    provider, at = request.provider.row, clock.technical_now()
    opened = selectors.password_link(token, provider_id=provider.pk, at=at)
    if opened is None:
        return link_gone(request)
    form = link_form(request, opened)
    if form.is_valid():
        try:
            links.choose_by_link(token, form.cleaned_data["password"], provider=provider, by=request.actor, at=at)
        except LinkGone:
            return link_gone(request)
        return password_chosen(request)
    return answer(request, "accounts/new_password.html", form)


def link_form(request: AccountRequest, opened: PasswordLink) -> LinkPasswordForm:
    min_length = request.provider.policy.password_min_length
    return LinkPasswordForm(request.POST or None, min_length=min_length, login=opened.login, email=opened.email)


def password_chosen(request: AccountRequest, *, linked: str = "") -> HttpResponse:
    """Say that the password stands; `linked` is the account that came into the cabinet with it."""
    return render(request, "accounts/password_chosen.html", {"linked": linked})


def link_gone(request: AccountRequest) -> HttpResponse:
    """Say the same of a link that was used, replaced, late or never was."""
    return render(request, "accounts/link_gone.html", status=HTTPStatus.NOT_FOUND)
