"""«Рабочие дни»: where the provider differs from the federal calendar."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kabinet.accounts.values import StaffAction
from kabinet.infra import clock
from kabinet.providers.selectors import calendar_days_of
from kabinet.providers.services.calendar import DayUnknown
from kabinet.staff.forms.duties import DayForm
from kabinet.staff.http import OfficeRequest, duty
from kabinet.staff.services import settings
from kabinet.staff.views.answering import page_of


@require_http_methods(["GET", "HEAD", "POST"])
@duty(StaffAction.SET_CALENDAR)
def calendar(request: OfficeRequest) -> HttpResponse:
    form = DayForm(request.POST or None, today=clock.today(request.provider.row.zone))
    if form.is_valid():
        given = form.cleaned_data
        settings.set_day(
            given["day"],
            is_working=given["is_working"] == "yes",
            note=given["note"],
            provider=request.provider.row,
            by=request.actor,
        )
        messages.success(request, _("День сохранён: сроки передачи пересчитаны."))
        return redirect("staff:calendar")
    page = page_of(request, calendar_days_of(request.provider.row.pk))
    return render(request, "staff/calendar.html", {"form": form, "page": page})


@require_POST
@duty(StaffAction.SET_CALENDAR)
def forget_day(request: OfficeRequest, day_id: UUID) -> HttpResponse:
    try:
        settings.forget_day(day_id, provider=request.provider.row, by=request.actor)
    except DayUnknown:
        raise Http404 from None
    messages.success(request, _("День убран: действует федеральный календарь."))
    return redirect("staff:calendar")
