"""What billing owns, through the very import that its batches take."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Final

from kabinet.exchange.formats.packing import Limits
from kabinet.exchange.models import Partner
from kabinet.exchange.services import batches
from kabinet.exchange.values.batches import Form, Upload
from kabinet.exchange.values.entities import Row
from kabinet.kernel.actors import Actor, ActorKind, Channel

ROWS_IN_A_BATCH: Final = 50_000


def send(rows: Iterable[Row], *, partner: Partner, name: str, at: datetime) -> int:
    """Send rows as batches and return their number; a repeated sending changes nothing."""
    total = 0
    for number, batch in enumerate(_batches(rows)):
        with tempfile.TemporaryFile() as file:
            upload = _written(batch, file)
            batches.receive(
                upload,
                partner=partner,
                key=f"demo/{name}/{number}/{upload.sha256[:16]}",
                is_dry_run=False,
                limits=Limits(),
                by=Actor(ActorKind.PARTNER, id=partner.pk, provider_id=partner.provider_id, channel=Channel.EXCHANGE),
                at=at,
            )
        total += len(batch)
    return total


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == ROWS_IN_A_BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _written(rows: list[Row], file: IO[bytes]) -> Upload:
    digest, size = hashlib.sha256(), 0
    for row in rows:
        line = f"{row.to_line()}\n".encode()
        digest.update(line)
        size += len(line)
        file.write(line)
    file.seek(0)
    return Upload(file, size=size, sha256=digest.hexdigest(), form=Form())
