"""Signing in and out; where else one is signed in (REG-05, REG-08, PROF-03)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.accounts import selectors, services
from kabinet.accounts.forms import SignInForm, sign_in_form
from kabinet.accounts.http import AccountRequest, SignedInRequest, anonymous_only, enter, leave, place_of, signed_in
from kabinet.accounts.models import Session
from kabinet.accounts.services import FirstPasswordRefused, SignInRefused, Started
from kabinet.accounts.views.answers import answer
from kabinet.infra import clock
from kabinet.infra.limits import LimitReached
from kabinet.infra.loads import Load, weighs_sent


@weighs_sent(Load.SIGN_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@anonymous_only
def sign_in(request: AccountRequest) -> HttpResponse:
    form = sign_in_form(request.provider.policy, request.POST or None)
    if form.is_valid():
        try:
            started = _start(request, form)
        except FirstPasswordRefused as refusal:
            form.refuse_first_password(refusal.state)
        except SignInRefused:
            form.refuse()
        except LimitReached as reached:
            form.limit(reached.until, zone=request.provider.row.zone)
        else:
            return enter(request, started)
    return answer(request, "accounts/sign_in.html", form)


def _start(request: AccountRequest, form: SignInForm) -> Started:
    return services.sign_in(
        form.value(),
        provider=request.provider.row,
        place=place_of(request),
        replaces=request.session_key,
        allowed=request.provider.policy.limits,
        by=request.actor,
        at=clock.technical_now(),
    )


@require_POST
def sign_out(request: AccountRequest) -> HttpResponse:
    """End the session; a browser that has none is simply shown the way in."""
    if request.session is not None:
        services.sign_out(request.session, by=request.actor)
        messages.success(request, _("Вы вышли из кабинета."))
    leave(request)
    return redirect("home:front")


@require_safe
@signed_in
def sessions(request: SignedInRequest) -> HttpResponse:
    own = selectors.sessions_of(request.user, provider_id=request.provider.row.pk, at=clock.technical_now())
    return render(request, "accounts/sessions.html", {"sessions": own, "current": request.session.pk})


@require_POST
@signed_in
def end_session(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    try:
        ended = services.end_session(public_id, of=request.session, by=request.actor)
    except Session.DoesNotExist:
        raise Http404 from None
    if ended.pk == request.session.pk:
        leave(request)
        return redirect("home:front")
    messages.success(request, _("Сессия завершена."))
    return redirect("accounts:sessions")
