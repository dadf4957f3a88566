"""Prices, norms and rates are loaded from a list: tried, shown, then taken whole or not at all (STAFF-01)."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter

from kabinet.contracts.values import ContractKind
from kabinet.infra import audit, ids
from kabinet.infra.db import step
from kabinet.infra.models import StoredFile
from kabinet.kernel.actors import Actor
from kabinet.kernel.periods import Period
from kabinet.providers.models import Provider
from kabinet.tariffs.models import Norm, PenaltyRate, PriceList, Tariff
from kabinet.tariffs.rules.loading import plan_of
from kabinet.tariffs.values.loading import HeldPrice, Key, Plan, PriceDecision, PriceFate, PriceRow, RateKey
from kabinet.tariffs.values.tables import NormKey, TariffKey

_ROWS: Final = TypeAdapter(tuple[PriceRow, ...])
_PLAN: Final = TypeAdapter(Plan)


class AlreadyTaken(Exception):
    """Raised when a list has been taken before."""


class PlanMoved(Exception):
    """Raised when the list would do something else by now than what was shown, or may not be taken at all."""


@dataclass(frozen=True, slots=True)
class GivenList:
    """A list with the name of its file, and the file itself where it came as one."""

    name: str
    rows: Sequence[PriceRow]
    stored: StoredFile | None = None


@step
def keep(given: GivenList, *, provider: Provider, by: Actor, at: datetime, today: date) -> PriceList:
    """Keep a list that was read, with what it would do now; nothing of the tables changes."""
    plan = plan_of(given.rows, held_of(provider.pk), today=today)
    row = PriceList.objects.create(
        id=ids.new(),
        provider=provider,
        name=given.name[:200],
        stored=given.stored,
        rows=_ROWS.dump_python(tuple(given.rows), mode="json"),
        given_by=by.id,
        given_at=at,
    )
    counts = {fate.value: plan.count(fate) for fate in PriceFate}
    audit.record("tariffs.list_tried", row, before=None, after=counts, by=by)
    return row


@step
def take(list_id: UUID, *, shown: str, provider: Provider, by: Actor, at: datetime, today: date) -> PriceList:
    """Do what was shown, all of it; two lists of a provider are taken one after the other."""
    Provider.objects.select_for_update(no_key=True).get(pk=provider.pk)
    row = PriceList.objects.select_for_update(of=("self",)).get(pk=list_id, provider=provider)
    if row.taken_at is not None:
        raise AlreadyTaken
    plan, mark = plan_now(row, today=today)
    if plan.is_refused or mark != shown:
        raise PlanMoved
    _write(plan, provider=provider)
    row.taken_by, row.taken_at = by.id, at
    row.added, row.changed = plan.count(PriceFate.ADDED), plan.count(PriceFate.CHANGED)
    row.save(update_fields=["taken_by", "taken_at", "added", "changed"])
    audit.record("tariffs.list_taken", row, before=_changes_before(plan), after=_changes_after(plan), by=by)
    return row


def plan_now(row: PriceList, *, today: date) -> tuple[Plan, str]:
    """Return what a kept list would do now, and the mark by which the taking knows that nothing has moved since."""
    plan = plan_of(rows_of(row), held_of(row.provider_id), today=today)
    return plan, _digest(plan)


def rows_of(row: PriceList) -> tuple[PriceRow, ...]:
    """Return a kept list's rows as values."""
    return _ROWS.validate_python(row.rows)


def held_of(provider_id: UUID) -> list[HeldPrice]:
    """Return every stored price, norm and rate of a provider, always in the same order."""
    tariffs = Tariff.objects.filter(provider_id=provider_id).order_by("pk")
    norms = Norm.objects.filter(provider_id=provider_id).order_by("pk")
    rates = PenaltyRate.objects.filter(provider_id=provider_id).order_by("pk")
    return [
        *(HeldPrice(row.pk, row.key, row.period, row.price, row.range_end) for row in tariffs),
        *(HeldPrice(row.pk, row.key, row.period, row.value) for row in norms),
        *(HeldPrice(row.pk, RateKey(ContractKind(row.customers)), row.period, row.percent) for row in rates),
    ]


def _digest(plan: Plan) -> str:
    return hashlib.sha256(_PLAN.dump_json(plan)).hexdigest()


def _write(plan: Plan, *, provider: Provider) -> None:
    """Make room first: what gives way, then what ends, then what is corrected, then what is new."""
    live = [one for one in plan.decisions if one.fate is not PriceFate.UNCHANGED]
    for one in live:
        for gone in one.drops:
            _table(gone.key).objects.filter(pk=gone.id).delete()
    for one in live:
        for ended in one.ends:
            _table(ended.key).objects.filter(pk=ended.id).update(valid_to=one.row.period.start)
    for one in live:
        if one.before:
            _table(one.before.key).objects.filter(pk=one.before.id).update(**_facts(one.row))
    for one in live:
        if not one.before:
            _table(one.row.key).objects.create(provider=provider, **_named(one.row.key), **_facts(one.row))


def _table(key: Key) -> "type[Tariff | Norm | PenaltyRate]":
    match key:
        case TariffKey():
            return Tariff
        case NormKey():
            return Norm
        case RateKey():
            return PenaltyRate


def _named(key: Key) -> dict[str, Any]:
    return {name: getattr(key, name) for name in key.__dataclass_fields__}


def _facts(row: PriceRow) -> dict[str, Any]:
    days = {"valid_from": row.period.start, "valid_to": row.period.end}
    match row.key:
        case TariffKey():
            return days | {"price": row.value, "range_end": row.range_end}
        case NormKey():
            return days | {"value": row.value}
        case RateKey():
            return days | {"percent": row.value}


def _changes_before(plan: Plan) -> list[dict[str, Any]]:
    """Say what the rows that are touched were, by their ids."""
    touched = [held for one in plan.decisions if one.fate is not PriceFate.UNCHANGED for held in _touched(one)]
    return [_written(held.period, held.value) | {"id": str(held.id)} for held in touched]


def _touched(one: PriceDecision) -> Iterable[HeldPrice]:
    return (*one.ends, *one.drops, *([one.before] if one.before else []))


def _changes_after(plan: Plan) -> list[dict[str, Any]]:
    live = [one.row for one in plan.decisions if one.fate is not PriceFate.UNCHANGED]
    return [_written(row.period, row.value) | {"row": row.number, "of": _named(row.key)} for row in live]


def _written(period: Period, value: Any) -> dict[str, Any]:
    return {"from": period.start.isoformat(), "to": period.end and period.end.isoformat(), "value": str(value)}
