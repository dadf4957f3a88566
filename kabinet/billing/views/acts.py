"""«Акты сверки» (DOC-03)."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kabinet.accounts.http import signed_in, typed_before
from kabinet.billing import selectors
from kabinet.billing.forms import DELIVERY_WORDS, ActForm
from kabinet.billing.models import ReconciliationAct
from kabinet.billing.services import acts as services
from kabinet.billing.services.acts import AskRefused, NotPrepared
from kabinet.billing.values import ActState, Delivery
from kabinet.contracts.http import Request, for_role
from kabinet.contracts.values import Action
from kabinet.infra import clock, ids, storage
from kabinet.infra.idempotency import KeyReused
from kabinet.infra.loads import Load, weighs
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section

LONGEST_KEY: Final = 80
ON_A_PAGE: Final = 20


@opened_by(Section.RECONCILIATION_ACTS)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Action.ASK_FOR_RECONCILIATION)
def acts(request: Request) -> HttpResponse:
    """Show the form and the requests; a post asks for an act."""
    data = request.POST if request.method == "POST" else typed_before(request)
    form = ActForm(data, contracts=selectors.contracts_for_acts(request.viewer))
    if request.method == "POST" and form.is_valid():
        try:
            _ask(request, form)
        except AskRefused as refusal:
            form.add_problem(refusal.problem)
        except KeyReused:
            form.add_error(
                None, _("С этой страницы акт уже запрошен. Чтобы запросить ещё один, отправьте форму снова.")
            )
            return _page(request, form, status=HTTPStatus.CONFLICT)
        else:
            messages.success(request, _("Запрос отправлен. Когда акт будет готов, он появится в списке ниже."))
            return redirect("billing:acts")
    return _page(request, form)


def _ask(request: Request, form: ActForm) -> None:
    services.ask(
        form.cleaned_data["contract"],
        form.value(),
        key=request.POST.get("key", "")[:LONGEST_KEY] or str(ids.new()),
        by=request.actor,
        at=clock.now(),
        today=clock.today(request.provider.row.zone),
    )


def _page(request: Request, form: ActForm, *, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    page = Paginator(selectors.acts_of(request.viewer), ON_A_PAGE).get_page(request.GET.get("page"))
    facts = {
        "form": form,
        "key": str(ids.new()),
        "page": page,
        "rows": [(act, DELIVERY_WORDS[Delivery(act.delivery)]) for act in page],
        "has_contracts": bool(request.viewer.memberships),
        "today": clock.today(request.provider.row.zone),
        "zone": request.provider.row.zone,
        "is_waiting": any(act.state == ActState.REQUESTED for act in page),
    }
    return render(request, "billing/acts.html", facts, status=status)


@weighs(Load.FILE)
@opened_by(Section.RECONCILIATION_ACTS)
@signed_in
@require_POST
def download(request: Request, act_id: UUID) -> HttpResponse:
    """Give the act's file; it counts as received from now on, so a GET would not do (I33)."""
    act = get_object_or_404(selectors.acts_of(request.viewer), pk=act_id)
    try:
        received = services.receive(act, by=request.actor, at=clock.now())
    except NotPrepared:
        raise Http404 from None
    return _file_of(received)


def _file_of(act: ReconciliationAct) -> HttpResponse:
    assert act.file is not None  # noqa: S101 - for the type checker; the service looked
    stored = act.file.stored
    name = _("Акт сверки %(number)s.pdf") % {"number": act.number.replace("/", "-")}
    with storage.open_(stored) as stream:
        response = HttpResponse(stream.read(), content_type=stored.media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
