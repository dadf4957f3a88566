"""The only place that knows what time it is (DESIGN, «Time»).

Business time decides windows, periods and dates that people see, and may be shifted for a demonstration.
Technical time is real: sessions, codes, limits, jobs, logs.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings


def now() -> datetime:
    """Return the business moment, in UTC."""
    return technical_now() + timedelta(seconds=settings.CLOCK_SHIFT_SECONDS)


def today(zone: ZoneInfo) -> date:
    """Return the business day in a zone: there is no today without one."""
    return now().astimezone(zone).date()


def technical_now() -> datetime:
    return datetime.now(UTC)
