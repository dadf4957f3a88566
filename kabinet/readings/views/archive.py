"""«Архив показаний» and its tab «Объёмы по стокам ГВС» (READ-04, READ-05)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kabinet.accounts.http import signed_in
from kabinet.contracts.http import Request, for_role
from kabinet.contracts.models import Contract, SupplyPoint
from kabinet.contracts.values import Action, Viewer
from kabinet.infra import clock
from kabinet.kernel.formats import format_day, format_month, format_number
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section
from kabinet.readings.forms import ArchiveFilter
from kabinet.readings.rules.volumes import DECIMALS
from kabinet.readings.selectors.archive import ArchiveLine, ArchivePart, ArchiveQuery, archive_of, points_of
from kabinet.readings.selectors.volume_archive import volume_archive_of, volume_points_of
from kabinet.readings.views import volume_words, words
from kabinet.readings.views.blocks import unopened_titles
from kabinet.readings.views.words import ArchiveWords

# A year of sixty meters is 50 KB even when packed; a page may be 30.
ON_A_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the archive in finished strings; its head is the meter's number, or the month of a volume."""

    head: str
    url: str
    address: str
    value: str
    taken_on: str
    source: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Tab:
    """What parts one tab of the archive from the other."""

    name: str
    words: Callable[[], ArchiveWords]
    points_of: Callable[[Viewer], QuerySet[SupplyPoint]]
    archive_of: Callable[[Viewer, ArchiveQuery], list[ArchivePart]]
    row_of: Callable[[ArchiveLine], Row]


@opened_by(Section.ARCHIVE)
@signed_in
@require_safe
@for_role(Action.SEE_READINGS)
def archive(request: Request) -> HttpResponse:
    return _show(request, Tab("readings", words.archive, points_of, archive_of, _reading))


@opened_by(Section.SEWAGE_VOLUMES)
@signed_in
@require_safe
@for_role(Action.SEE_READINGS)
def archive_volumes(request: Request) -> HttpResponse:
    return _show(request, Tab("volumes", volume_words.archive, volume_points_of, volume_archive_of, _volume))


def _show(request: Request, tab: Tab) -> HttpResponse:
    today = clock.today(request.provider.row.zone)
    form = ArchiveFilter(request.GET, points=tab.points_of(request.viewer), today=today)
    lines = [(part.contract, line) for part in tab.archive_of(request.viewer, form.query()) for line in part.lines]
    page = Paginator(lines, ON_A_PAGE).get_page(request.GET.get("page"))
    facts = {
        "tab": tab.name,
        "words": tab.words(),
        "form": form,
        "page": page,
        "parts": _parts(page, tab),
        "unopened": unopened_titles(request, action=Action.SEE_READINGS, today=today),
        "has_contracts": bool(request.viewer.memberships),
        "updated_at": request.provider.row.billing_heard_at,
        "zone": request.provider.row.zone,
    }
    return render(request, "readings/archive.html", facts)


def _parts(page: Iterable[tuple[Contract, ArchiveLine]], tab: Tab) -> list[tuple[Contract, list[Row]]]:
    """Put the lines of a page under their contracts again."""
    return [(contract, [tab.row_of(line) for _, line in found]) for contract, found in groupby(page, itemgetter(0))]


def _reading(line: ArchiveLine) -> Row:
    number, url = (line.meter.number, reverse("readings:meter", args=[line.meter.pk])) if line.meter else ("", "")
    return _row(line, head=number, url=url, value=f"{line.value:.3f}".replace(".", ","))


def _volume(line: ArchiveLine) -> Row:
    language = get_language() or "ru"
    value = format_number(line.value, language, places=DECIMALS)
    return _row(line, head=format_month(line.month, language), value=value)


def _row(line: ArchiveLine, *, head: str, value: str, url: str = "") -> Row:
    return Row(
        head=head,
        url=url,
        address=line.address,
        value=value,
        taken_on=format_day(line.taken_on, get_language() or "ru"),
        source=words.source(line.source),
        state=line.state,
        reason=line.reason,
    )
