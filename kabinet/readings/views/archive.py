"""«Архив показаний» (READ-05)."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kabinet.accounts.http import signed_in
from kabinet.contracts.http import Request, for_role
from kabinet.contracts.values import Action
from kabinet.infra import clock
from kabinet.kernel.formats import format_day
from kabinet.readings.forms import ArchiveFilter
from kabinet.readings.selectors.archive import ArchiveLine, ArchivePart, archive_of, points_of
from kabinet.readings.views import words


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the archive in finished strings."""

    meter_number: str
    address: str
    value: str
    taken_on: str
    source: str
    state: str
    reason: str


@signed_in
@require_safe
@for_role(Action.SEE_READINGS)
def archive(request: Request) -> HttpResponse:
    today = clock.today(request.provider.row.zone)
    form = ArchiveFilter(request.GET, points=points_of(request.viewer), today=today)
    facts = {
        "form": form,
        "parts": [(part, _rows(part)) for part in archive_of(request.viewer, form.query())],
        "has_contracts": bool(request.viewer.memberships),
        "updated_at": request.provider.row.billing_heard_at,
        "zone": request.provider.row.zone,
    }
    return render(request, "readings/archive.html", facts)


def _rows(part: ArchivePart) -> list[Row]:
    return [_row(line) for line in part.lines]


def _row(line: ArchiveLine) -> Row:
    return Row(
        meter_number=line.meter_number,
        address=line.address,
        value=f"{line.value:.3f}".replace(".", ","),
        taken_on=format_day(line.taken_on, get_language() or "ru"),
        source=words.source(line.source),
        state=line.state,
        reason=line.reason,
    )
