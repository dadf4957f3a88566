"""«Передать показания счетчика»: the form, its check screen, and the thanks (READ-07, READ-08).

Nothing is stored before «Отправить»: each press carries everything that was typed, and the answer to it is the page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.accounts.http import signed_in, typed_before
from kabinet.contracts.http import Request, contract_for, for_role
from kabinet.contracts.models import Contract
from kabinet.contracts.services.access import EmailUnconfirmed, NotAllowed, NotSeen
from kabinet.contracts.values import Action
from kabinet.infra import clock, ids
from kabinet.infra.idempotency import KeyReused
from kabinet.infra.loads import Load, weighs_sent
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section
from kabinet.readings.forms.household import is_email_wrong, typed_flat, typed_tab
from kabinet.readings.selectors.household import Flat, accounts_of, flat_of
from kabinet.readings.services import household as services
from kabinet.readings.services import photos
from kabinet.readings.services.checking import Checked, checked
from kabinet.readings.services.sending import NothingSent, Sending
from kabinet.readings.values import Fate, Outcome
from kabinet.readings.values.household import Beside, Explanation, Photo, PhotoProblem, Press, TypedFlat
from kabinet.readings.views.household_check import check_facts
from kabinet.readings.views.household_form import form_facts
from kabinet.readings.views.household_price import price_facts
from kabinet.readings.views.household_sent import sent_facts


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the check screen is shown again instead of the thanks."""

    outcomes: tuple[Outcome, ...] = ()
    photos: Mapping[UUID, PhotoProblem] = field(default_factory=dict)
    is_email_wrong: bool = False
    is_conflict: bool = False

    @property
    def status(self) -> HTTPStatus:
        return HTTPStatus.CONFLICT if self.is_conflict else HTTPStatus.OK


@opened_by(Section.HOUSEHOLD_READINGS)
@signed_in
@require_safe
@for_role(Action.SEND_READINGS)
def household(request: Request) -> HttpResponse:
    """Show the first account; who has none is told how to add one."""
    today = _today(request)
    contract = accounts_of(request.viewer, today=today).first()
    if contract is None:
        return render(request, "readings/household_nothing.html")
    flat = _flat_or_404(request, contract, today=today)
    return _form(request, flat, typed_tab(request.GET))


@weighs_sent(Load.SENDING)
@opened_by(Section.HOUSEHOLD_READINGS)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def household_of(request: Request, contract_id: UUID) -> HttpResponse:
    """Show an account's form, or what the pressed button asks for."""
    contract = contract_for(request, contract_id, action=Action.SEND_READINGS)
    flat = _flat_or_404(request, contract, today=_today(request))
    if request.method != "POST":
        before = typed_before(request)
        return _form(request, flat, typed_flat(before) if before else typed_tab(request.GET))
    typed = typed_flat(request.POST)
    if typed.press is Press.SHOW:
        return _form(request, flat, typed)
    seen = checked(flat, typed)
    if typed.press is Press.SEND and seen.is_held_already:  # the second press of a double click
        return redirect("readings:household_sent", flat.contract.pk)
    if flat.sheet.closed or not seen.is_ready:
        return _form(request, flat, typed, is_judged=True)
    return _check(request, flat, typed, seen) if typed.press is Press.CHECK else _send(request, flat, typed, seen)


@opened_by(Section.HOUSEHOLD_READINGS)
@signed_in
@require_POST
def household_price(request: Request, contract_id: UUID) -> HttpResponse:
    """Say what stands in the fields costs, as a piece of the page; nothing is kept."""
    contract = contract_for(request, contract_id, action=Action.SEND_READINGS)
    flat = _flat_or_404(request, contract, today=_today(request))
    return render(request, "readings/_flat_price.html", price_facts(flat, checked(flat, typed_flat(request.POST))))


@opened_by(Section.HOUSEHOLD_READINGS)
@signed_in
@require_safe
def household_sent(request: Request, contract_id: UUID) -> HttpResponse:
    """Thank, and show what holds of the month."""
    contract = contract_for(request, contract_id, action=Action.SEND_READINGS)
    flat = _flat_or_404(request, contract, today=_today(request))
    return render(request, "readings/household_sent.html", sent_facts(flat, policy=request.provider.policy))


def _flat_or_404(request: Request, contract: Contract, *, today: date) -> Flat:
    """Return what the account's page shows; one that has gone since the door is as one that never was."""
    try:
        return flat_of(request.viewer, request.provider, contract, today=today)
    except LookupError:
        raise Http404 from None


def _send(request: Request, flat: Flat, typed: TypedFlat, seen: Checked) -> HttpResponse:
    pictures, problems = _photos(request, seen)
    trouble = Trouble(photos=problems, is_email_wrong=is_email_wrong(typed.email))
    if problems or trouble.is_email_wrong:
        return _check(request, flat, typed, seen, trouble)
    explanations = {
        row: Explanation(typed.comments.get(row, ""), pictures.get(row)) for row in {*typed.comments, *pictures}
    }
    beside = Beside(seen.claims, explanations, typed.email or "", request.LANGUAGE_CODE)
    try:
        refusal = _refusal(request, flat, typed, seen, beside)
    except (NotSeen, NotAllowed):  # a colleague took the account away while this very request was on its way
        contract_for(request, flat.contract.pk, action=Action.SEND_READINGS)
        return redirect("readings:household")
    except EmailUnconfirmed:
        messages.error(request, _("Ошибка. Подтвердите адрес электронной почты: до этого ничего не передано."))
        return _form(request, flat, typed, status=HTTPStatus.FORBIDDEN)
    return refusal or redirect("readings:household_sent", flat.contract.pk)


def _refusal(request: Request, flat: Flat, typed: TypedFlat, seen: Checked, beside: Beside) -> HttpResponse | None:
    """Send; None means that it holds. What was refused is said on the check screen, and nothing of it was stored."""
    act = Sending(request.provider, typed.key or str(ids.new()), request.actor, clock.now(), _today(request))
    try:
        services.submit(flat.contract, seen.entries(typed), sending=act, beside=beside)
    except NothingSent as nothing:
        if nothing.outcomes and all(outcome.fate is Fate.UNCHANGED for outcome in nothing.outcomes):
            return None
        return _check(request, flat, typed, seen, Trouble(tuple(nothing.outcomes)))
    except KeyReused:
        return _check(request, flat, replace(typed, key=""), seen, Trouble(is_conflict=True))
    return None


def _photos(request: Request, seen: Checked) -> tuple[dict[UUID, Photo], dict[UUID, PhotoProblem]]:
    """Make the given photos anew; a photo beside a reading that nobody doubts is not looked at."""
    taken: dict[UUID, Photo] = {}
    problems: dict[UUID, PhotoProblem] = {}
    for row in (one.line.row_id for meter in seen.going for one in meter.fields if one.line and one.is_doubtful):
        given = request.FILES.get(f"photo-{row}")
        if given is None or given.size is None:
            continue
        try:
            taken[row] = photos.taken(given, size=given.size)  # type: ignore[arg-type]  # an upload reads like a file
        except photos.PhotoRefused as refused:
            problems[row] = refused.problem
    return taken, problems


def _form(
    request: Request,
    flat: Flat,
    typed: TypedFlat,
    *,
    is_judged: bool = False,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    today = _today(request)
    accounts = list(accounts_of(request.viewer, today=today))
    facts = form_facts(
        flat,
        typed,
        checked(flat, typed),
        provider=request.provider,
        accounts=accounts,
        today=today,
        is_judged=is_judged,
    )
    return render(request, "readings/household.html", facts, status=status)


def _check(
    request: Request, flat: Flat, typed: TypedFlat, seen: Checked, trouble: Trouble | None = None
) -> HttpResponse:
    trouble = trouble or Trouble()
    facts = check_facts(
        flat,
        replace(typed, email=_email(request) if typed.email is None else typed.email),
        seen,
        outcomes=trouble.outcomes,
        photo_problems=trouble.photos,
        is_pressed=typed.press is Press.SEND,
    )
    facts |= price_facts(flat, seen)
    facts |= {"phone": request.user.phone, "is_email_wrong": trouble.is_email_wrong, "is_conflict": trouble.is_conflict}
    return render(request, "readings/household_check.html", facts, status=trouble.status)


def _email(request: Request) -> str:
    """Offer the person's own confirmed address, unless letters are not wanted (NOTE-04)."""
    enrollment = request.session.enrollment
    is_wanted = bool(enrollment and enrollment.wants_letters and request.user.email_confirmed_at)
    return request.user.email or "" if is_wanted else ""


def _today(request: Request) -> date:
    return clock.today(request.provider.row.zone)
