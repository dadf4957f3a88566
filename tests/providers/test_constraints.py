"""What the database forbids about providers: two policies at once, a period of half a month, a day named twice."""

from datetime import UTC, date, datetime

import pytest

from kabinet.providers.models import BillingPeriod, CalendarDay, PolicyVersion
from tests.refusals import again, refused

pytestmark = pytest.mark.django_db

LATER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def rows(w):
    return {
        "policy": PolicyVersion.objects.get(provider=w),
        "period": BillingPeriod.objects.create(provider=w, month=date(2026, 10, 1)),
        "day": CalendarDay.objects.create(provider=w, day=date(2026, 11, 2), is_working=False),
        "day of all": CalendarDay.objects.create(provider=None, day=date(2026, 11, 2), is_working=False),
    }


@pytest.mark.parametrize(
    ("constraint", "row", "changed"),
    [
        ("policy_version_once", "policy", {"valid_from": LATER, "valid_to": LATER}),
        ("one_policy_at_a_time", "policy", {"version": 2, "valid_from": LATER}),
        ("billing_period_once", "period", {}),
        ("billing_period_is_a_month", "period", {"month": date(2026, 11, 2)}),
        ("calendar_day_once", "day", {"is_working": True}),
        ("calendar_day_once", "day of all", {"is_working": True}),
    ],
)
def test_database_refuses(rows, constraint, row, changed):
    refused(constraint, lambda: again(rows[row], **changed))


def test_same_day_of_another_provider_is_another_day(rows, v):
    again(rows["day"], provider_id=v.pk)

    assert CalendarDay.objects.filter(day=date(2026, 11, 2)).count() == 3
