"""A forgotten password and a changed one (REG-06, REG-07)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kabinet.accounts import services
from kabinet.accounts.forms import AddressForm, ChangePasswordForm, OwnPasswordForm, RecoverForm
from kabinet.accounts.http import (
    AccountRequest,
    SignedInRequest,
    next_page,
    place_of,
    remember_address,
    remembered_address,
    signed_in,
)
from kabinet.accounts.services import CodeRefused, OldPasswordWrong
from kabinet.accounts.views.answers import answer
from kabinet.infra import clock
from kabinet.infra.limits import LimitReached
from kabinet.infra.loads import Load, weighs_sent
from kabinet.providers.values import Recovery


@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: AccountRequest) -> HttpResponse:
    if request.provider.policy.recovery is Recovery.ACCOUNT_LINK:
        return redirect("contracts:recover")
    form = AddressForm(request.POST or None)
    if form.is_valid():
        email = form.cleaned_data["email"]
        try:
            services.start_recovery(
                email,
                provider=request.provider.row,
                place=place_of(request),
                allowed=request.provider.policy.limits,
            )
        except LimitReached as reached:
            form.limit(reached.until, zone=request.provider.row.zone)
        else:
            response = redirect("accounts:recover_code")
            remember_address(response, email)
            return response
    return answer(request, "accounts/recover.html", form)


@weighs_sent(Load.SIGN_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def recover_code(request: AccountRequest) -> HttpResponse:
    email = remembered_address(request)
    min_length = request.provider.policy.password_min_length
    form = RecoverForm(request.POST or None, min_length=min_length, initial={"email": email})
    if form.is_valid():
        try:
            _finish(request, form)
        except CodeRefused:
            form.refuse()
        except LimitReached as reached:
            form.limit(reached.until, zone=request.provider.row.zone)
        else:
            messages.success(request, _("Пароль изменён. Войдите с новым паролем."))
            return redirect("accounts:sign_in")
    return answer(request, "accounts/recover_code.html", form, email=email)


def _finish(request: AccountRequest, form: RecoverForm) -> None:
    services.finish_recovery(
        form.value(),
        provider=request.provider.row,
        place=place_of(request),
        allowed=request.provider.policy.limits,
        by=request.actor,
        at=clock.technical_now(),
    )


@weighs_sent(Load.SIGN_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def password(request: SignedInRequest) -> HttpResponse:
    if request.user.awaits_first_password:
        return _choose_first(request)
    min_length = request.provider.policy.password_min_length
    form = ChangePasswordForm(request.POST or None, min_length=min_length, email=request.user.email or "")
    if form.is_valid():
        try:
            _change(request, form)
        except OldPasswordWrong:
            form.refuse()
        except LimitReached as reached:
            form.limit(reached.until, zone=request.provider.row.zone)
        else:
            messages.success(request, _("Пароль изменён. Остальные ваши сессии завершены."))
            return redirect("accounts:password")
    return answer(request, "accounts/password.html", form)


def _choose_first(request: SignedInRequest) -> HttpResponse:
    """Ask an invited person for a password; the one of the letter opened this session and is used up."""
    min_length = request.provider.policy.password_min_length
    form = OwnPasswordForm(request.POST or None, min_length=min_length, email=request.user.email or "")
    if not form.is_valid():
        return answer(request, "accounts/password.html", form)
    services.choose_password(
        form.cleaned_data["password"],
        session=request.session,
        provider=request.provider.row,
        by=request.actor,
        at=clock.technical_now(),
    )
    messages.success(request, _("Пароль сохранён. В следующий раз входите с ним."))
    return redirect(next_page(request) or "home:start")


def _change(request: SignedInRequest, form: ChangePasswordForm) -> None:
    services.change_password(
        form.cleaned_data["old"],
        form.cleaned_data["password"],
        session=request.session,
        provider=request.provider.row,
        by=request.actor,
        at=clock.technical_now(),
    )
