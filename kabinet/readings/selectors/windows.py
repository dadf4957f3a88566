"""When a contract's readings and volumes are awaited."""

from collections.abc import Collection
from datetime import date
from typing import Final

from django.db.models import Q

from kabinet.contracts.models import Contract
from kabinet.kernel.periods import Month, Period
from kabinet.providers.models import BillingPeriod, PeriodState
from kabinet.providers.selectors import OpenProvider
from kabinet.readings.models import WindowExtension
from kabinet.readings.rules import windows
from kabinet.readings.values import Extension, Mistake, Window

# A contract without a day of its own is due by the end of the month.
LAST_DAY: Final = 31


def window_for(contract: Contract, provider: OpenProvider, *, today: date) -> Window:
    """Return the contract's window that holds today, else the next one to open."""
    extensions = extensions_of(contract, since=Month.of(today).previous)
    return window_by_day(contract.deadline_day, provider, extensions=extensions, today=today)


def window_by_day(
    deadline_day: int | None, provider: OpenProvider, *, extensions: Collection[Extension], today: date
) -> Window:
    """Return the window of all contracts with this deadline day and these extensions."""
    return windows.current_window(
        provider.policy.window,
        today,
        calendar=provider.calendar,
        deadline_day=deadline_day or LAST_DAY,
        extensions=extensions,
    )


def extensions_of(contract: Contract, *, since: Month) -> list[Extension]:
    """Return what the office has granted to the contract, or to all contracts of its provider."""
    mine = Q(contract=None) | Q(contract=contract)
    granted = WindowExtension.objects.filter(
        mine, provider_id=contract.provider_id, month__gte=since.first, withdrawn_at=None
    )
    return [extension.to_value() for extension in granted]


def why_closed_for(contract: Contract, provider: OpenProvider, window: Window, *, today: date) -> Mistake | None:
    """Say why nothing of the contract is taken today: one that has ended takes nothing, whatever the window says."""
    if not Period(contract.valid_from, contract.valid_to).holds(today):
        return Mistake.ENTRY_CLOSED
    return why_closed(provider, window, today=today)


def why_closed(provider: OpenProvider, window: Window, *, today: date) -> Mistake | None:
    """Say why nothing is taken today; None means that the form is open."""
    if not windows.takes_readings(provider.policy.window, window, today=today):
        return Mistake.WINDOW_CLOSED
    is_closed = BillingPeriod.objects.filter(
        provider_id=provider.row.pk, month=window.month.first, state=PeriodState.CLOSED
    ).exists()
    return Mistake.PERIOD_CLOSED if is_closed else None
