"""«Передать показания счетчика» without signing in: account and meter, the form, its check, the thanks (READ-18).

The form and the check screen are those of the cabinet, without name, address and phone; nothing is stored before
«Отправить».
"""

from dataclasses import replace
from datetime import date
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.accounts.http import AccountRequest
from kabinet.accounts.views.answers import answer
from kabinet.contracts.services.linking import NothingFound
from kabinet.infra import clock, ids, proofs
from kabinet.infra.idempotency import KeyReused
from kabinet.infra.limits import LimitReached
from kabinet.infra.loads import Load, weighs_sent
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section
from kabinet.readings.forms.household import is_email_wrong, typed_flat, typed_tab
from kabinet.readings.forms.public import PublicForm
from kabinet.readings.selectors.household import Flat, flat_of_nobody
from kabinet.readings.services import public as services
from kabinet.readings.services.checking import Checked, checked
from kabinet.readings.services.public import PURPOSE, SeveralMeters
from kabinet.readings.services.sending import NothingSent, Sending
from kabinet.readings.values import Fate, Outcome
from kabinet.readings.values.household import Beside, Explanation, Press, TypedFlat
from kabinet.readings.views.household_check import check_facts
from kabinet.readings.views.household_form import form_facts
from kabinet.readings.views.household_price import price_facts


@opened_by(Section.PUBLIC_READINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def public(request: AccountRequest) -> HttpResponse:
    """Ask for account and meter; whoever is signed in has the page of the cabinet."""
    if request.user is not None:
        return redirect("readings:household")
    form = PublicForm(request.POST or None, digits=request.provider.policy.account_digits)
    seal = request.POST.get("seal", "")
    if form.is_valid():
        try:
            if "ask_code" not in request.POST:
                return _found(request, form, seal)
            seal, form.needs_code = _send_code(request, form), True
        except SeveralMeters:
            return render(request, "readings/public_several.html")
        except LimitReached as reached:
            form.limit(reached.until, zone=request.provider.row.zone)
    return answer(request, "readings/public.html", form, **_proof(request, form, seal=seal))


def _found(request: AccountRequest, form: PublicForm, seal: str) -> HttpResponse:
    """Look for the account once somebody is known to be no robot; a proof is good for one look."""
    if not _is_human(request, form, seal):
        form.refuse_code() if seal else form.ask_for_proof()
        return answer(request, "readings/public.html", form, **_proof(request, form, seal=seal))
    account, meter = form.keys()
    try:
        token = services.find(
            account,
            meter,
            provider=request.provider,
            address=request.client_address,
            at=clock.technical_now(),
            today=_today(request),
        )
    except NothingFound:
        form.refuse()
        return answer(request, "readings/public.html", form, **_proof(request, form, seal=seal))
    return redirect("readings:public_meters", token)


def _is_human(request: AccountRequest, form: PublicForm, seal: str) -> bool:
    if seal:
        return proofs.is_code(seal, form.cleaned_data.get("code", ""), purpose=PURPOSE)
    return proofs.is_worked(request.POST.get("challenge", ""), request.POST.get("proof", ""), purpose=PURPOSE)


def _send_code(request: AccountRequest, form: PublicForm) -> str:
    seal = services.send_code(
        form.cleaned_data["email"],
        provider=request.provider.row,
        address=request.client_address,
        language=get_language() or "ru",
        allowed=request.provider.policy.limits,
    )
    messages.success(request, _("Код отправлен. Введите его и нажмите «Продолжить»."))
    return seal


def _proof(request: AccountRequest, form: PublicForm, *, seal: str) -> dict[str, Any]:
    """Return a fresh piece of work for the page, or the seal of the code that it waits for."""
    bits = request.provider.policy.public_proof_bits
    challenge = proofs.new_challenge(PURPOSE, bits=bits)
    return {"challenge": challenge, "bits": bits, "seal": seal, "needs_code": form.needs_code or bool(seal)}


@weighs_sent(Load.SENDING)
@opened_by(Section.PUBLIC_READINGS)
@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def public_meters(request: AccountRequest, token: str) -> HttpResponse:
    """Show the meters of the account that the pass opens, or what the pressed button asks for."""
    flat = _flat(request, token)
    if flat is None:
        return _late(request)
    if request.method != "POST":
        return _form(request, token, flat, typed_tab(request.GET))
    typed = typed_flat(request.POST)
    return _answer(request, token, flat, typed, checked(flat, typed))


def _answer(request: AccountRequest, token: str, flat: Flat, typed: TypedFlat, seen: Checked) -> HttpResponse:
    """Do what the pressed button asks for; the second click on «Отправить» is the first one again."""
    if typed.press is Press.SHOW:
        return _form(request, token, flat, typed)
    if typed.press is Press.SEND and seen.is_held_already:
        return redirect("readings:public_sent")
    if flat.sheet.closed or not seen.is_ready:
        return _form(request, token, flat, typed, is_judged=True)
    if typed.press is Press.CHECK or is_email_wrong(typed.email):
        return _check(request, token, flat, typed, seen)
    return _send(request, token, flat, typed, seen)


@opened_by(Section.PUBLIC_READINGS)
@require_safe
def public_sent(request: AccountRequest) -> HttpResponse:
    """Thank; what was sent is seen in the cabinet alone."""
    return render(request, "readings/public_sent.html")


def _flat(request: AccountRequest, token: str) -> Flat | None:
    today, provider = _today(request), request.provider
    contract = services.account_of(token, provider_id=provider.row.pk, at=clock.technical_now(), today=today)
    if contract is None:
        return None
    return flat_of_nobody(contract, provider, today=today)


def _send(request: AccountRequest, token: str, flat: Flat, typed: TypedFlat, seen: Checked) -> HttpResponse:
    explanations = {row: Explanation(text) for row, text in typed.comments.items()}
    beside = Beside(seen.claims, explanations, typed.email or "", get_language() or "ru")
    act = Sending(request.provider, typed.key or str(ids.new()), request.actor, clock.now(), _today(request))
    try:
        services.submit(flat.contract, seen.entries(typed), sending=act, beside=beside, address=request.client_address)
    except NothingSent as nothing:
        if not nothing.outcomes or any(outcome.fate is not Fate.UNCHANGED for outcome in nothing.outcomes):
            return _check(request, token, flat, typed, seen, outcomes=nothing.outcomes)
    except KeyReused:
        return _check(request, token, flat, replace(typed, key=""), seen, is_conflict=True)
    return redirect("readings:public_sent")


def _form(
    request: AccountRequest, token: str, flat: Flat, typed: TypedFlat, *, is_judged: bool = False
) -> HttpResponse:
    seen = checked(flat, typed)
    facts = form_facts(
        flat,
        typed,
        seen,
        provider=request.provider,
        accounts=(),
        today=_today(request),
        is_judged=is_judged,
    )
    return render(request, "readings/public_meters.html", facts | {"token": token})


def _check(
    request: AccountRequest,
    token: str,
    flat: Flat,
    typed: TypedFlat,
    seen: Checked,
    *,
    outcomes: list[Outcome] | None = None,
    is_conflict: bool = False,
) -> HttpResponse:
    is_pressed = typed.press is Press.SEND
    facts = check_facts(flat, typed, seen, outcomes=outcomes or (), is_pressed=is_pressed)
    facts |= price_facts(flat, seen)
    facts |= {
        "token": token,
        "is_public": True,
        "is_conflict": is_conflict,
        "is_email_wrong": is_pressed and is_email_wrong(typed.email),
    }
    status = HTTPStatus.CONFLICT if is_conflict else HTTPStatus.OK
    return render(request, "readings/public_check.html", facts, status=status)


def _late(request: AccountRequest) -> HttpResponse:
    """Say the same of a pass that is late, foreign or never was."""
    return render(request, "readings/public_late.html", status=HTTPStatus.NOT_FOUND)


def _today(request: AccountRequest) -> date:
    return clock.today(request.provider.row.zone)
