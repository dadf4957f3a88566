"""Days on which the provider works, or does not, unlike the federal calendar; windows follow at once."""

from datetime import date
from uuid import UUID

from kabinet.infra import audit
from kabinet.infra.db import step
from kabinet.kernel.actors import Actor
from kabinet.providers.models import CalendarDay, Provider


class DayUnknown(Exception):
    """Raised when the provider has no such day of its own."""


@step
def put_day(day: date, *, is_working: bool, note: str, provider: Provider, by: Actor) -> CalendarDay:
    """Set a day of the provider, new or in place of what was set before."""
    before = CalendarDay.objects.select_for_update().filter(provider=provider, day=day).first()
    row, _ = CalendarDay.objects.update_or_create(
        provider=provider, day=day, defaults={"is_working": is_working, "note": note}
    )
    was = {"is_working": before.is_working} if before else None
    after = {"day": day.isoformat(), "is_working": is_working}
    audit.record("providers.day_set", row, before=was, after=after, by=by)
    return row


@step
def drop_day(day_id: UUID, *, provider: Provider, by: Actor) -> date:
    """Let the federal calendar hold again; days that are common to all providers are not a provider's to drop."""
    row = CalendarDay.objects.select_for_update().filter(provider=provider, pk=day_id).first()
    if row is None:
        raise DayUnknown
    before = {"day": row.day.isoformat(), "is_working": row.is_working}
    audit.record("providers.day_dropped", row, before=before, after=None, by=by)
    row.delete()
    return row.day
