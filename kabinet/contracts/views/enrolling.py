"""«Регистрация» by account, the password behind the letter's link, «Забыли свой пароль?» (REG-03, REG-06)."""

import functools
from collections.abc import Callable
from typing import TypeVar, cast

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.accounts import selectors as accounts
from kabinet.accounts.http import AccountRequest, anonymous_only, place_of, remember_address, remembered_address
from kabinet.accounts.values import PasswordLink
from kabinet.accounts.views.answers import answer
from kabinet.accounts.views.links import link_form, link_gone, password_chosen
from kabinet.contracts import selectors
from kabinet.contracts.forms import AccountSignUpForm, ForgottenForm
from kabinet.contracts.services import enrolling, recovering
from kabinet.contracts.services.enrolling import ConsentMissing, LinkGone, SignUpClosed
from kabinet.contracts.services.linking import LinkRefused
from kabinet.infra import clock
from kabinet.infra.limits import LimitReached
from kabinet.infra.loads import Load, weighs_sent
from kabinet.providers.values import Recovery, SignUp

View = TypeVar("View", bound=Callable[..., HttpResponse])


def where_accounts_sign_up(view: View) -> View:
    """Open a page only where people sign up by account; elsewhere there is no such page (SITE-05)."""

    @functools.wraps(view)
    def guarded(request: AccountRequest) -> HttpResponse:
        if request.provider.policy.sign_up is not SignUp.ACCOUNT:
            raise Http404
        return view(request)

    return cast("View", guarded)


@weighs_sent(Load.SIGN_IN)
@where_accounts_sign_up
@require_http_methods(["GET", "HEAD", "POST"])
@anonymous_only
def sign_up(request: AccountRequest) -> HttpResponse:
    form = _sign_up_form(request)
    if form.is_valid():
        try:
            _ask(request, form)
        except (ConsentMissing, SignUpClosed):
            # The texts were replaced between the form and its answer: the form shows the new ones.
            form = _sign_up_form(request)
        except LinkRefused as refusal:
            form.add_problem(refusal.problem)
        except LimitReached as reached:
            form.limit(reached.until, zone=request.provider.row.zone)
        else:
            response = redirect("contracts:signed_up")
            remember_address(response, form.cleaned_data["email"])
            return response
    return answer(request, "contracts/sign_up.html", form, is_open=form.is_open)


def _sign_up_form(request: AccountRequest) -> AccountSignUpForm:
    agreements = accounts.current_agreements(request.provider.row.pk)
    digits = request.provider.policy.account_digits
    return AccountSignUpForm(request.POST or None, agreements=agreements, digits=digits)


def _ask(request: AccountRequest, form: AccountSignUpForm) -> None:
    enrolling.ask(
        form.value(),
        provider=request.provider,
        place=place_of(request),
        language=get_language() or "ru",
        by=request.actor,
        at=clock.now(),
        today=clock.today(request.provider.row.zone),
    )


@where_accounts_sign_up
@require_safe
def signed_up(request: AccountRequest) -> HttpResponse:
    """Thank, and say where the letter went: the browser that has just signed up knows the address."""
    facts = {"email": remembered_address(request), "hours": request.provider.policy.letter_link_hours}
    return render(request, "contracts/signed_up.html", facts)


@weighs_sent(Load.SIGN_IN)
@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up_password(request: AccountRequest, token: str) -> HttpResponse:
    """«Изменение пароля»: looking changes nothing; the password makes the user and links the account."""
    waiting = selectors.sign_up_by(token, provider_id=request.provider.row.pk, at=clock.now())
    if waiting is None:
        return link_gone(request)
    form = link_form(request, PasswordLink(login=waiting.login, email=waiting.email))
    if form.is_valid():
        try:
            return _choose(request, token, form.cleaned_data["password"])
        except LinkGone:
            return link_gone(request)
    return answer(request, "accounts/new_password.html", form)


def _choose(request: AccountRequest, token: str, password: str) -> HttpResponse:
    contract = enrolling.choose_password(
        token,
        password,
        provider=request.provider.row,
        by=request.actor,
        at=clock.now(),
        technical_at=clock.technical_now(),
    )
    return password_chosen(request, linked=contract.number)


@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: AccountRequest) -> HttpResponse:
    """«Забыли свой пароль?»: one answer whether or not anybody has the pair."""
    if request.provider.policy.recovery is not Recovery.ACCOUNT_LINK:
        raise Http404
    form = ForgottenForm(request.POST or None)
    if form.is_valid():
        wanted = form.value(digits=request.provider.policy.account_digits)
        try:
            recovering.ask_for_link(wanted, provider=request.provider, place=place_of(request), at=clock.now())
        except LimitReached as reached:
            form.limit(reached.until, zone=request.provider.row.zone)
        else:
            return redirect("contracts:recover_sent")
    return answer(request, "contracts/recover.html", form)


@require_safe
def recover_sent(request: AccountRequest) -> HttpResponse:
    if request.provider.policy.recovery is not Recovery.ACCOUNT_LINK:
        raise Http404
    return render(request, "contracts/recover_sent.html", {"hours": request.provider.policy.letter_link_hours})
