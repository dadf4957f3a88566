"""«Помощь» → «Вопрос-ответ» (HELP-01)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kabinet.help import selectors
from kabinet.help.forms import SearchForm
from kabinet.help.models import HelpEntry
from kabinet.help.rules.search import line_of, paragraphs_of
from kabinet.help.values import Line
from kabinet.providers.http import ProviderRequest


@dataclass(frozen=True, slots=True)
class Answer:
    """An entry cut into pieces for the page."""

    id: UUID
    question: Line
    paragraphs: tuple[tuple[Line, ...], ...]


@require_safe
def answers(request: ProviderRequest) -> HttpResponse:
    provider_id = request.provider.row.pk
    form = SearchForm(request.GET, groups=selectors.groups_of(provider_id))
    search = form.value()
    entries = selectors.entries_of(provider_id, search)
    hits = selectors.hits_in(entries, search.phrase) if search.phrase else frozenset()
    facts = {
        "form": form,
        "search": search,
        "groups": _groups(entries, hits),
        "found": len(entries),
        "is_one": len(entries) == 1,
    }
    return render(request, "help/answers.html", facts)


def _groups(entries: Sequence[HelpEntry], hits: Collection[str]) -> list[tuple[str, list[Answer]]]:
    return [
        (name, [_answer(entry, hits) for entry in some]) for name, some in groupby(entries, lambda one: one.group.name)
    ]


def _answer(entry: HelpEntry, hits: Collection[str]) -> Answer:
    return Answer(entry.pk, line_of(entry.question, hits=hits), paragraphs_of(entry.answer, hits=hits))
