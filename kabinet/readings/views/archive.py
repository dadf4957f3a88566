"""«Архив показаний» and its tab «Объёмы по стокам ГВС» (READ-04, READ-05)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kabinet.accounts.http import signed_in
from kabinet.contracts.http import ASKED_BESIDE, Request, asked_beside, for_role
from kabinet.contracts.models import Contract
from kabinet.contracts.values import Action
from kabinet.infra import clock
from kabinet.infra.statements import Statement
from kabinet.kernel.formats import format_day, format_month, format_number
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section
from kabinet.readings.forms import ArchiveFilter, archive_query
from kabinet.readings.rules.volumes import DECIMALS
from kabinet.readings.selectors.archive import Archive, ArchiveLine, ArchiveQuery, archive_of, asking_for
from kabinet.readings.selectors.volume_archive import volume_archive_of
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
    look: Callable[[Request, ArchiveQuery], Archive]
    row_of: Callable[[ArchiveLine], Row]


def _asked_beside(request: Request) -> Statement:
    """Ask for the archive of whoever has the session, in the breath in which it is asked who that is."""
    provider = request.provider.row
    query = archive_query(request.GET, today=clock.today(provider.zone))
    at, now = clock.technical_now(), clock.now()
    return asking_for(request.session_key, query, provider_id=provider.pk, at=at, now=now)


ASKED_BESIDE["/readings/archive/"] = _asked_beside


@opened_by(Section.ARCHIVE)
@signed_in
@require_safe
@for_role(Action.SEE_READINGS)
def archive(request: Request) -> HttpResponse:
    return _show(request, Tab("readings", words.archive, _readings, _reading))


@opened_by(Section.SEWAGE_VOLUMES)
@signed_in
@require_safe
@for_role(Action.SEE_READINGS)
def archive_volumes(request: Request) -> HttpResponse:
    return _show(request, Tab("volumes", volume_words.archive, _volumes, _volume))


def _readings(request: Request, query: ArchiveQuery) -> Archive:
    return archive_of(request.viewer, query, rows=asked_beside(request))


def _volumes(request: Request, query: ArchiveQuery) -> Archive:
    return volume_archive_of(request.viewer, query)


def _show(request: Request, tab: Tab) -> HttpResponse:
    today = clock.today(request.provider.row.zone)
    found = tab.look(request, archive_query(request.GET, today=today))
    form = ArchiveFilter(request.GET, points=found.points, today=today)
    lines = [(part.contract, line) for part in found.parts for line in part.lines]
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
