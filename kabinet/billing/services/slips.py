"""The payment slip as a file: printed once, kept under a name that its content gives (PAY-04)."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from kabinet.billing.formats import slip_pdf
from kabinet.infra import printed

FOLDER: Final = "slips"
# A slip holds a name and an address: whoever wants it again has it printed again.
UNREAD_ARE_KEPT: Final = timedelta(days=3)


def print_slip(facts: str) -> Path:
    """Return the file of the PDF; where the same slip was printed before, that one."""
    known = hashlib.sha256((facts + slip_pdf.version()).encode()).hexdigest()
    return printed.printed(FOLDER, f"{known}.pdf", lambda: slip_pdf.to_pdf(facts))


def forget_slips(*, at: datetime) -> int:
    """Delete printed slips that nobody has read for some days; return how many."""
    return printed.forget(FOLDER, before=at - UNREAD_ARE_KEPT)
