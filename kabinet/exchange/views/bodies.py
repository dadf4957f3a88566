"""The body of an upload on its way to a file: it may be larger than memory should hold."""

import hashlib
from typing import IO, Final

from django.http import UnreadablePostError

from kabinet.exchange.views.door import PartnerRequest, Refused

LONGEST_LENGTH: Final = 18
PIECE: Final = 256 * 1024


def pour(request: PartnerRequest, file: IO[bytes], *, most: int) -> tuple[int, str]:
    """Write the body to a file as it comes; return its size and SHA-256. The file is left at its beginning."""
    promised = request.headers.get("Content-Length", "")
    if not (promised.isascii() and promised.isdecimal() and len(promised) <= LONGEST_LENGTH):
        raise Refused(411, "length_required")
    if int(promised) > most:
        raise Refused(413, "too_large", limit=most)
    size, sha256 = _poured(request, file)
    # A file cut between two lines looks whole; taking it would be taking a part.
    if size != int(promised):
        raise Refused(400, "cut_short", promised=int(promised), came=size)
    return size, sha256


def _poured(request: PartnerRequest, file: IO[bytes]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    try:
        while piece := request.read(PIECE):
            size += len(piece)
            digest.update(piece)
            file.write(piece)
    except UnreadablePostError:
        raise Refused(400, "cut_short", came=size) from None
    file.seek(0)
    return size, digest.hexdigest()
