"""When a contract's readings and volumes are awaited."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Max, Q

from kabinet.contracts.models import Contract
from kabinet.kernel.periods import Month, Period
from kabinet.providers.models import BillingPeriod, PeriodState
from kabinet.providers.selectors import OpenProvider
from kabinet.providers.values import DayRange, UntilClosed
from kabinet.readings.models import WindowExtension
from kabinet.readings.rules import windows
from kabinet.readings.values import Extension, Mistake, Window

# A contract without a day of its own is due by the end of the month.
LAST_DAY: Final = 31


@dataclass(frozen=True, slots=True)
class Opening:
    """A contract's window, and why nothing of it is taken today."""

    window: Window
    closed: Mistake | None


def openings_of(contracts: Collection[Contract], provider: OpenProvider, *, today: date) -> dict[UUID, Opening]:
    """Return the openings of several contracts by two statements."""
    granted = _extensions_of(contracts, provider, today=today)
    period = open_period_of(provider, today=today)
    ended = months_ended_early(provider, today=today)
    found = {
        contract.pk: window_by_day(
            contract.deadline_day,
            provider,
            extensions=granted[None] + granted[contract.pk],
            today=today,
            open_period=period,
            closed=ended,
        )
        for contract in contracts
    }
    closed = _closed_among({window.month for window in found.values()}, provider)
    return {
        contract.pk: Opening(window, why_closed_in(contract, provider, window, closed=closed, today=today))
        for contract in contracts
        for window in [found[contract.pk]]
    }


def window_for(contract: Contract, provider: OpenProvider, *, today: date) -> Window:
    """Return the contract's window that holds today, else the next one to open."""
    granted = _extensions_of([contract], provider, today=today)
    return window_by_day(
        contract.deadline_day,
        provider,
        extensions=granted[None] + granted[contract.pk],
        today=today,
        open_period=open_period_of(provider, today=today),
        closed=months_ended_early(provider, today=today),
    )


def months_ended_early(provider: OpenProvider, *, today: date) -> frozenset[Month]:
    """Return the closed months that readings may still be meant for, where they are taken any day; else ask nobody."""
    if not isinstance(provider.policy.window, DayRange):
        return frozenset()
    since = Month.of(today).previous.first
    closed = BillingPeriod.objects.filter(provider_id=provider.row.pk, state=PeriodState.CLOSED, month__gte=since)
    return frozenset(map(Month.of, closed.values_list("month", flat=True)))


def open_period_of(provider: OpenProvider, *, today: date) -> Month | None:
    """Return the month that billing has not closed yet, where it alone closes windows; None elsewhere, unasked."""
    if not isinstance(provider.policy.window, UntilClosed):
        return None
    closed = BillingPeriod.objects.filter(
        provider_id=provider.row.pk, state=PeriodState.CLOSED, month__lte=today
    ).aggregate(last=Max("month"))["last"]
    return windows.open_period(Month.of(closed) if closed else None, today)


def window_by_day(
    deadline_day: int | None,
    provider: OpenProvider,
    *,
    extensions: Collection[Extension],
    today: date,
    open_period: Month | None = None,
    closed: Collection[Month] = (),
) -> Window:
    """Return the window of all contracts with this deadline day and these extensions."""
    return windows.current_window(
        provider.policy.window,
        today,
        calendar=provider.calendar,
        deadline_day=deadline_day or LAST_DAY,
        open_period=open_period,
        extensions=extensions,
        closed=closed,
    )


def why_closed_for(contract: Contract, provider: OpenProvider, window: Window, *, today: date) -> Mistake | None:
    """Say why nothing of the contract is taken today: one that has ended takes nothing, whatever the window says."""
    closed = _closed_among([window.month], provider)
    return why_closed_in(contract, provider, window, closed=closed, today=today)


def why_closed(provider: OpenProvider, window: Window, *, today: date) -> Mistake | None:
    """Say why nothing is taken today; None means that the form is open."""
    return _why_closed(provider, window, closed=_closed_among([window.month], provider), today=today)


def why_closed_in(
    contract: Contract, provider: OpenProvider, window: Window, *, closed: Collection[Month], today: date
) -> Mistake | None:
    """Say why nothing of the contract is taken today, the months that billing has closed being known."""
    if not Period(contract.valid_from, contract.valid_to).holds(today):
        return Mistake.ENTRY_CLOSED
    return _why_closed(provider, window, closed=closed, today=today)


def _why_closed(provider: OpenProvider, window: Window, *, closed: Collection[Month], today: date) -> Mistake | None:
    if not windows.takes_readings(provider.policy.window, window, today=today):
        return Mistake.WINDOW_CLOSED
    return Mistake.PERIOD_CLOSED if window.month in closed else None


def _extensions_of(
    contracts: Collection[Contract], provider: OpenProvider, *, today: date
) -> defaultdict[UUID | None, list[Extension]]:
    """Return what the office has granted to each of the contracts and, under None, to all of its provider."""
    granted: defaultdict[UUID | None, list[Extension]] = defaultdict(list)
    for extension in WindowExtension.objects.filter(
        Q(contract=None) | Q(contract__in=contracts),
        provider_id=provider.row.pk,
        month__gte=Month.of(today).previous.first,
        withdrawn_at=None,
    ):
        granted[extension.contract_id].append(extension.to_value())
    return granted


def _closed_among(months: Collection[Month], provider: OpenProvider) -> set[Month]:
    """Return the months that billing has closed."""
    periods = BillingPeriod.objects.filter(
        provider_id=provider.row.pk, month__in=[month.first for month in months], state=PeriodState.CLOSED
    )
    return {Month.of(month) for month in periods.values_list("month", flat=True)}
