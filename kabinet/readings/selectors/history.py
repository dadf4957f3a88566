"""What is known of registers before a period: the previous reading and the usual run."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from kabinet.kernel.periods import Month
from kabinet.providers.values import Plausibility, Resource
from kabinet.readings.models import EFFECTIVE, Reading, Submission
from kabinet.readings.rules import plausibility
from kabinet.readings.values import Limits, Measured, PlausibilityPolicy, Previous

_MONTHS_LOOKED_AT = 14


@dataclass(frozen=True, slots=True)
class Known:
    """A register's past: what it showed last, and its accepted measurements of a year and a bit."""

    previous: Previous | None
    accepted: tuple[Measured, ...] = ()


def known_of(contract_id: UUID, register_ids: Iterable[UUID], *, month: Month) -> Mapping[UUID, Known]:
    """Return the past of registers of one contract, as it looks from the month that is being sent."""
    wanted = list(register_ids)
    own = set(
        Submission.objects.filter(contract_id=contract_id, register_id__in=wanted, month=month.first).values_list(
            "id", flat=True
        )
    )
    readings = [row for row in _readings(contract_id, wanted, month=month) if row.submission_id not in own]
    found: dict[UUID, list[Previous]] = defaultdict(list)
    for reading in readings:
        found[reading.register_id].append(_accepted(reading))
    for submission in Submission.objects.filter(
        contract_id=contract_id, register_id__in=wanted, month__lt=month.first, state__in=EFFECTIVE
    ):
        found[submission.register_id].append(_sent(submission))
    measured: dict[UUID, list[Measured]] = defaultdict(list)
    for reading in readings:
        measured[reading.register_id].append(Measured(Month.of(reading.month), reading.value))
    return {
        register: Known(
            previous=max(found[register], key=lambda seen: (seen.taken_on, seen.is_accepted), default=None),
            accepted=tuple(measured[register]),
        )
        for register in wanted
    }


def limits_of(
    known: Known, *, month: Month, resource: Resource, policy: Plausibility, physical_per_day: Decimal | None, days: int
) -> Limits:
    """Return the usual and the physical limit of what a register may have run since its previous reading."""
    average = plausibility.average_monthly(known.accepted, until=month)
    months = plausibility.months_between(known.previous.month if known.previous else None, month)
    figures = PlausibilityPolicy(floor=policy.floors.get(resource, policy.default_floor), factor=policy.average_factor)
    return plausibility.limits(
        figures,
        average=average,
        months=months,
        physical=plausibility.physical_limit(physical_per_day, days=days),
    )


def _readings(contract_id: UUID, register_ids: list[UUID], *, month: Month) -> list[Reading]:
    """Return the accepted readings of the last year and, where there are none, the newest one before it."""
    since = month.plus(-_MONTHS_LOOKED_AT).first
    of_contract = Reading.objects.filter(contract_id=contract_id, month__lte=month.first)
    recent = list(of_contract.filter(register_id__in=register_ids, month__gte=since).order_by("taken_on"))
    silent = set(register_ids) - {row.register_id for row in recent}
    if silent:
        recent += of_contract.filter(register_id__in=silent).order_by("register", "-taken_on").distinct("register")
    return recent


def _accepted(row: Reading) -> Previous:
    return Previous(row.value, row.taken_on, Month.of(row.month), source=row.source, is_accepted=True)


def _sent(row: Submission) -> Previous:
    return Previous(row.value, row.taken_on, Month.of(row.month), source="customer", is_accepted=False)
