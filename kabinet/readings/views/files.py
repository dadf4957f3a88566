"""«Загрузить файлом»: a contract, a template, a file, and what became of its rows (READ-12)."""

from contextlib import suppress
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.accounts.http import signed_in
from kabinet.contracts.http import Request, contract_for, for_role
from kabinet.contracts.models import Contract
from kabinet.contracts.values import Action
from kabinet.infra import clock, storage
from kabinet.infra.loads import Load, weighs, weighs_sent
from kabinet.infra.storage import WrongKind
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section
from kabinet.readings.forms.files import FileForm, confirmed_rows
from kabinet.readings.models import ReadingsFile
from kabinet.readings.selectors import files as selectors
from kabinet.readings.services import files as services
from kabinet.readings.services.files import AlreadyDone, NotNow
from kabinet.readings.services.withdrawing import NothingToWithdraw, PeriodClosed, withdraw
from kabinet.readings.views import file_pages
from kabinet.readings.views.file_template import template_of
from kabinet.web.uploads import lead_on

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTRACTS_ON_A_PAGE: Final = 50
FILES_SHOWN: Final = 20
ROWS_ON_A_PAGE: Final = 100


@opened_by(Section.POINT_READINGS)
@signed_in
@require_safe
@for_role(Action.SEND_READINGS)
def choose_contract(request: Request) -> HttpResponse:
    """Show the contracts that the words fit; whoever has one goes straight to it."""
    words = request.GET.get("q", "")[:100]
    found = selectors.contracts_for_files(request.viewer, words=words)
    page = Paginator(found, CONTRACTS_ON_A_PAGE).get_page(request.GET.get("page"))
    if not words and page.paginator.count == 1:
        return redirect("readings:file_new", page[0].pk)
    return render(request, "readings/files.html", {"page": page, "words": words})


@weighs_sent(Load.FILE)
@opened_by(Section.POINT_READINGS)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request, contract_id: UUID) -> HttpResponse:
    """Offer the template and take a file; what a file is, its bytes decide."""
    contract = contract_for(request, contract_id, action=Action.SEND_READINGS)
    is_posted = request.method == "POST"
    form = FileForm(request.POST if is_posted else None, request.FILES if is_posted else None)
    if is_posted and form.is_valid():
        try:
            file = _choose(request, contract, form)
        except WrongKind as wrong:
            form.add_kind_problem(wrong)
        else:
            return lead_on(request, "readings:file", contract.pk, file.pk)
    facts = {"contract": contract, "form": form, "files": selectors.files_of(request.viewer, contract)[:FILES_SHOWN]}
    return render(request, "readings/file_new.html", facts | {"zone": request.provider.row.zone})


def _choose(request: Request, contract: Contract, form: FileForm) -> ReadingsFile:
    given = form.cleaned_data["file"]
    return services.choose(
        contract, given.file, name=given.name or "", media_type=form.media_type(), by=request.actor, at=clock.now()
    )


@weighs(Load.FILE)
@opened_by(Section.POINT_READINGS)
@signed_in
@require_safe
def template(request: Request, contract_id: UUID) -> HttpResponse:
    contract = contract_for(request, contract_id, action=Action.SEND_READINGS)
    data = template_of(request.viewer, contract, request.provider, today=clock.today(request.provider.row.zone))
    return _attached(data, name=_("Шаблон интегральных показаний %(number)s.xlsx") % {"number": contract.number})


@opened_by(Section.POINT_READINGS)
@signed_in
@require_safe
def file(request: Request, contract_id: UUID, file_id: UUID) -> HttpResponse:
    """Show the file as it stands: chosen, on its way, or with the fate of every row."""
    row = _file(request, contract_id, file_id)
    fate = request.GET.get("fate", "")
    page = Paginator(selectors.rows_of(row, fate=fate), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    facts = file_pages.facts_of(row, page, fate=fate)
    return render(request, "readings/file.html", facts | {"zone": request.provider.row.zone})


@weighs_sent(Load.SENDING)
@opened_by(Section.POINT_READINGS)
@signed_in
@require_POST
def send_file(request: Request, contract_id: UUID, file_id: UUID) -> HttpResponse:
    row = _file(request, contract_id, file_id)
    try:
        services.send(row, by=request.actor, at=clock.now())
    except NotNow:
        messages.error(request, _("Этот файл уже нельзя передать. Загрузите его снова."))
    return redirect("readings:file", contract_id, file_id)


@opened_by(Section.POINT_READINGS)
@signed_in
@require_POST
def discard_file(request: Request, contract_id: UUID, file_id: UUID) -> HttpResponse:
    contract = contract_for(request, contract_id, action=Action.SEND_READINGS)
    row = get_object_or_404(selectors.given_files_of(request.viewer, contract), pk=file_id)
    try:
        services.discard(row, by=request.actor, at=clock.now())
    except AlreadyDone:
        return redirect("readings:file_new", contract_id)
    except NotNow:
        messages.error(request, _("Этот файл уже передан, убрать его нельзя."))
        return redirect("readings:file", contract_id, file_id)
    return redirect("readings:file_new", contract_id)


@weighs_sent(Load.SENDING)
@opened_by(Section.POINT_READINGS)
@signed_in
@require_POST
def confirm_file(request: Request, contract_id: UUID, file_id: UUID) -> HttpResponse:
    """Send the doubtful rows that were ticked, or all of them."""
    row = _file(request, contract_id, file_id)
    numbers = confirmed_rows(request.POST)
    if numbers is not None and not numbers:
        messages.error(request, _("Отметьте строки, в которых показания верные."))
        return redirect("readings:file", contract_id, file_id)
    try:
        services.confirm(row, numbers, by=request.actor, at=clock.now())
    except AlreadyDone:
        messages.info(request, _("Подтверждать нечего: строк, которые ждут ответа, в файле больше нет."))
    except NotNow:
        messages.error(request, _("Файл сейчас обрабатывается. Подождите немного."))
    return redirect("readings:file", contract_id, file_id)


@opened_by(Section.POINT_READINGS)
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_file(request: Request, contract_id: UUID, file_id: UUID) -> HttpResponse:
    """Ask, then take back what the file sent."""
    row = _file(request, contract_id, file_id)
    if request.method != "POST":
        return render(request, "readings/file_withdraw.html", file_pages.question_of(row))
    try:
        with suppress(AlreadyDone):
            withdraw(row, by=request.actor, at=clock.now())
    except PeriodClosed:
        messages.error(request, _("Поставщик уже закрыл этот период: переданное отозвать нельзя."))
    except (NothingToWithdraw, NotNow):
        messages.error(request, _("Отзывать нечего: ничего из этого файла уже не действует."))
    else:
        messages.success(request, _("Переданное этим файлом отозвано."))
    return redirect("readings:file", contract_id, file_id)


@weighs(Load.FILE)
@opened_by(Section.POINT_READINGS)
@signed_in
@require_safe
def marked_file(request: Request, contract_id: UUID, file_id: UUID) -> HttpResponse:
    """Give the customer's own file with coloured cells and comments."""
    row = _file(request, contract_id, file_id)
    if row.marked is None:
        raise Http404
    with storage.open_(row.marked) as stream:
        return _attached(stream.read(), name=_("Проверено: %(name)s") % {"name": row.marked.original_name})


def _file(request: Request, contract_id: UUID, file_id: UUID) -> ReadingsFile:
    contract = contract_for(request, contract_id, action=Action.SEND_READINGS)
    return get_object_or_404(selectors.files_of(request.viewer, contract), pk=file_id)


def _attached(data: bytes, *, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    safe = name.replace("/", "-").replace(":", "")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=safe)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
