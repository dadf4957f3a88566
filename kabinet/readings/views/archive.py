"""«Архив показаний» and its tab «Объёмы по стокам ГВС» (READ-04, READ-05)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kabinet.accounts.http import signed_in
from kabinet.contracts.http import ASKED_BESIDE, Request, asked_beside, for_role
from kabinet.contracts.models import Contract
from kabinet.contracts.values import Action
from kabinet.infra import clock
from kabinet.infra.statements import Statement
from kabinet.kernel.formats import format_month, format_number, format_time_first
from kabinet.providers.http import opened_by
from kabinet.providers.values import Section
from kabinet.readings.forms import ArchiveFilter, RightFilter, archive_filter, archive_query
from kabinet.readings.rules.volumes import DECIMALS
from kabinet.readings.selectors.archive import Archive, ArchiveLine, ArchiveQuery, archive_of, asking_for
from kabinet.readings.selectors.volume_archive import volume_archive_of
from kabinet.readings.views import volume_words, words
from kabinet.readings.views.blocks import day_words, language, title_of, unopened_titles
from kabinet.readings.views.words import ArchiveWords
from kabinet.web.frames import render_framed
from kabinet.web.shapes import CODE
from kabinet.web.templatetags.keeping import kept_text

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
    source: str = field(metadata=CODE)
    state: str = field(metadata=CODE)
    reason: str


@dataclass(frozen=True, slots=True)
class Tab:
    """What parts one tab of the archive from the other."""

    is_of_volumes: bool
    words: Callable[[], ArchiveWords]
    look: Callable[[Request, ArchiveQuery], Archive]
    rows_of: Callable[[Sequence[ArchiveLine]], list[Row]]


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
    return _show(request, Tab(False, words.archive, _readings, _reading_rows))


@opened_by(Section.SEWAGE_VOLUMES)
@signed_in
@require_safe
@for_role(Action.SEE_READINGS)
def archive_volumes(request: Request) -> HttpResponse:
    return _show(request, Tab(True, volume_words.archive, _volumes, _volume_rows))


def _readings(request: Request, query: ArchiveQuery) -> Archive:
    return archive_of(request.viewer, query, rows=asked_beside(request))


def _volumes(request: Request, query: ArchiveQuery) -> Archive:
    return volume_archive_of(request.viewer, query)


def _show(request: Request, tab: Tab) -> HttpResponse:
    """Show what was found; a page of several, or of a wrong filter, is rendered anew each time."""
    today, words_ = clock.today(request.provider.row.zone), tab.words()
    found = tab.look(request, archive_query(request.GET, today=today))
    form = archive_filter(request.GET, points=found.points, today=today)
    lines = [(part.contract, line) for part in found.parts for line in part.lines]
    page = Paginator(lines, ON_A_PAGE).get_page(request.GET.get("page"))
    facts = {
        "words": words_,
        "has_tabs": {Section.ARCHIVE, Section.SEWAGE_VOLUMES} <= {*request.provider.policy.sections},
        "is_of_volumes": tab.is_of_volumes,
        "unopened": tuple(unopened_titles(request, action=Action.SEE_READINGS, today=today)),
    }
    held = SafeString(_filter(request, form) + _parts(page, tab, words_)) if request.viewer.memberships else ""
    if isinstance(form, RightFilter) and not page.has_other_pages():
        return render_framed(request, "readings/archive.html", facts, held=held)
    return render(request, "readings/archive.html", {**facts, "form": form, "page": page, "held": held})


def _filter(request: Request, form: RightFilter | ArchiveFilter) -> str:
    provider = request.provider.row
    heard_at = provider.billing_heard_at
    updated = format_time_first(heard_at, provider.zone, language()) if heard_at else ""
    draw = kept_text if isinstance(form, RightFilter) else render_to_string
    return draw("readings/_archive_filter.html", {"form": form, "updated": updated})


def _parts(page: Iterable[tuple[Contract, ArchiveLine]], tab: Tab, words_: ArchiveWords) -> str:
    """Put the lines of a page under their contracts again."""
    parts = [
        _part(contract, tab.rows_of([line for _contract, line in found]), words_)
        for contract, found in groupby(page, itemgetter(0))
    ]
    if parts:
        return "".join(parts)
    told = {"icon_name": "archive", "title": words_.nothing, "text": _("Измените даты или сбросьте фильтр.")}
    return kept_text("components/empty.html", told)


def _part(contract: Contract, rows: Sequence[Row], words_: ArchiveWords) -> str:
    held = "".join(kept_text("readings/_archive_row.html", {"row": row, "words": words_}) for row in rows)
    about = {"id": str(contract.pk), "title": title_of(contract), "words": words_}
    return kept_text("readings/_archive_part.html", about, held=held)


def _reading_rows(lines: Sequence[ArchiveLine]) -> list[Row]:
    urls = {meter: reverse("readings:meter", args=[meter]) for meter in {line.meter.pk for line in lines if line.meter}}
    return [_reading(line, urls) for line in lines]


def _reading(line: ArchiveLine, urls: Mapping[UUID, str]) -> Row:
    number, url = (line.meter.number, urls[line.meter.pk]) if line.meter else ("", "")
    return _row(line, head=number, url=url, value=f"{line.value:.3f}".replace(".", ","))


def _volume_rows(lines: Sequence[ArchiveLine]) -> list[Row]:
    return [_volume(line) for line in lines]


def _volume(line: ArchiveLine) -> Row:
    value = format_number(line.value, language(), places=DECIMALS)
    return _row(line, head=format_month(line.month, language()), value=value)


def _row(line: ArchiveLine, *, head: str, value: str, url: str = "") -> Row:
    return Row(
        head=head,
        url=url,
        address=line.address,
        value=value,
        taken_on=day_words(line.taken_on),
        source=words.source(line.source),
        state=line.state,
        reason=line.reason,
    )
