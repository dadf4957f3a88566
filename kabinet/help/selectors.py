"""Reads of questions, references and the manual."""

import re
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat, Lower

from kabinet.contracts import selectors as contracts
from kabinet.contracts.values import Viewer
from kabinet.help.formats.chapters import read_chapter
from kabinet.help.formats.pictures import HEAD_BYTES, png_size
from kabinet.help.models import Branch, EntrySet, HelpEntry, HelpGroup, Reference
from kabinet.help.rules import manual as rules
from kabinet.help.rules.branches import branch_of
from kabinet.help.rules.manual import PictureFile
from kabinet.help.rules.search import hits_among, normal, words_of
from kabinet.help.values import BOOKS, BranchValue, Chapter, Manual, ReferenceKind, Search
from kabinet.providers.selectors import OpenProvider

# Every PostgreSQL has it: its word forms are compiled in, no dictionary file is asked for.
LANGUAGE: Final = "russian"
_ROOM: Final = Path(__file__).resolve().parent
CHAPTERS: Final = _ROOM / "manual"
PICTURES: Final = "static/help/manual"


def groups_of(provider_id: UUID) -> QuerySet[HelpGroup]:
    """Return the groups that have something to read."""
    published = HelpEntry.objects.published().filter(group=OuterRef("pk"))
    return HelpGroup.objects.filter(Exists(published), provider_id=provider_id).order_by("place", "name")


def entries_of(provider_id: UUID, search: Search) -> list[HelpEntry]:
    """Return the published entries that a search finds, in the order of groups."""
    entries = HelpEntry.objects.published().filter(provider_id=provider_id)
    if search.group_id:
        entries = entries.filter(group_id=search.group_id)
    if search.phrase:
        entries = _with_words(entries, search.phrase)
    return list(entries.select_related("group").order_by("group__place", "group__name", "place", "question"))


def hits_in(entries: Collection[HelpEntry], phrase: str) -> frozenset[str]:
    """Return the words of the entries that the phrase found, in any of their forms."""
    words = words_of(" ".join(f"{entry.question} {entry.answer}" for entry in entries))
    typed = words_of(phrase)
    if not words or not typed:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM unnest(%s::text[]) word"
            " WHERE to_tsvector(%s::regconfig, word) @@ to_tsquery(%s::regconfig, %s)",
            [sorted(words), LANGUAGE, LANGUAGE, " | ".join(f"{word}:*" for word in sorted(typed))],
        )
        found = {row[0] for row in cursor.fetchall()}
    return hits_among(words, typed=phrase, found=found)


def entry_of_office(provider_id: UUID, entry_id: UUID) -> HelpEntry | None:
    return HelpEntry.objects.select_related("group").filter(provider_id=provider_id, pk=entry_id).first()


def entries_of_office(provider_id: UUID) -> QuerySet[HelpEntry]:
    """Return all entries of a provider, withdrawn ones too."""
    entries = HelpEntry.objects.filter(provider_id=provider_id).select_related("group")
    return entries.order_by("group__place", "group__name", "place", "question")


def references_of(provider_id: UUID) -> dict[ReferenceKind, str]:
    """Return the texts that the provider has published."""
    rows = Reference.objects.filter(provider_id=provider_id)
    return {ReferenceKind(row.kind): row.text for row in rows}


def branches_of(provider_id: UUID) -> list[BranchValue]:
    """Return the branches that are open, in the provider's order."""
    return [row.to_value() for row in branches_of_office(provider_id).filter(is_open=True)]


def branches_of_office(provider_id: UUID) -> QuerySet[Branch]:
    """Return all branches of a provider, closed ones too."""
    return Branch.objects.filter(provider_id=provider_id).order_by("place", "name")


def served(viewer: Viewer, branches: Sequence[BranchValue]) -> dict[BranchValue, list[str]]:
    """Return the branches that serve the viewer's contracts, each with their numbers."""
    found: dict[BranchValue, list[str]] = {}
    for number in contracts.contracts_of(viewer).order_by("number").values_list("number", flat=True):
        if branch := branch_of(number, branches):
            found.setdefault(branch, []).append(number)
    return found


def manual_for(provider: OpenProvider) -> Manual:
    """Return the provider's manual: the chapters of its book that the provider's policy opens."""
    book = rules.book_of(provider.policy)
    return rules.manual_of(
        chapters(book),
        policy=provider.policy,
        provider=provider.row.short_name,
        portal=provider.row.portal_title,
        pictures=pictures(book),
    )


@cache
def chapters(book: str) -> tuple[Chapter, ...]:
    files = sorted((CHAPTERS / book).glob("*.md"))
    return tuple(read_chapter(file.stem, file.read_text(encoding="utf-8")) for file in files)


def pictures(book: str) -> dict[str, PictureFile]:
    """Return the pictures of a book that have been taken."""
    found = ((picture.name, _picture(f"{PICTURES}/{book}/{picture.name}.png")) for picture in BOOKS[book])
    return {name: file for name, file in found if file}


def _picture(path: str) -> PictureFile | None:
    try:
        with (_ROOM / path).open("rb") as file:
            size = png_size(file.read(HEAD_BYTES))
    except FileNotFoundError:
        return None
    return PictureFile(path, *size) if size else None


def _with_words(entries: EntrySet, phrase: str) -> EntrySet:
    """Keep entries that have all words in some form or from their beginnings, or the phrase itself.

    The phrase itself finds what the language leaves out: «как», «не», parts of numbers.
    """
    text = _without_yo(Concat(F("question"), Value(" "), F("answer"), output_field=TextField()))
    words = " & ".join(f"{word}:*" for word in sorted(words_of(phrase)))
    found = Q(plain__contains=re.sub(r"\s+", " ", normal(phrase)).strip())
    if words:
        found |= Q(vector=SearchQuery(words, config=LANGUAGE, search_type="raw"))
    return entries.annotate(vector=SearchVector(text, config=LANGUAGE), plain=Lower(text)).filter(found)


def _without_yo(text: Concat) -> Func:
    return Func(text, Value("ёЁ"), Value("еЕ"), function="translate", output_field=TextField())
