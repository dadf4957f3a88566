"""«Профиль»: what the provider knows of a person, and how the person changes it (PROF-01, NOTE-04)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.accounts import selectors, services
from kabinet.accounts.forms import CodeForm, LettersForm, PhoneForm, ProfileForm
from kabinet.accounts.forms.fields import PageForm
from kabinet.accounts.forms.profile import initial_of, labelled
from kabinet.accounts.http import SignedInRequest, part_of, place_of, signed_in, typed_before
from kabinet.accounts.services import ChangedMeanwhile
from kabinet.accounts.values import AgreementKind, Category
from kabinet.accounts.views.answers import answer
from kabinet.infra import clock
from kabinet.kernel.phones import shown_phone


@require_safe
@signed_in
def profile(request: SignedInRequest) -> HttpResponse:
    return profile_page(request)


def profile_page(request: SignedInRequest, *, refused: PageForm | None = None) -> HttpResponse:
    """Show the tab «Профиль», with the form of it that was refused, if one was."""
    to_be = address_to_be(request)
    unproved = to_be or ("" if request.user.email_confirmed_at else request.user.email or "")
    facts: dict[str, Any] = {
        "personal": labelled(services.personal_data_of(part_of(request))),
        "phone": shown_phone(request.user.phone),
        "to_be": to_be,
        "unproved": unproved,
        "code": refused if isinstance(refused, CodeForm) else CodeForm(),
        "letters": refused if isinstance(refused, LettersForm) else _letters_form(request),
    }
    return answer(request, "accounts/profile.html", refused or facts["letters"], **facts)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit_profile(request: SignedInRequest) -> HttpResponse:
    form = profile_form(request)
    if form.is_valid():
        try:
            services.edit_profile(
                form.value(), shown=form.cleaned_data["shown"], session=request.session, by=request.actor
            )
        except ChangedMeanwhile as refusal:
            form.refuse(refusal.current)
        else:
            messages.success(request, _("Профиль сохранён."))
            return redirect("accounts:profile")
    return answer(request, "accounts/edit_profile.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def phone(request: SignedInRequest) -> HttpResponse:
    typed = typed_before(request)
    initial = typed.dict() if typed else {"phone": shown_phone(request.user.phone)}
    form = PhoneForm(request.POST or None, initial=initial)
    if form.is_valid():
        services.change_phone(form.cleaned_data["phone"], session=request.session, by=request.actor)
        messages.success(request, _("Телефон сохранён."))
        return redirect("accounts:profile")
    return answer(request, "accounts/phone.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def letters(request: SignedInRequest) -> HttpResponse:
    """Keep the switches; what was refused is shown under this address, so that it may be asked for again."""
    if request.method != "POST":
        return redirect("accounts:profile")
    form = _letters_form(request, data=request.POST)
    if not form.is_valid():
        return profile_page(request, refused=form)
    services.choose_letters(
        form.value(),
        session=request.session,
        place=place_of(request),
        by=request.actor,
        at=clock.technical_now(),
    )
    messages.success(request, _("Настройки уведомлений сохранены."))
    return redirect("accounts:profile")


def _letters_form(request: SignedInRequest, *, data: QueryDict | None = None) -> LettersForm:
    """Return the switches as posted, or as they stand; consent to a former text is not shown as one to the newest."""
    part = part_of(request)
    offered = selectors.advertising_offered(part.provider_id)
    given = selectors.advertising_consents(part).filter(agreement__in=offered.values()).exists()
    initial = {"wants_letters": part.wants_letters, AgreementKind.ADVERTISING: given}
    return LettersForm(data, agreements=offered, initial=initial)


def address_to_be(request: SignedInRequest) -> str:
    return selectors.address_to_be(request.user.pk, provider_id=request.provider.row.pk, at=clock.technical_now())


def profile_form(request: SignedInRequest) -> ProfileForm:
    """Return the form as posted, as typed before the session ended, or as things stand."""
    part, typed = part_of(request), typed_before(request)
    return ProfileForm(
        request.POST or None,
        needs_organisation=part.category == Category.LEGAL,
        in_full=request.provider.policy.introduces,
        initial=typed.dict() if typed else initial_of(services.personal_data_of(part)),
    )
