"""When a password that came by letter opens."""

from datetime import datetime, timedelta
from typing import Final

from kabinet.accounts.values import FirstPasswordState

LIVES: Final = timedelta(days=7)
# Without signs that look like one another: it is also copied by hand.
SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"


def state_of(*, used_at: datetime | None, expires_at: datetime, at: datetime) -> FirstPasswordState:
    """Say what became of a password; one that another took the place of is used."""
    if used_at is not None:
        return FirstPasswordState.USED
    return FirstPasswordState.OPEN if at < expires_at else FirstPasswordState.EXPIRED


def normal_text(text: str) -> str:
    """Return the password as it was made: spaces and capitals come in by copying."""
    return "".join(text.split()).lower()
