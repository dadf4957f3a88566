"""Sign-up and the confirmation of the address (REG-01, REG-04, PROF-02)."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kabinet.accounts import selectors, services
from kabinet.accounts.forms import ConfirmEmailForm, EntitySignUpForm, SignUpForm
from kabinet.accounts.http import (
    AccountRequest,
    anonymous_only,
    enter,
    place_of,
    remember_address,
    remembered_address,
)
from kabinet.accounts.services import CodeRefused, ConsentMissing, SignUpClosed
from kabinet.accounts.views.answers import answer
from kabinet.infra import clock
from kabinet.infra.limits import LimitReached
from kabinet.infra.loads import Load, weighs_sent
from kabinet.providers.values import SignUp

FORMS: Final[Mapping[SignUp, type[SignUpForm]]] = {SignUp.EMAIL: SignUpForm, SignUp.LEGAL_ENTITY: EntitySignUpForm}


@weighs_sent(Load.SIGN_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@anonymous_only
def sign_up(request: AccountRequest) -> HttpResponse:
    if request.provider.policy.sign_up is SignUp.ACCOUNT:
        # Billing's data decide there: the page is of the room of contracts.
        return redirect("contracts:sign_up")
    form = _sign_up_form(request)
    if form.is_valid():
        try:
            _sign_up(request, form)
        except (ConsentMissing, SignUpClosed):
            # The texts were replaced between the form and its answer: the form shows the new ones.
            form = _sign_up_form(request)
        except LimitReached as reached:
            form.limit(reached.until, zone=request.provider.row.zone)
        else:
            response = redirect("accounts:confirm_email")
            remember_address(response, form.cleaned_data["email"])
            return response
    return answer(request, "accounts/sign_up.html", form, is_open=form.is_open)


def _sign_up_form(request: AccountRequest) -> SignUpForm:
    policy = request.provider.policy
    if policy.sign_up not in FORMS:
        raise Http404
    agreements = selectors.current_agreements(request.provider.row.pk)
    return FORMS[policy.sign_up](request.POST or None, agreements=agreements, min_length=policy.password_min_length)


def _sign_up(request: AccountRequest, form: SignUpForm) -> None:
    services.sign_up(
        form.value(),
        provider=request.provider.row,
        place=place_of(request),
        language=get_language() or "",
        allowed=request.provider.policy.limits,
        by=request.actor,
        at=clock.technical_now(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_email(request: AccountRequest) -> HttpResponse:
    if request.user is not None and request.user.email_confirmed_at:
        return redirect("home:start")
    form = ConfirmEmailForm(request.POST or None, known=_own_address(request))
    if form.is_valid():
        try:
            return _confirmed(request, form)
        except CodeRefused:
            form.refuse()
        except LimitReached as reached:
            form.limit(reached.until, zone=request.provider.row.zone)
    return answer(request, "accounts/confirm_email.html", form)


def _confirmed(request: AccountRequest, form: ConfirmEmailForm) -> HttpResponse:
    """Confirm, and let in the browser that has just signed up with this address: it typed the password a moment ago."""
    facts: dict[str, Any] = {
        "provider": request.provider.row,
        "place": place_of(request),
        "allowed": request.provider.policy.limits,
        "by": request.actor,
        "at": clock.technical_now(),
    }
    if request.user is None and form.known:
        started = services.confirm_and_sign_in(
            form.address, form.cleaned_data["code"], replaces=request.session_key, **facts
        )
        messages.success(request, _("Адрес электронной почты подтверждён."))
        return enter(request, started)
    services.confirm_email(form.address, form.cleaned_data["code"], **facts)
    messages.success(request, _("Адрес электронной почты подтверждён."))
    return redirect("home:start" if request.user else "accounts:sign_in")


@require_POST
def send_code_again(request: AccountRequest) -> HttpResponse:
    """Send a new code to the address that this browser or its person has."""
    try:
        _send_code(request, _own_address(request))
    except LimitReached as reached:
        moment = f"{reached.until.astimezone(request.provider.row.zone):%H:%M:%S}"
        messages.warning(request, _("Новый код можно запросить после %(time)s.") % {"time": moment})
    else:
        messages.success(request, _("Новый код отправлен. Прежний больше не действует."))
    return redirect("accounts:confirm_email")


def _send_code(request: AccountRequest, email: str) -> None:
    if not email:
        raise Http404
    services.send_code_again(
        email,
        provider=request.provider.row,
        place=place_of(request),
        allowed=request.provider.policy.limits,
    )


def _own_address(request: AccountRequest) -> str:
    """Return the address of the person, or the one that this browser signed up with."""
    return (request.user.email or "") if request.user else remembered_address(request)
