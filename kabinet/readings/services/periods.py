"""Holding a billing period open while something is written into it."""

from uuid import UUID

from kabinet.infra.db import step
from kabinet.kernel.periods import Month
from kabinet.providers.models import BillingPeriod, PeriodState


@step
def hold_open_period(provider_id: UUID, month: Month) -> bool:
    """Hold the period's row open until the transaction ends; False when billing has closed it (I17)."""
    BillingPeriod.objects.get_or_create(provider_id=provider_id, month=month.first)
    rows = BillingPeriod.objects.raw(
        "SELECT * FROM providers_billingperiod WHERE provider_id = %s AND month = %s AND state = %s FOR SHARE",
        [provider_id, month.first, PeriodState.OPEN],
    )
    return bool(list(rows))
