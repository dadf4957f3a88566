"""Billing uploads the bytes of a document before the row that says whose it is."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import BinaryIO, Final

from django.db.models import Exists, Model, OuterRef, QuerySet

from kabinet.contracts.models import Paper
from kabinet.infra import audit, storage
from kabinet.infra.db import use_case
from kabinet.infra.storage import WrongKind
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider

PIECE = 256 * 1024
# Billing names a paper within minutes; after so long without a row it has forgotten it.
UNNAMED_ARE_KEPT: Final = timedelta(days=30)
ROWS_AT_ONCE: Final = 500


class NotPdf(Exception):
    """Raised when the bytes are no PDF."""


@use_case
def keep(stream: BinaryIO, *, provider: Provider, by: Actor, at: datetime) -> Paper:
    """Keep the bytes of a document; the same bytes again are the same paper."""
    digest = _digest_of(stream)
    # The provider's row is held, so that two equal uploads at once leave one paper.
    Provider.objects.select_for_update(no_key=True).get(pk=provider.pk)
    if known := Paper.objects.filter(provider=provider, sha256=digest).first():
        known.uploaded_at = at
        known.save(update_fields=["uploaded_at"])
        return known
    try:
        stored = storage.keep(
            stream, provider_id=provider.pk, original_name="paper.pdf", media_type="application/pdf", at=at
        )
    except WrongKind as wrong:
        raise NotPdf from wrong
    paper = Paper.objects.create(provider=provider, stored=stored, sha256=digest, uploaded_at=at)
    audit.record("contracts.paper_uploaded", paper, before=None, after={"sha256": digest}, by=by)
    return paper


def drop_unnamed(*, by: Actor, at: datetime) -> int:
    """Drop papers that no row names a month after their last upload; return how many. The night deletes their bytes."""
    total = 0
    while some := _drop_some(before=at - UNNAMED_ARE_KEPT, by=by):
        total += some
    return total


@use_case
def _drop_some(*, before: datetime, by: Actor) -> int:
    papers = list(_unnamed(before).select_for_update(of=("self",)).select_related("stored")[:ROWS_AT_ONCE])
    for paper in papers:
        worker = replace(by, provider_id=paper.provider_id)
        audit.record("contracts.paper_dropped", paper, before={"sha256": paper.sha256}, after=None, by=worker)
        paper.delete()
        paper.stored.delete()
    return len(papers)


def _unnamed(before: datetime) -> QuerySet[Paper]:
    """Return the old ones that no table names, whichever rooms have tables that could."""
    papers = Paper.objects.filter(uploaded_at__lt=before).order_by("pk")
    for relation in Paper._meta.related_objects:
        naming: QuerySet[Model] = QuerySet(relation.related_model).filter(**{relation.field.name: OuterRef("pk")})
        papers = papers.filter(~Exists(naming))
    return papers


def _digest_of(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    stream.seek(0)
    while piece := stream.read(PIECE):
        digest.update(piece)
    stream.seek(0)
    return digest.hexdigest()
