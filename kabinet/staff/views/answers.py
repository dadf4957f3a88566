"""«Вопросы и ответы»: published, put in other words, taken back (HELP-01)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kabinet.accounts.values import StaffAction
from kabinet.help import selectors as help_
from kabinet.help.services import AlreadyWithdrawn, EntryUnknown, publish_entry, withdraw_entry
from kabinet.infra import clock
from kabinet.staff.forms.duties import EntryForm
from kabinet.staff.http import OfficeRequest, duty


@require_safe
@duty(StaffAction.PUBLISH_HELP)
def answers(request: OfficeRequest) -> HttpResponse:
    return render(request, "staff/answers.html", {"entries": help_.entries_of_office(request.provider.row.pk)})


@require_http_methods(["GET", "HEAD", "POST"])
@duty(StaffAction.PUBLISH_HELP)
def new_answer(request: OfficeRequest) -> HttpResponse:
    form = EntryForm(request.POST or None)
    if form.is_valid():
        return _publish(request, form, entry_id=None)
    return render(request, "staff/answer.html", {"form": form, "groups": _groups(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@duty(StaffAction.PUBLISH_HELP)
def edit_answer(request: OfficeRequest, entry_id: UUID) -> HttpResponse:
    entry = help_.entry_of_office(request.provider.row.pk, entry_id)
    if entry is None:
        raise Http404
    form = EntryForm(request.POST or None, initial=EntryForm.initial_of(entry))
    if form.is_valid():
        return _publish(request, form, entry_id=entry.pk)
    return render(request, "staff/answer.html", {"form": form, "entry": entry, "groups": _groups(request)})


@require_POST
@duty(StaffAction.PUBLISH_HELP)
def withdraw_answer(request: OfficeRequest, entry_id: UUID) -> HttpResponse:
    try:
        withdraw_entry(entry_id, provider=request.provider.row, by=request.actor, at=clock.now())
    except EntryUnknown:
        raise Http404 from None
    except AlreadyWithdrawn:
        messages.info(request, _("Этот ответ уже снят."))
    else:
        messages.success(request, _("Ответ снят: клиенты его больше не видят."))
    return redirect("staff:answers")


def _publish(request: OfficeRequest, form: EntryForm, *, entry_id: UUID | None) -> HttpResponse:
    publish_entry(form.value(), provider=request.provider.row, by=request.actor, at=clock.now(), entry_id=entry_id)
    messages.success(request, _("Ответ опубликован."))
    return redirect("staff:answers")


def _groups(request: OfficeRequest) -> list[str]:
    return list(help_.groups_of(request.provider.row.pk).values_list("name", flat=True))
