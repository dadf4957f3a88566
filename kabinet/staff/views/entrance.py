"""The office's entrance: password, second factor, out."""

import io

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kabinet.accounts.forms import SignInForm
from kabinet.accounts.rules import factors
from kabinet.accounts.services import SignInRefused, office_entrance
from kabinet.accounts.services.office_entrance import FactorRefused, FactorSetAlready, OfficeStarted
from kabinet.infra import clock
from kabinet.infra.limits import LimitReached
from kabinet.infra.loads import Load, weighs_sent
from kabinet.staff.forms.entrance import FactorForm
from kabinet.staff.http import (
    EntranceRequest,
    OfficeRequest,
    enter,
    for_anybody,
    for_half_way,
    leave,
    place_of,
    with_first_password,
)
from kabinet.staff.views.answering import answer


@weighs_sent(Load.SIGN_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@for_anybody
def sign_in(request: EntranceRequest) -> HttpResponse:
    """Take the password; who is in already is led to the desk."""
    if request.office and request.office.is_open:
        return redirect("staff:desk")
    form = SignInForm(request.POST or None)
    if form.is_valid():
        try:
            started = _start(request, form)
        except SignInRefused:
            form.refuse()
        except LimitReached as reached:
            form.limit(reached.until, zone=request.provider.row.zone)
        else:
            return enter(request, started, to="staff:factor")
    return answer(request, "staff/sign_in.html", form)


def _start(request: EntranceRequest, form: SignInForm) -> OfficeStarted:
    return office_entrance.sign_in(
        form.value(),
        provider=request.provider.row,
        place=place_of(request),
        replaces=request.office_key,
        allowed=request.provider.policy.limits,
        at=clock.technical_now(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_half_way
def factor(request: OfficeRequest) -> HttpResponse:
    """Ask for the telephone's code; who has set up no telephone yet does that first."""
    if request.office.specialist.factor.confirmed_at is None:
        return redirect("staff:set_factor")
    form = FactorForm(request.POST or None, takes_spare=True)
    if form.is_valid():
        try:
            started = office_entrance.pass_factor(
                request.office, form.cleaned_data["code"], place=place_of(request), at=clock.technical_now()
            )
        except FactorRefused:
            form.refuse()
        except LimitReached as reached:
            form.limit(reached.until, zone=request.provider.row.zone)
        else:
            return enter(request, started, to="staff:desk")
    return answer(request, "staff/factor.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_half_way
def set_factor(request: OfficeRequest) -> HttpResponse:
    """Show the secret to the telephone; its first code proves that it has it. Spare codes are shown once, here."""
    form = FactorForm(request.POST or None, takes_spare=False)
    if form.is_valid():
        try:
            started = office_entrance.set_factor(
                request.office, form.cleaned_data["code"], place=place_of(request), at=clock.technical_now()
            )
        except FactorSetAlready:
            return redirect("staff:factor")
        except FactorRefused:
            form.refuse()
        except LimitReached as reached:
            form.limit(reached.until, zone=request.provider.row.zone)
        else:
            request.office_token = started.token
            return render(request, "staff/spare_codes_made.html", {"codes": started.spare_codes})
    if request.office.specialist.factor.confirmed_at is not None:
        return redirect("staff:factor")
    secret = request.office.specialist.factor.secret
    groups = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return answer(request, "staff/set_factor.html", form, secret=groups, qr=_qr(request, secret))


@require_POST
@for_anybody
@with_first_password
def sign_out(request: OfficeRequest) -> HttpResponse:
    """End the session; a browser that has none is simply shown the way in."""
    if request.office is not None:
        by = office_entrance.actor_of(request.office.specialist)
        office_entrance.sign_out(request.office, by=by)
        messages.success(request, _("Вы вышли из кабинета специалиста."))
    leave(request)
    return redirect("staff:sign_in")


def _qr(request: OfficeRequest, secret: str) -> SafeString:
    """Draw the QR code into the page: as a file of its own it would stand in a cache."""
    specialist = request.office.specialist
    text = factors.address_of(secret, email=specialist.user.email or "", issuer=request.provider.row.short_name)
    drawn = io.BytesIO()
    # Without sizes of its own the drawing has a view box, and grows and shrinks with the page.
    code = segno.make(text, error="m", micro=False)
    code.save(
        drawn, kind="svg", border=3, xmldecl=False, svgclass="qr__code", lineclass=None, light="#fff", omitsize=True
    )
    return mark_safe(drawn.getvalue().decode())  # noqa: S308 - paths that segno has drawn, no text of anybody
