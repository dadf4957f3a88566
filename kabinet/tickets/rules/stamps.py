"""Telling people from robots by time: a form that is answered before it could be read was not read."""

from datetime import datetime, timedelta
from typing import Final

from kabinet.tickets.values import StampProblem

QUICKEST: Final = timedelta(seconds=3)
LONGEST: Final = timedelta(hours=24)


def stamp_problem(made_at: datetime, *, at: datetime) -> StampProblem | None:
    """Say why a form made then may not come now; None lets it through."""
    age = at - made_at
    if age > LONGEST:
        return StampProblem.TOO_OLD
    return StampProblem.TOO_QUICK if age < QUICKEST else None
