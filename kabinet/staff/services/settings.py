"""What the office sets for its provider: days of the calendar, the policy (STAFF-01, SITE-02)."""

from datetime import date, datetime
from uuid import UUID

from kabinet.accounts.services.specialists import require_duty
from kabinet.accounts.values import StaffAction
from kabinet.contracts.models import Contract
from kabinet.infra.db import use_case
from kabinet.kernel.actors import Actor
from kabinet.providers.models import CalendarDay, PolicyVersion, Provider
from kabinet.providers.services.calendar import drop_day, put_day
from kabinet.providers.services.policies import put_policy
from kabinet.providers.values import DeadlineDay, Policy


class ContractsWithoutDeadline(Exception):
    """Raised when the policy asks contracts for a deadline day that some do not have; says how many."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


@use_case
def set_day(day: date, *, is_working: bool, note: str, provider: Provider, by: Actor) -> CalendarDay:
    """Let a day be a working one, or one off, for this provider."""
    require_duty(by, provider_id=provider.pk, action=StaffAction.SET_CALENDAR)
    return put_day(day, is_working=is_working, note=note, provider=provider, by=by)


@use_case
def forget_day(day_id: UUID, *, provider: Provider, by: Actor) -> date:
    """Let the federal calendar hold on the day again."""
    require_duty(by, provider_id=provider.pk, action=StaffAction.SET_CALENDAR)
    return drop_day(day_id, provider=provider, by=by)


@use_case
def set_policy(policy: Policy, *, provider: Provider, starts_at: datetime, by: Actor, at: datetime) -> PolicyVersion:
    """Let a checked policy hold from a moment on."""
    require_duty(by, provider_id=provider.pk, action=StaffAction.SET_POLICY)
    if isinstance(policy.window, DeadlineDay) and (count := contracts_without_deadline(provider)):
        raise ContractsWithoutDeadline(count)
    return put_policy(policy, provider=provider, starts_at=starts_at, by=by, at=at)


def contracts_without_deadline(provider: Provider) -> int:
    """Return how many contracts would have no window under a rule of deadline days."""
    return Contract.objects.filter(provider=provider, deadline_day=None, valid_to=None).count()
