"""Providers, their hosts, policies, periods and calendar."""

from datetime import date
from zoneinfo import ZoneInfo

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Q

from kabinet.infra import ids
from kabinet.kernel.periods import Month
from kabinet.providers.values import Policy


class PeriodState(models.TextChoices):
    OPEN = "open"
    CLOSED = "closed"


class Provider(models.Model):
    """A utility company whose portal this is (SITE-01)."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    slug = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=160)
    short_name = models.CharField(max_length=60)
    portal_title = models.CharField(max_length=80)
    inn = models.CharField(max_length=12)
    kpp = models.CharField(max_length=9, blank=True)
    bank_details = models.JSONField(default=dict)
    zone_name = models.CharField(max_length=40)
    colour = models.CharField(max_length=7)
    accent = models.CharField(max_length=7)
    resources = ArrayField(models.CharField(max_length=16), default=list)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=240, blank=True)
    hours = models.CharField(max_length=160, blank=True)
    is_open = models.BooleanField(default=True)
    # When billing was last heard of, in business time: pages say how fresh their data is.
    billing_heard_at = models.DateTimeField(null=True)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone_name)


class ProviderHost(models.Model):
    """A host name that means this provider alone."""

    host = models.CharField(max_length=253, primary_key=True)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="hosts")


class PolicyVersion(models.Model):
    """A provider's policy as it stood from one moment to another; never edited, only followed by the next."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="policies")
    version = models.PositiveIntegerField()
    body = models.JSONField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "version"], name="policy_version_once"),
            ExclusionConstraint(
                name="one_policy_at_a_time",
                expressions=[
                    (
                        Func("valid_from", "valid_to", function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                    ("provider", RangeOperators.EQUAL),
                ],
            ),
        ]

    def to_value(self) -> Policy:
        return Policy.model_validate(self.body)


class BillingPeriod(models.Model):
    """A month of a provider; billing alone closes it, and whoever writes into it holds its row."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE)
    month = models.DateField()
    state = models.CharField(max_length=6, choices=PeriodState.choices, default=PeriodState.OPEN)
    closed_at = models.DateTimeField(null=True)
    source_version = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "month"], name="billing_period_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="billing_period_is_a_month"),
        ]

    def to_month(self) -> Month:
        return Month.of(self.month)


class CalendarDay(models.Model):
    """A day that differs from the federal calendar; without a provider it holds for all."""

    id = models.UUIDField(primary_key=True, default=ids.new)
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, null=True)
    day = models.DateField()
    is_working = models.BooleanField()
    note = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "day"], name="calendar_day_once", nulls_distinct=False)
        ]

    def to_override(self) -> tuple[date, bool]:
        return self.day, self.is_working
