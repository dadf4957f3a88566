"""«Архив показаний» (READ-05)."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kabinet.accounts.http import signed_in
from kabinet.contracts.http import Request, for_role
from kabinet.contracts.models import Contract
from kabinet.contracts.values import Action
from kabinet.infra import clock
from kabinet.kernel.formats import format_day
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section
from kabinet.readings.forms import ArchiveFilter
from kabinet.readings.selectors.archive import ArchiveLine, archive_of, points_of
from kabinet.readings.views import words

# A year of sixty meters is 50 KB even when packed; a page may be 30.
ON_A_PAGE: Final = 200


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


@opened_by(Section.ARCHIVE)
@signed_in
@require_safe
@for_role(Action.SEE_READINGS)
def archive(request: Request) -> HttpResponse:
    today = clock.today(request.provider.row.zone)
    form = ArchiveFilter(request.GET, points=points_of(request.viewer), today=today)
    lines = [(part.contract, line) for part in archive_of(request.viewer, form.query()) for line in part.lines]
    page = Paginator(lines, ON_A_PAGE).get_page(request.GET.get("page"))
    facts = {
        "form": form,
        "page": page,
        "parts": _parts(page),
        "has_contracts": bool(request.viewer.memberships),
        "updated_at": request.provider.row.billing_heard_at,
        "zone": request.provider.row.zone,
    }
    return render(request, "readings/archive.html", facts)


def _parts(page: Iterable[tuple[Contract, ArchiveLine]]) -> list[tuple[Contract, list[Row]]]:
    """Put the lines of a page under their contracts again."""
    return [(contract, [_row(line) for _, line in found]) for contract, found in groupby(page, key=itemgetter(0))]


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
