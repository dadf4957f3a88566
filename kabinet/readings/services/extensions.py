"""The office extends a window, and takes that back (STAFF-01)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from kabinet.accounts.services.specialists import require_duty
from kabinet.accounts.values import StaffAction
from kabinet.contracts.models import Contract
from kabinet.contracts.services.access import require
from kabinet.infra import audit
from kabinet.infra.db import step, use_case
from kabinet.infra.idempotency import Result, once
from kabinet.kernel.actors import Actor
from kabinet.providers.selectors import OpenProvider
from kabinet.providers.values import DeadlineDay
from kabinet.readings.models import WindowExtension
from kabinet.readings.rules.extensions import extension_problem
from kabinet.readings.rules.windows import window_of
from kabinet.readings.services.periods import hold_open_period
from kabinet.readings.values import Extension, ExtensionProblem


class ExtensionRefused(Exception):
    """Raised when the window cannot be extended so; says which rule forbids it."""

    def __init__(self, problem: ExtensionProblem) -> None:
        super().__init__(problem)
        self.problem = problem


class ExtensionUnknown(Exception):
    """Raised when the provider has no such extension in force."""


@dataclass(frozen=True, slots=True)
class Granting:
    """One press of «Продлить»: for a contract, or for all of the provider, under which key."""

    provider: OpenProvider
    contract: Contract | None
    key: str
    by: Actor
    at: datetime
    today: date


@use_case
def extend_window(wanted: Extension, *, granting: Granting) -> UUID:
    """Let the window of a month close later; the same key and words again give the same extension."""
    _require(granting.by, provider=granting.provider, contract=granting.contract, at=granting.at)
    body = [str(granting.contract.pk) if granting.contract else "", str(wanted.month), wanted.closes.isoformat()]
    result = once(granting.key, body=body, by=granting.by, act=lambda: _extend(wanted, granting=granting))
    return UUID(result["extension"])


@use_case
def withdraw_extension(extension_id: UUID, *, provider: OpenProvider, by: Actor, at: datetime) -> WindowExtension:
    """Let the window close as the rule says again; what came in meanwhile stays."""
    found = WindowExtension.objects.filter(provider=provider.row, pk=extension_id, withdrawn_at=None)
    extension = found.select_for_update(of=("self",)).select_related("contract").first()
    if extension is None:
        raise ExtensionUnknown
    _require(by, provider=provider, contract=extension.contract, at=at)
    extension.withdrawn_at = at
    extension.save(update_fields=["withdrawn_at"])
    _record("readings.extension_withdrawn", extension, by=by)
    return extension


def _require(by: Actor, *, provider: OpenProvider, contract: Contract | None, at: datetime) -> None:
    if contract:
        require(by, contract, StaffAction.EXTEND_WINDOWS, at=at)
    else:
        require_duty(by, provider_id=provider.row.pk, action=StaffAction.EXTEND_WINDOWS)


@step
def _extend(wanted: Extension, *, granting: Granting) -> Result:
    if problem := _problem(wanted, granting=granting):
        raise ExtensionRefused(problem)
    if _in_force(wanted, granting=granting).exists():
        raise ExtensionRefused(ExtensionProblem.NOT_LATER)
    if not hold_open_period(granting.provider.row.pk, wanted.month):
        raise ExtensionRefused(ExtensionProblem.PERIOD_CLOSED)
    extension = WindowExtension.objects.create(
        provider=granting.provider.row,
        contract=granting.contract,
        month=wanted.month.first,
        closes_on=wanted.closes,
        reason=granting.by.reason,
        given_by=granting.by.person,
        given_at=granting.at,
    )
    _record("readings.window_extended", extension, by=granting.by)
    return {"extension": str(extension.pk)}


def _in_force(wanted: Extension, *, granting: Granting) -> QuerySet[WindowExtension]:
    """Return what lets the window close as late already: granted to the contract, or to all."""
    mine = Q(contract=None) | Q(contract=granting.contract)
    granted = WindowExtension.objects.filter(mine, provider=granting.provider.row, withdrawn_at=None)
    return granted.filter(month=wanted.month.first, closes_on__gte=wanted.closes)


def _problem(wanted: Extension, *, granting: Granting) -> ExtensionProblem | None:
    """Return what forbids it on every deadline day concerned; on those where it cannot be the usual window stays."""
    problems = [_problem_on(day, wanted, provider=granting.provider, today=granting.today) for day in _days(granting)]
    return None if None in problems else next(iter(problems), ExtensionProblem.NOT_NEEDED)


def _problem_on(
    deadline_day: int | None, wanted: Extension, *, provider: OpenProvider, today: date
) -> ExtensionProblem | None:
    rule, calendar = provider.policy.window, provider.calendar
    window = window_of(rule, wanted.month, calendar=calendar, deadline_day=deadline_day)
    following = window_of(rule, wanted.month.next, calendar=calendar, deadline_day=deadline_day)
    return extension_problem(wanted, window, next_opens=following.opens, today=today)


def _days(granting: Granting) -> Iterable[int | None]:
    """Return the deadline days concerned; a contract that lacks the one its rule asks for has no window at all."""
    if granting.contract:
        days = [granting.contract.deadline_day]
    else:
        contracts = Contract.objects.filter(provider=granting.provider.row).current(granting.today)
        days = list(contracts.order_by("deadline_day").values_list("deadline_day", flat=True).distinct())
    needs_day = isinstance(granting.provider.policy.window, DeadlineDay)
    return [day for day in days if day is not None or not needs_day]


@step
def _record(act: str, extension: WindowExtension, *, by: Actor) -> None:
    facts = {"month": extension.month.isoformat()[:7], "closes_on": extension.closes_on.isoformat()}
    audit.record(act, extension, before=None, after=facts, by=by, contract_id=extension.contract_id)
