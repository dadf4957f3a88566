"""«Архив показаний» (READ-05)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kabinet.accounts.http import signed_in
from kabinet.contracts.http import Request
from kabinet.infra import clock
from kabinet.readings.forms import ArchiveFilter
from kabinet.readings.selectors.archive import archive_of, points_of

@signed_in
@require_safe
def archive(request: Request) -> HttpResponse:
    today = clock.today(request.provider.row.zone)
    form = ArchiveFilter(request.GET, points=points_of(request.viewer), today=today)
    facts = {
        "form": form,
        "parts": archive_of(request.viewer, form.query()),
        "has_contracts": bool(request.viewer.memberships),
        "updated_at": request.provider.row.billing_heard_at,
        "zone": request.provider.row.zone,
    }
    return render(request, "readings/archive.html", facts)
