"""Another e-mail address, and the code that proves an address from the profile (PROF-01, PROF-02)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kabinet.accounts import services
from kabinet.accounts.forms import CodeForm, EmailForm
from kabinet.accounts.http import SignedInRequest, place_of, signed_in, typed_before
from kabinet.accounts.services import AddressTaken, CodeRefused, NothingToConfirm, SameAddress
from kabinet.accounts.views.answers import answer
from kabinet.accounts.views.profile import address_to_be, profile_page
from kabinet.infra import clock
from kabinet.infra.limits import LimitReached


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def email(request: SignedInRequest) -> HttpResponse:
    """Take the address to be; whether somebody has it already looks the same."""
    typed = typed_before(request)
    form = EmailForm(request.POST or None, initial=typed.dict() if typed else None)
    if form.is_valid():
        try:
            services.ask_to_change(form.cleaned_data["email"], **_facts(request))
        except SameAddress:
            form.refuse()
        except LimitReached as reached:
            form.limit(reached.until, zone=request.provider.row.zone)
        else:
            messages.success(request, _("Мы отправили код на новый адрес. Введите его ниже: до этого адрес прежний."))
            return redirect("accounts:profile")
    return answer(request, "accounts/email.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def prove_email(request: SignedInRequest) -> HttpResponse:
    """Take the code of the letter: for the address to be, else for the one that stands unconfirmed."""
    if request.method != "POST":
        return redirect("accounts:profile")
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            _prove(request, form.cleaned_data["code"])
        except CodeRefused:
            form.refuse()
        except AddressTaken:
            form.add_error("code", _("С этим адресом уже есть кабинет. Войдите в него или укажите другой адрес."))
        except LimitReached as reached:
            form.limit(reached.until, zone=request.provider.row.zone)
        else:
            messages.success(request, _("Адрес электронной почты подтверждён."))
            return redirect("accounts:profile")
    return profile_page(request, refused=form)


def _prove(request: SignedInRequest, code: str) -> None:
    facts = {**_facts(request), "place": place_of(request)}
    if address_to_be(request) or request.user.email is None:
        services.change_email(code, **facts)
    else:
        del facts["session"]
        services.confirm_email(request.user.email, code, **facts)


@require_POST
@signed_in
def send_proof_again(request: SignedInRequest) -> HttpResponse:
    """Send a new code to the address that waits for one, once a minute at most."""
    try:
        _send_again(request)
    except LimitReached as reached:
        moment = f"{reached.until.astimezone(request.provider.row.zone):%H:%M:%S}"
        messages.warning(request, _("Новый код можно запросить после %(time)s.") % {"time": moment})
    except NothingToConfirm:
        messages.info(request, _("Подтверждать нечего: код не отправлен."))
    else:
        messages.success(request, _("Новый код отправлен. Прежний больше не действует."))
    return redirect("accounts:profile")


def _send_again(request: SignedInRequest) -> None:
    if address_to_be(request):
        services.send_change_code_again(**_facts(request))
    elif request.user.email and not request.user.email_confirmed_at:
        services.send_code_again(
            request.user.email,
            provider=request.provider.row,
            place=place_of(request),
            allowed=request.provider.policy.limits,
        )
    else:
        raise NothingToConfirm


@require_POST
@signed_in
def give_up_email(request: SignedInRequest) -> HttpResponse:
    services.give_up_change(session=request.session, by=request.actor, at=clock.technical_now())
    messages.success(request, _("Адрес остался прежним."))
    return redirect("accounts:profile")


def _facts(request: SignedInRequest) -> dict[str, Any]:
    return {
        "session": request.session,
        "provider": request.provider.row,
        "allowed": request.provider.policy.limits,
        "by": request.actor,
        "at": clock.technical_now(),
    }
