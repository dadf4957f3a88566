"""Picking some of thousands, a page at a time: what is picked elsewhere travels with the page as one text."""

import base64
import binascii
from collections.abc import Iterable
from typing import Final
from uuid import UUID

_SIZE: Final = 16


def pack(picked: Iterable[UUID]) -> str:
    """Return ids as one text, the same for the same ids."""
    return base64.urlsafe_b64encode(b"".join(sorted(one.bytes for one in picked))).decode()


def unpack(text: str) -> frozenset[UUID]:
    """Return the ids of a text; a spoilt one holds none."""
    try:
        body = base64.b64decode(text.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return frozenset()
    if len(body) % _SIZE:
        return frozenset()
    return frozenset(UUID(bytes=body[start : start + _SIZE]) for start in range(0, len(body), _SIZE))


def ids_in(texts: Iterable[str]) -> frozenset[UUID]:
    """Return the ids that were ticked; other words are none."""
    found = set()
    for text in texts:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return frozenset(found)
