"""What billing owns, through the very import that its batches take."""

import hashlib
import io
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import islice
from typing import Final

from kabinet.exchange.formats.packing import Limits
from kabinet.exchange.models import Partner
from kabinet.exchange.services import batches
from kabinet.exchange.values.batches import Form, Upload
from kabinet.exchange.values.entities import AnyRow
from kabinet.kernel.actors import Actor, ActorKind, Channel

ROWS_IN_A_BATCH: Final = 50_000


def sending(
    rows: Iterable[AnyRow], *, partner: Partner, name: str, at: datetime, is_ahead: bool = False
) -> Iterator[AnyRow]:
    """Send rows as batches and give each when the portal has it; a repeated sending changes nothing."""
    batches_of_rows = _made_ahead(_batches(rows)) if is_ahead else _batches(rows)
    for number, batch in enumerate(batches_of_rows):
        upload = _handed_over(batch)
        batches.receive(
            upload,
            partner=partner,
            key=f"demo/{name}/{number}/{upload.sha256[:16]}",
            is_dry_run=False,
            limits=Limits(),
            by=Actor(ActorKind.PARTNER, id=partner.pk, provider_id=partner.provider_id, channel=Channel.EXCHANGE),
            at=at,
        )
        yield from batch


def _batches(rows: Iterable[AnyRow]) -> Iterator[tuple[AnyRow, ...]]:
    waiting = iter(rows)
    while batch := tuple(islice(waiting, ROWS_IN_A_BATCH)):
        yield batch


def _made_ahead(made: Iterator[tuple[AnyRow, ...]]) -> Iterator[tuple[AnyRow, ...]]:
    """Make the next batch while the database takes this one; whoever makes rows asks the database nothing."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        coming = thread.submit(next, made, ())
        while batch := coming.result():
            coming = thread.submit(next, made, ())
            yield batch


def _handed_over(rows: tuple[AnyRow, ...]) -> Upload:
    """Let the rows stand for the file that they would be written into; names and versions say what is in them."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(f"{row.entity}/{row.external_id}/{row.version}\n".encode())
    return Upload(io.BytesIO(), size=0, sha256=digest.hexdigest(), form=Form(), rows=rows)
