"""«Тарифы»: what holds, and loading it from a file: a trial with the fate of every row, then one button (STAFF-01)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.accounts.values import StaffAction
from kabinet.infra import clock, storage
from kabinet.infra.loads import Load, weighs, weighs_sent
from kabinet.infra.storage import WrongKind
from kabinet.staff.formats import price_list as table
from kabinet.staff.forms.tariffs import PriceFileForm
from kabinet.staff.http import OfficeRequest, duty
from kabinet.staff.rules.price_lists import cells_of
from kabinet.staff.selectors import audit
from kabinet.staff.selectors import tariffs as selectors
from kabinet.staff.services import price_lists as services
from kabinet.staff.services.price_lists import GivenFile, Unreadable
from kabinet.staff.views import price_words
from kabinet.staff.views.answering import page_of
from kabinet.tariffs.models import PriceList
from kabinet.tariffs.services.loading import AlreadyTaken, PlanMoved, plan_now
from kabinet.tariffs.values.files import WrongCell
from kabinet.tariffs.values.loading import PriceDecision, PriceFate

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LISTS_SHOWN = 10


@weighs_sent(Load.FILE)
@require_http_methods(["GET", "HEAD", "POST"])
@duty(StaffAction.SET_TARIFFS)
def tariffs(request: OfficeRequest) -> HttpResponse:
    """Show what holds today or begins later, and take a file for a trial."""
    is_posted = request.method == "POST"
    form = PriceFileForm(request.POST if is_posted else None, request.FILES if is_posted else None)
    wrong: Sequence[WrongCell] = ()
    if is_posted and form.is_valid():
        try:
            kept, wrong = _try(request, form)
        except WrongKind as kind:
            form.add_kind_problem(kind)
        except Unreadable as bad:
            form.add_error("file", price_words.file_problem(bad.problem, bad.facts))
        else:
            if kept:
                return redirect("staff:price_list", kept.pk)
            form.refuse(has_wrong=bool(wrong))
    return _page(request, form, wrong)


def _try(request: OfficeRequest, form: PriceFileForm) -> tuple[PriceList | None, Sequence[WrongCell]]:
    """Read the file; keep it when every row of it says something."""
    given = form.cleaned_data["file"]
    file = GivenFile(given.file, name=given.name or "", media_type=form.media_type())
    found = services.read(file)
    if found.wrong or not found.rows:
        return None, found.wrong
    provider = request.provider.row
    at, today = clock.now(), clock.today(provider.zone)
    return services.keep(file, found.rows, provider=provider, by=request.actor, at=at, today=today), ()


def _page(request: OfficeRequest, form: PriceFileForm, wrong: Sequence[WrongCell]) -> HttpResponse:
    provider = request.provider.row
    page = page_of(request, selectors.held_on(provider.pk, on=clock.today(provider.zone)))
    facts = {
        "form": form,
        "wrong": [{"cell": cell, "mend": price_words.cell(cell)} for cell in wrong],
        "page": page,
        "held": [_held(one) for one in page],
        "lists": selectors.lists_of(provider.pk)[:LISTS_SHOWN],
        "names": audit.names_of(provider.pk),
        "zone": provider.zone,
    }
    return render(request, "staff/tariffs.html", facts)


def _held(one: Any) -> dict[str, str]:
    return {
        "what": price_words.key(one.key),
        "value": price_words.value(one),
        "days": price_words.period(one.period),
    }


@weighs(Load.FILE)
@require_safe
@duty(StaffAction.SET_TARIFFS)
def tariffs_template(request: OfficeRequest) -> HttpResponse:
    """Give the table with what holds now: to be changed and loaded again."""
    provider = request.provider.row
    rows = [cells_of(one) for one in selectors.held_on(provider.pk, on=clock.today(provider.zone))]
    hint = _("Строка — одно значение. «Действует по» — последний день, включительно; пусто — без срока.")
    response = HttpResponse(table.write(rows, hint=hint), content_type=XLSX)
    name = _("Тарифы %(provider)s.xlsx") % {"provider": provider.short_name}
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


@require_safe
@duty(StaffAction.SET_TARIFFS)
def price_list(request: OfficeRequest, list_id: UUID) -> HttpResponse:
    """Show what a table would do, row by row; of one that was taken, only that it was."""
    row = _list(request, list_id)
    plan, mark = plan_now(row, today=clock.today(request.provider.row.zone))
    page = page_of(request, plan.decisions)
    facts = {
        "row": row,
        "plan": plan,
        "mark": mark,
        "page": page,
        "decisions": [_decision(one) for one in page],
        "counts": {fate.value: plan.count(fate) for fate in PriceFate},
        "zone": request.provider.row.zone,
    }
    return render(request, "staff/price_list.html", facts)


def _decision(one: PriceDecision) -> dict[str, Any]:
    return {
        "number": one.row.number,
        "what": price_words.key(one.row.key),
        "value": price_words.value(one.row),
        "days": price_words.period(one.row.period),
        "code": one.fate.value,
        "fate": price_words.fate(one.fate),
        "said": price_words.consequences(one),
    }


@require_POST
@duty(StaffAction.SET_TARIFFS)
def take_price_list(request: OfficeRequest, list_id: UUID) -> HttpResponse:
    row, provider = _list(request, list_id), request.provider.row
    try:
        taken = services.take(
            row.pk,
            shown=request.POST.get("shown", ""),
            provider=provider,
            by=request.actor,
            at=clock.now(),
            today=clock.today(provider.zone),
        )
    except AlreadyTaken:
        messages.info(request, _("Этот файл уже загружен."))
        return redirect("staff:tariffs")
    except PlanMoved:
        messages.error(request, _("Пока вы смотрели, тарифы изменились. Ниже — что сделает файл теперь: проверьте."))
        return redirect("staff:price_list", row.pk)
    words = _("Загружено: новых значений %(added)d, изменённых %(changed)d.")
    messages.success(request, words % {"added": taken.added, "changed": taken.changed})
    return redirect("staff:tariffs")


@weighs(Load.FILE)
@require_safe
@duty(StaffAction.SET_TARIFFS)
def price_list_file(request: OfficeRequest, list_id: UUID) -> HttpResponse:
    """Give the file back as it came: loading it again brings its prices back."""
    row = _list(request, list_id)
    if row.stored is None:
        raise Http404
    with storage.open_(row.stored) as stream:
        response = HttpResponse(stream.read(), content_type=row.stored.media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=row.name or "tariffs")
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _list(request: OfficeRequest, list_id: UUID) -> PriceList:
    lists = selectors.lists_of(request.provider.row.pk).select_related("stored")
    found: PriceList = get_object_or_404(lists, pk=list_id)
    return found
