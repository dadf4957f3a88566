"""When a meter's verification is warned of: 60, 30 and 7 days before, and once it is over."""

from datetime import date
from enum import StrEnum
from typing import Final

DAYS_BEFORE: Final = (7, 30, 60)


class Notice(StrEnum):
    """How near the end of a verification is."""

    NONE = "none"
    IN_60_DAYS = "in_60_days"
    IN_30_DAYS = "in_30_days"
    IN_7_DAYS = "in_7_days"
    EXPIRED = "expired"


_BEFORE: Final = {7: Notice.IN_7_DAYS, 30: Notice.IN_30_DAYS, 60: Notice.IN_60_DAYS}


def notice_of(due: date | None, *, today: date) -> Notice:
    """Return the narrowest notice that the day falls under; on the day itself the verification is over."""
    if due is None:
        return Notice.NONE
    left = (due - today).days
    if left <= 0:
        return Notice.EXPIRED
    return next((_BEFORE[days] for days in DAYS_BEFORE if left <= days), Notice.NONE)
