"""«Давайте познакомимся»: who signed up by an address alone says who he is before anything opens (REG-01)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kabinet.accounts import services
from kabinet.accounts.forms import PhoneForm
from kabinet.accounts.http import SignedInRequest, introduction_due, next_page, signed_in, with_next
from kabinet.accounts.services import ChangedMeanwhile
from kabinet.accounts.values import Introduction
from kabinet.accounts.views.answers import answer
from kabinet.accounts.views.profile import profile_form


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def introduce(request: SignedInRequest) -> HttpResponse:
    """Ask for names, work and address; who has given them is led on."""
    if introduction_due(request) is not Introduction.PERSON:
        return redirect(with_next("accounts:introduce_phone", next_page(request)))
    form = profile_form(request)
    if form.is_valid():
        try:
            services.edit_profile(
                form.value(), shown=form.cleaned_data["shown"], session=request.session, by=request.actor
            )
        except ChangedMeanwhile as refusal:
            form.refuse(refusal.current)
        else:
            return redirect(with_next("accounts:introduce_phone", next_page(request)))
    return answer(request, "accounts/introduce.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def introduce_phone(request: SignedInRequest) -> HttpResponse:
    """Ask for the phone, with a save of its own; then the cabinet opens."""
    wanted = next_page(request) or "home:start"
    if introduction_due(request) is not Introduction.PHONE:
        return redirect(wanted)
    form = PhoneForm(request.POST or None)
    if form.is_valid():
        services.change_phone(form.cleaned_data["phone"], session=request.session, by=request.actor)
        messages.success(request, _("Спасибо! Кабинет открыт."))
        return redirect(wanted)
    return answer(request, "accounts/introduce_phone.html", form)
