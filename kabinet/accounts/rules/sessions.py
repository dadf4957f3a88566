"""How long a browser stays signed in."""

from datetime import datetime, timedelta
from typing import Final

# People come once a month to send readings: a session outlives the month, but not the quarter.
IDLE: Final = timedelta(days=30)
LONGEST: Final = timedelta(days=90)
AWAITING_CONSENT: Final = timedelta(minutes=30)
NOTED_EVERY: Final = timedelta(minutes=5)


def is_to_be_noted(seen_at: datetime, *, at: datetime) -> bool:
    """Say whether the last sight of the session is old enough to be written anew."""
    return at - seen_at >= NOTED_EVERY
