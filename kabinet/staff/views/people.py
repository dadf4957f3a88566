"""The card of a person, and the help back in (REG-06)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kabinet.accounts import selectors as accounts
from kabinet.accounts.models import Enrollment
from kabinet.accounts.services.office_recovery import Recovery, RecoveryRefused, recover_account
from kabinet.accounts.values import StaffAction
from kabinet.infra import clock, ids
from kabinet.infra.limits import LimitReached
from kabinet.staff.forms.cards import BecauseForm, RecoveryForm
from kabinet.staff.http import OfficeRequest, duty
from kabinet.staff.models import CardVisit
from kabinet.staff.selectors import cards
from kabinet.staff.services.cards import open_person
from kabinet.staff.values import CardKind
from kabinet.staff.views.answering import answer
from kabinet.staff.views.contracts import asked_for, audit_query, reasoned


@require_http_methods(["GET", "HEAD", "POST"])
@duty(StaffAction.OPEN_CARDS)
def person(request: OfficeRequest, user_id: UUID) -> HttpResponse:
    """Show the card to who has said why; ask for the reason otherwise."""
    enrollment = _enrollment(request, user_id)
    if request.method == "POST":
        return _open(request, enrollment)
    visit = _visit(request, user_id)
    if visit is None:
        return _ask_why(request, enrollment, BecauseForm(initial=asked_for(request)))
    facts = {
        "card": cards.person_card(enrollment, at=clock.now(), technical_at=clock.technical_now()),
        "visit": visit,
        "audit_query": audit_query(request, person=user_id),
    }
    return render(request, "staff/person.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@duty(StaffAction.RECOVER_ACCOUNTS)
def recovery(request: OfficeRequest, user_id: UUID) -> HttpResponse:
    """Set the address and start the usual recovery; a password is neither seen nor set."""
    enrollment = _enrollment(request, user_id)
    visit = _visit(request, user_id)
    if visit is None:
        return redirect("staff:person", user_id)
    form = RecoveryForm(request.POST or None, initial={"key": str(ids.new())})
    if form.is_valid():
        try:
            _recover(reasoned(request, visit.reason), enrollment, form)
        except RecoveryRefused as refusal:
            form.add_problem(refusal.problem)
        except LimitReached as reached:
            form.limit(reached.until, zone=request.provider.row.zone)
        else:
            messages.success(request, _("Код для нового пароля отправлен письмом. Все сессии человека завершены."))
            return redirect("staff:person", user_id)
    return answer(request, "staff/recovery.html", form, helped=enrollment.user)


def _enrollment(request: OfficeRequest, user_id: UUID) -> Enrollment:
    enrollment = accounts.person_of(request.provider.row.pk, user_id)
    if enrollment is None:
        raise Http404
    return enrollment


def _visit(request: OfficeRequest, user_id: UUID) -> CardVisit | None:
    return cards.visit_of(request.office, CardKind.PERSON, user_id, at=clock.technical_now())


def _open(request: OfficeRequest, enrollment: Enrollment) -> HttpResponse:
    form = BecauseForm(request.POST)
    if not form.is_valid():
        return _ask_why(request, enrollment, form)
    open_person(enrollment, form.because(), session=request.office, by=request.actor, at=clock.technical_now())
    return redirect("staff:person", enrollment.user_id)


def _ask_why(request: OfficeRequest, enrollment: Enrollment, form: BecauseForm) -> HttpResponse:
    return answer(request, "staff/because.html", form, heading=enrollment.user.display_name)


def _recover(request: OfficeRequest, enrollment: Enrollment, form: RecoveryForm) -> None:
    recover_account(
        Recovery(enrollment.user_id, form.cleaned_data["email"]),
        provider=request.provider.row,
        key=form.cleaned_data["key"],
        by=request.actor,
        at=clock.technical_now(),
    )
