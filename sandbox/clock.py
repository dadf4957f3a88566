"""Business time: the system's, moved by the shift that the whole demonstration shares."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MOSCOW = ZoneInfo("Europe/Moscow")


@dataclass(frozen=True, slots=True)
class Clock:
    """What time it is in the demonstration."""

    shift: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift

    def today(self, zone: ZoneInfo) -> date:
        return self.now().astimezone(zone).date()


def written(at: datetime) -> str:
    """Write an instant so that texts compare as instants do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
