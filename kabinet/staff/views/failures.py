"""«Исключения»: what did not work and waits for somebody."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kabinet.accounts.values import StaffAction
from kabinet.infra.parked import ParkedUnknown, parked_of
from kabinet.staff.http import OfficeRequest, duty
from kabinet.staff.selectors.failures import failed_jobs, refused_batches, refused_letters
from kabinet.staff.services.failures import retry
from kabinet.staff.views.answering import page_of


@require_safe
@duty(StaffAction.MEND_EXCEPTIONS)
def failures(request: OfficeRequest) -> HttpResponse:
    page = page_of(request, parked_of(request.provider.row.pk))
    facts = {
        "page": page,
        "batches": refused_batches(request.provider.row.pk),
        "jobs": failed_jobs(),
        "letters": refused_letters(),
    }
    return render(request, "staff/failures.html", facts)


@require_POST
@duty(StaffAction.MEND_EXCEPTIONS)
def retry_failure(request: OfficeRequest, parked_id: UUID) -> HttpResponse:
    try:
        retry(parked_id, provider=request.provider.row, by=request.actor)
    except ParkedUnknown:
        raise Http404 from None
    messages.success(request, _("Событие пойдёт на повтор сейчас же. Обновите страницу через несколько секунд."))
    return redirect("staff:failures")
