"""History of readings by supply point, meter and register: accepted with source, sent with state (READ-19)."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from kabinet.contracts.models import Meter, Register, SupplyPoint
from kabinet.contracts.values import Action, Viewer
from kabinet.kernel.periods import Month
from kabinet.readings.models import Reading, Submission, SubmissionState
from kabinet.readings.rules.monthly import Mark
from kabinet.readings.selectors.history import standing
from kabinet.readings.selectors.points import seen_by
from kabinet.readings.values.points import HistoryQuery


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A reading of a register: accepted with its source, or sent with its state."""

    register: Register
    month: Month
    value: Decimal
    taken_on: date
    source: str
    state: str
    reason: str
    rolls_over: bool = False
    is_accepted: bool = False

    def to_mark(self) -> Mark:
        return Mark(self.month, self.taken_on, self.value, rolls_over=self.rolls_over)


def points_with_history(viewer: Viewer, query: HistoryQuery) -> QuerySet[SupplyPoint]:
    """Return the supply points that had a meter in the months, by contract and code."""
    found = SupplyPoint.objects.filter(seen_by(viewer, action=Action.SEE_READINGS))
    if query.contract:
        found = found.filter(contract_id=query.contract)
    for word in query.address.split():
        found = found.filter(Q(address__icontains=word) | Q(name__icontains=word) | Q(code__icontains=word))
    found = found.filter(Exists(_during(query).filter(point=OuterRef("pk"))))
    return found.select_related("contract").order_by("contract__number", "contract_id", "code", "pk")


def meters_with_history(points: Collection[UUID], query: HistoryQuery) -> Mapping[UUID, list[Meter]]:
    """Return the meters that each point had in the months, those that were taken away after the others."""
    registers = Register.objects.order_by("quantity", "tariff_number", "zone", "valid_from", "pk")
    meters = _during(query).filter(point_id__in=points).select_related("replaced_by")
    meters = meters.prefetch_related(Prefetch("registers", registers))
    found: defaultdict[UUID, list[Meter]] = defaultdict(list)
    for meter in meters.order_by(F("valid_to").desc(nulls_first=True), "number", "pk"):
        found[meter.point_id].append(meter)
    return found


def _during(query: HistoryQuery) -> QuerySet[Meter]:
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gt=query.since.first)
    return Meter.objects.filter(lasting, valid_from__lte=query.until.last)


def lines_of(meters: Collection[Meter], *, since: Month, until: Month) -> Mapping[UUID, list[HistoryLine]]:
    """Return what was read of each meter, the newest month first; a taken sending is shown as what it became."""
    registers = {register.pk: register for meter in meters for register in meter.registers.all()}
    if not registers:
        return {}
    within = Q(
        contract_id__in={meter.contract_id for meter in meters},
        register_id__in=list(registers),
        month__range=(since.first, until.first),
    )
    found: defaultdict[UUID, list[HistoryLine]] = defaultdict(list)
    for line in (*_accepted(within, registers), *_sent(within, registers)):
        found[line.register.meter_id].append(line)
    order = {register: place for place, register in enumerate(registers)}
    for lines in found.values():
        lines.sort(key=lambda line: (line.month, line.taken_on, -order[line.register.pk]), reverse=True)
    return found


def _accepted(within: Q, registers: Mapping[UUID, Register]) -> list[HistoryLine]:
    sender = Submission.objects.filter(contract_id=OuterRef("contract_id"), id=OuterRef("submission_id"))
    readings = standing(Reading.objects.filter(within)).annotate(rolled=Subquery(sender.values("rolls_over")[:1]))
    return [
        HistoryLine(
            registers[row.register_id],
            Month.of(row.month),
            row.value,
            row.taken_on,
            row.source,
            SubmissionState.TAKEN,
            "",
            rolls_over=bool(row.rolled),
            is_accepted=True,
        )
        for row in readings
    ]


def _sent(within: Q, registers: Mapping[UUID, Register]) -> list[HistoryLine]:
    became = Reading.objects.filter(contract_id=OuterRef("contract_id"), submission_id=OuterRef("id"))
    rows = Submission.objects.filter(within).annotate(reading_id=Subquery(became.values("id")[:1]))
    return [
        HistoryLine(
            registers[row.register_id], Month.of(row.month), row.value, row.taken_on, "customer", row.state, row.reason
        )
        for row in rows.filter(~Q(state=SubmissionState.TAKEN) | Q(reading_id=None))
    ]
