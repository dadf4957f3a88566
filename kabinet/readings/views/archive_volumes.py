"""«Архив показаний», «Объёмы по стокам ГВС» (READ-04)."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kabinet.accounts.http import signed_in
from kabinet.contracts.http import Request, for_role
from kabinet.contracts.values import Action
from kabinet.infra import clock
from kabinet.kernel.formats import format_day, format_month, format_number
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section
from kabinet.readings.forms import ArchiveFilter
from kabinet.readings.rules.volumes import DECIMALS
from kabinet.readings.selectors.volume_archive import VolumeLine, VolumePart, volume_archive_of, volume_points_of
from kabinet.readings.views import words


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the archive in finished strings."""

    address: str
    period: str
    value: str
    taken_on: str
    source: str
    state: str
    reason: str


@opened_by(Section.SEWAGE_VOLUMES)
@signed_in
@require_safe
@for_role(Action.SEE_READINGS)
def archive_volumes(request: Request) -> HttpResponse:
    today = clock.today(request.provider.row.zone)
    form = ArchiveFilter(request.GET, points=volume_points_of(request.viewer), today=today)
    facts = {
        "form": form,
        "parts": [(part, _rows(part)) for part in volume_archive_of(request.viewer, form.query())],
        "has_contracts": bool(request.viewer.memberships),
        "updated_at": request.provider.row.billing_heard_at,
        "zone": request.provider.row.zone,
    }
    return render(request, "readings/archive_volumes.html", facts)


def _rows(part: VolumePart) -> list[Row]:
    language = get_language() or "ru"
    return [_row(line, language=language) for line in part.lines]


def _row(line: VolumeLine, *, language: str) -> Row:
    return Row(
        address=line.address,
        period=format_month(line.month, language),
        value=format_number(line.value, language, places=DECIMALS),
        taken_on=format_day(line.taken_on, language),
        source=words.source(line.source),
        state=line.state,
        reason=line.reason,
    )
