"""Billing uploads the bytes of a document before the row that says whose it is."""

import hashlib
from datetime import datetime
from typing import BinaryIO

from kabinet.contracts.models import Paper
from kabinet.infra import audit, storage
from kabinet.infra.db import use_case
from kabinet.infra.storage import WrongKind
from kabinet.kernel.actors import Actor
from kabinet.providers.models import Provider

PIECE = 256 * 1024


class NotPdf(Exception):
    """Raised when the bytes are no PDF."""


@use_case
def keep(stream: BinaryIO, *, provider: Provider, by: Actor, at: datetime) -> Paper:
    """Keep the bytes of a document; the same bytes again are the same paper."""
    digest = _digest_of(stream)
    # The provider's row is held, so that two equal uploads at once leave one paper.
    Provider.objects.select_for_update(no_key=True).get(pk=provider.pk)
    if known := Paper.objects.filter(provider=provider, sha256=digest).first():
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


def _digest_of(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    stream.seek(0)
    while piece := stream.read(PIECE):
        digest.update(piece)
    stream.seek(0)
    return digest.hexdigest()
