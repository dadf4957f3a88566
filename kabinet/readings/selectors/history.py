"""What is known of registers before a period: the previous reading and the usual run."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from kabinet.kernel.periods import Month
from kabinet.providers.values import Plausibility, Resource
from kabinet.readings.models import EFFECTIVE, Reading, Submission, SubmissionState
from kabinet.readings.rules import plausibility
from kabinet.readings.values import Limits, Measured, PlausibilityPolicy, Previous
from kabinet.tariffs.values import NormUse

_MONTHS_LOOKED_AT = 14


@dataclass(frozen=True, slots=True)
class Known:
    """A register's past: what it showed last, and its accepted measurements of a year and a bit."""

    previous: Previous | None
    accepted: tuple[Measured, ...] = ()


def known_of(contract_id: UUID, register_ids: Iterable[UUID], *, month: Month) -> Mapping[UUID, Known]:
    """Return the past of registers of one contract, as it looks from the month that is being sent."""
    return known_in([contract_id], dict.fromkeys(register_ids, month))


def known_in(contract_ids: Collection[UUID], months: Mapping[UUID, Month]) -> Mapping[UUID, Known]:
    """Return the past of registers of several contracts, each as it looks from the month that is being sent of it."""
    submissions = Submission.objects.filter(contract_id__in=contract_ids)
    own = set(submissions.filter(of_month("register", months)).values_list("id", flat=True))
    earlier = submissions.filter(of_month("register", months, "month__lt"), state__in=EFFECTIVE)
    readings = [row for row in _readings(contract_ids, months) if row.submission_id not in own]
    found: dict[UUID, list[Previous]] = defaultdict(list)
    measured: dict[UUID, list[Measured]] = defaultdict(list)
    for reading in readings:
        found[reading.register_id].append(_accepted(reading))
        measured[reading.register_id].append(Measured(Month.of(reading.month), reading.value))
    for submission in earlier.order_by("register", "-taken_on", "-sent_at").distinct("register"):
        found[submission.register_id].append(_sent(submission))
    return {
        register: Known(
            previous=max(found[register], key=lambda seen: (seen.taken_on, seen.is_accepted), default=None),
            accepted=tuple(measured[register]),
        )
        for register in months
    }


def of_month(name: str, months: Mapping[UUID, Month], lookup: str = "month") -> Q:
    """Match the rows of each register, or point, by the month that is asked of it; contracts differ in theirs."""
    asked: dict[Month, list[UUID]] = defaultdict(list)
    for row, month in months.items():
        asked[month].append(row)
    nothing = Q(**{f"{name}__in": []})
    return reduce(or_, (Q(**{f"{name}__in": rows, lookup: month.first}) for month, rows in asked.items()), nothing)


def limits_of(
    known: Known,
    *,
    month: Month,
    resource: Resource,
    policy: Plausibility,
    physical_per_day: Decimal | None,
    days: int,
    norm: NormUse | None = None,
) -> Limits:
    """Return the usual and the physical limit of what a register may have run since its previous reading.

    The norm is of the account's people; each of its registers may run as much as all of them together.
    """
    average = plausibility.average_monthly(known.accepted, until=month)
    months = plausibility.months_between(known.previous.month if known.previous else None, month)
    figures = PlausibilityPolicy(floor=policy.floors.get(resource, policy.default_floor), factor=policy.average_factor)
    return plausibility.limits(
        figures,
        average=average,
        months=months,
        norm=norm.norm if norm else None,
        people=norm.people if norm else 0,
        own=plausibility.usual_run(known.accepted, month=month) if policy.by_own_past else None,
        physical=plausibility.physical_limit(physical_per_day, days=days),
    )


def usual_of(known: Known, *, month: Month) -> Decimal | None:
    """Return what the register usually runs from its previous reading up to the month's; None without a past."""
    own = plausibility.usual_run(known.accepted, month=month)
    if own is None:
        return None
    return own.median * plausibility.months_between(known.previous.month if known.previous else None, month)


def standing(readings: QuerySet[Reading]) -> QuerySet[Reading]:
    """Keep the accepted readings whose sender has not taken them back since."""
    withdrawn = Submission.objects.filter(
        contract_id=OuterRef("contract_id"), id=OuterRef("submission_id"), state=SubmissionState.WITHDRAWN
    )
    return readings.exclude(Exists(withdrawn))


def _readings(contract_ids: Collection[UUID], months: Mapping[UUID, Month]) -> list[Reading]:
    """Return the accepted readings of the last year and, where there are none, the newest one before it."""
    since = {register: month.plus(-_MONTHS_LOOKED_AT) for register, month in months.items()}
    until = standing(Reading.objects.filter(of_month("register", months, "month__lte"), contract_id__in=contract_ids))
    recent = list(until.filter(of_month("register", since, "month__gte")).order_by("taken_on"))
    silent = months.keys() - {row.register_id for row in recent}
    if silent:
        recent += until.filter(register_id__in=silent).order_by("register", "-taken_on").distinct("register")
    return recent


def _accepted(row: Reading) -> Previous:
    return Previous(row.value, row.taken_on, Month.of(row.month), source=row.source, is_accepted=True)


def _sent(row: Submission) -> Previous:
    return Previous(row.value, row.taken_on, Month.of(row.month), source="customer", is_accepted=False)
