"""The hash chain over the audit, made after the fact (TRUST 11).

Each minute an anchor binds the rows that came since the one before, and that anchor, by one digest. Whoever changes
or removes a row later would have to make all following anchors anew; the newest digest also goes to the log, which
is kept elsewhere, so that even this shows.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db import connection

from kabinet.infra.db import use_case
from kabinet.infra.models import AuditAnchor, AuditRow, UnanchoredRow

log = logging.getLogger(__name__)

LOCK: Final = 0x6B6163  # two anchors at once would take one number
ROWS_AN_ANCHOR: Final = 10_000
# A column that is added later stays out of the digests of rows that were made without it.
HASHED: Final = (
    "id", "at", "provider_id", "contract_id", "act", "target_kind", "target_id", "before", "after", "actor_kind",
    "actor_id", "on_behalf_of", "channel", "reason",
)  # fmt: skip


class Break(StrEnum):
    """In what way the chain does not hold."""

    DIGEST_DIFFERS = "digest_differs"
    ROWS_MISSING = "rows_missing"
    ANCHOR_MISSING = "anchor_missing"
    ROWS_OUTSIDE = "rows_outside"


@dataclass(frozen=True, slots=True)
class Fault:
    """A break of the chain, at which anchor, and how many rows it concerns."""

    code: Break
    anchor: int | None
    rows: int


@use_case
def anchor(*, at: datetime) -> AuditAnchor | None:
    """Bind the rows that wait to those before them; None when there are none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    waiting = sorted(UnanchoredRow.objects.values_list("row_id", flat=True)[:ROWS_AN_ANCHOR])
    if not waiting:
        return None
    last = AuditAnchor.objects.order_by("-number").first()
    number, before = (last.number + 1, last.digest) if last else (1, "")
    made = AuditAnchor.objects.create(
        number=number, made_at=at, rows=waiting, digest=digest_of(rows_of(waiting), number=number, before=before)
    )
    UnanchoredRow.objects.filter(row_id__in=waiting).delete()
    log.info("audit anchored", extra={"anchor": number, "rows": len(waiting), "digest": made.digest})
    return made


def rows_of(row_ids: Iterable[UUID]) -> list[AuditRow]:
    return list(AuditRow.objects.filter(pk__in=row_ids).order_by("pk"))


def digest_of(rows: Iterable[AuditRow], *, number: int, before: str) -> str:
    """Return the digest of the rows, in the order of their ids, bound to the anchor before."""
    digest = hashlib.sha256(f"{number} {before}\n".encode())
    for row in rows:
        facts = {name: getattr(row, name) for name in HASHED}
        digest.update(json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str).encode() + b"\n")
    return digest.hexdigest()


def faults() -> Iterator[Fault]:
    """Compute the chain again from its first anchor and tell where it does not hold."""
    before, due, bound = "", 1, 0
    for link in AuditAnchor.objects.order_by("number").iterator(chunk_size=10):
        if link.number != due:
            yield Fault(Break.ANCHOR_MISSING, due, 0)
        rows = rows_of(link.rows)
        if len(rows) < len(link.rows):
            yield Fault(Break.ROWS_MISSING, link.number, len(link.rows) - len(rows))
        elif digest_of(rows, number=link.number, before=before) != link.digest:
            yield Fault(Break.DIGEST_DIFFERS, link.number, len(rows))
        before, due, bound = link.digest, link.number + 1, bound + len(rows)
    outside = AuditRow.objects.count() - bound - UnanchoredRow.objects.count()
    if outside:
        yield Fault(Break.ROWS_OUTSIDE, None, outside)


def newest() -> AuditAnchor | None:
    return AuditAnchor.objects.order_by("-number").first()


def is_known(expect: str) -> bool:
    """Say whether the anchor `number:digest` is in the chain as it was seen before."""
    number, _, digest = expect.partition(":")
    return number.isdecimal() and AuditAnchor.objects.filter(number=int(number), digest=digest).exists()
