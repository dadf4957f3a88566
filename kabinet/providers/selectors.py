"""Reads of providers: who owns a request, under which policy, in which calendar."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from kabinet.kernel.calendar import WorkCalendar
from kabinet.kernel.periods import Month
from kabinet.providers.models import BillingPeriod, CalendarDay, PeriodState, PolicyVersion, Provider
from kabinet.providers.values import Policy


@dataclass(frozen=True, slots=True)
class OpenProvider:
    """A provider with the policy that holds now and its work calendar: what each request needs of it."""

    row: Provider
    policy: Policy
    calendar: WorkCalendar


def open_providers() -> list[Provider]:
    return list(Provider.objects.filter(is_open=True).order_by("name"))


def provider_by_host(host: str, *, at: datetime) -> OpenProvider | None:
    return _opened(Provider.objects.filter(is_open=True, hosts__host=host).first(), at=at)


def provider_by_slug(slug: str, *, at: datetime) -> OpenProvider | None:
    return _opened(Provider.objects.filter(is_open=True, slug=slug).first(), at=at)


def policy_of(provider_id: UUID, *, at: datetime) -> Policy:
    """Return the policy that holds at the moment; a provider without one cannot serve (PolicyVersion.DoesNotExist)."""
    holding = Q(valid_to__isnull=True) | Q(valid_to__gt=at)
    return PolicyVersion.objects.get(holding, provider_id=provider_id, valid_from__lte=at).to_value()


def calendar_of(provider_id: UUID) -> WorkCalendar:
    """Return the federal calendar with the overrides of all and then of this provider."""
    days = CalendarDay.objects.filter(Q(provider=None) | Q(provider_id=provider_id))
    return WorkCalendar(dict(day.to_override() for day in days.order_by(F("provider_id").asc(nulls_first=True))))


def closed_months(provider_id: UUID, *, since: date) -> frozenset[Month]:
    rows = BillingPeriod.objects.filter(provider_id=provider_id, state=PeriodState.CLOSED, month__gte=since)
    return frozenset(row.to_month() for row in rows)


def _opened(row: Provider | None, *, at: datetime) -> OpenProvider | None:
    if row is None:
        return None
    return OpenProvider(row, policy=policy_of(row.pk, at=at), calendar=calendar_of(row.pk))


def calendar_days_of(provider_id: UUID) -> QuerySet[CalendarDay]:
    """Return the days that differ from the federal calendar, those of all providers too, the latest first."""
    return CalendarDay.objects.filter(Q(provider=None) | Q(provider_id=provider_id)).order_by("-day")


def policies_of(provider_id: UUID) -> QuerySet[PolicyVersion]:
    return PolicyVersion.objects.filter(provider_id=provider_id).order_by("-version")
