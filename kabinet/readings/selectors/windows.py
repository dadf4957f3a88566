"""When a contract's readings and volumes are awaited."""

from datetime import date

from kabinet.contracts.models import Contract
from kabinet.providers.models import BillingPeriod, PeriodState
from kabinet.providers.selectors import OpenProvider
from kabinet.readings.rules import windows
from kabinet.readings.values import Mistake, Window


def window_for(contract: Contract, provider: OpenProvider, *, today: date) -> Window:
    """Return the contract's window that holds today, else the next one to open."""
    return windows.current_window(
        provider.policy.window, today, calendar=provider.calendar, deadline_day=contract.deadline_day
    )


def why_closed(provider: OpenProvider, window: Window, *, today: date) -> Mistake | None:
    """Say why nothing is taken today; None means that the form is open."""
    if not windows.takes_readings(provider.policy.window, window, today=today):
        return Mistake.WINDOW_CLOSED
    is_closed = BillingPeriod.objects.filter(
        provider_id=provider.row.pk, month=window.month.first, state=PeriodState.CLOSED
    ).exists()
    return Mistake.PERIOD_CLOSED if is_closed else None
