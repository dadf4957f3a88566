"""«Подать заявку/написать заявление» of a household (REQ-02, REQ-03)."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kabinet.accounts.http import signed_in
from kabinet.contracts.http import Request
from kabinet.infra import clock, ids
from kabinet.infra.limits import LimitReached
from kabinet.infra.loads import Load, weighs_sent
from kabinet.kernel.formats import format_day
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section
from kabinet.tickets import selectors
from kabinet.tickets.forms import TRAP
from kabinet.tickets.forms.orders import OrderForm
from kabinet.tickets.models import OrderDraft
from kabinet.tickets.services import FilesRefused, orders
from kabinet.tickets.services.orders import InfectedScan, NothingToOrder
from kabinet.tickets.values import Ordered, Scan
from kabinet.tickets.views.feedback import form_of, known_of, taken

ON_A_PAGE = 20
_KEPT = ("name", "email", "phone")


@opened_by(Section.REQUESTS)
@signed_in
@require_safe
def requests(request: Request) -> HttpResponse:
    """Lead to the forms; below, what was ordered and written before, with how far it is."""
    page = Paginator(selectors.tickets_of(request.viewer), ON_A_PAGE).get_page(request.GET.get("page"))
    facts = {"page": page, "resources": selectors.resources_offered(request.provider.row.pk)}
    return render(request, "tickets/requests.html", facts)


@opened_by(Section.REQUESTS)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def order(request: Request, resource: str) -> HttpResponse:
    """Ask what is to be done and with which meter; what is filled in is kept for the check screen."""
    draft = selectors.order_draft_of(request.viewer)
    if draft is not None and draft.meter.resource != resource:
        draft = None
    form = _form(request, resource, draft)
    if form.is_bound and form.is_valid():
        try:
            orders.keep_draft(
                form.value(), form.scans(), provider=request.provider.row, by=request.actor, at=clock.now()
            )
        except FilesRefused as refused:
            form.refuse_file(refused.name)
        else:
            return redirect("tickets:order_check")
    facts = {
        "form": form,
        "resource": resource,
        "resources": selectors.resources_offered(request.provider.row.pk),
        "draft": draft,
    }
    return render(request, "tickets/order.html", facts, status=form.status)


@opened_by(Section.REQUESTS)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def order_check(request: Request) -> HttpResponse:
    """Show everything once more; «Отправить» sends it, once however often it is pressed."""
    if request.method == "POST":
        return _send(request)
    draft = selectors.order_draft_of(request.viewer)
    if draft is None:
        return redirect("tickets:requests")
    return render(request, "tickets/order_check.html", {"draft": draft, "key": str(ids.new())})


@weighs_sent(Load.FILE)
@opened_by(Section.REQUESTS)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def statement(request: Request) -> HttpResponse:
    """«Написать заявление» (REQ-03)."""
    form = form_of(request, at=clock.technical_now())
    accepted = taken(request, form)
    if accepted is not None:
        messages.success(request, _("Заявление принято. Его номер: %(number)s.") % {"number": accepted.number})
        return redirect("tickets:requests")
    facts = {"form": form, "trap": TRAP, "topics": selectors.topics_of(request.provider.row.pk)}
    return render(request, "tickets/statement.html", facts, status=form.status)


def _form(request: Request, resource: str, draft: OrderDraft | None) -> OrderForm:
    provider_id, is_posted = request.provider.row.pk, request.method == "POST"
    services = list(selectors.services_of(provider_id, resource))
    if not services:
        raise Http404
    return OrderForm(
        request.POST if is_posted else None,
        request.FILES if is_posted else None,
        services=services,
        meters=selectors.meters_for_order(request.viewer, resource, today=clock.today(request.provider.row.zone)),
        kept=[scan for scan in Scan if draft is not None and getattr(draft, f"{scan}_id")],
        initial=_initial(draft) if draft else known_of(request.user),
    )


def _initial(draft: OrderDraft) -> dict[str, Any]:
    contact = {name: getattr(draft, f"contact_{name}") for name in _KEPT}
    return {"service": str(draft.service_id), "meter": str(draft.meter_id), **contact}


def _send(request: Request) -> HttpResponse:
    try:
        ordered = orders.order(
            provider=request.provider.row,
            calendar=request.provider.calendar,
            key=request.POST.get("key", "")[:80] or str(ids.new()),
            language=get_language() or "ru",
            by=request.actor,
            at=clock.now(),
            today=clock.today(request.provider.row.zone),
        )
    except NothingToOrder:
        messages.info(request, _("Эта заявка уже отправлена или лежала слишком долго. Отправленные стоят ниже."))
    except InfectedScan as infected:
        messages.error(
            request,
            _("Заявка не отправлена: в приложенном файле найден вирус, файл удалён. Приложите другой или уберите его."),
        )
        return redirect("tickets:order", infected.resource)
    except LimitReached as reached:
        return _limited(request, reached)
    else:
        messages.success(request, _accepted(ordered))
    return redirect("tickets:requests")


def _accepted(ordered: Ordered) -> str:
    accepted = _(
        "Ваша заявка принята. В случае если заказанная услуга является платной, стоимость оказанной услуги будет "
        "включена в счет-извещение на оплату жилищно-коммунальных услуг."
    )
    promised = _("Номер заявки: %(number)s. Ориентировочный срок: до %(day)s.") % {
        "number": ordered.number,
        "day": format_day(ordered.promised_on, get_language() or "ru"),
    }
    return f"{accepted} {promised}"


def _limited(request: Request, reached: LimitReached) -> HttpResponse:
    messages.error(request, _("Заявок за день слишком много. Эта сохранена: отправьте её завтра."))
    facts = {"draft": selectors.order_draft_of(request.viewer), "key": str(ids.new())}
    answer = render(request, "tickets/order_check.html", facts, status=HTTPStatus.TOO_MANY_REQUESTS)
    answer["Retry-After"] = str(max(1, int((reached.until - clock.technical_now()).total_seconds())))
    return answer
