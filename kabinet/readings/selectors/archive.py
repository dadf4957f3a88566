"""«Архив показаний»: accepted readings of every source, and what was sent with its state (READ-05)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from kabinet.contracts import selectors as contracts
from kabinet.contracts.models import Contract, Meter, SupplyPoint
from kabinet.contracts.values import Action, Viewer
from kabinet.readings.models import AcceptedVolume, Reading, SewageVolume, Submission, SubmissionState
from kabinet.readings.selectors.history import standing


@dataclass(frozen=True, slots=True)
class ArchiveQuery:
    """Which part of the archive: one supply point or all, and days, both included."""

    since: date
    until: date
    point: UUID | None = None


@dataclass(frozen=True, slots=True)
class ArchiveLine:
    """A reading of a register, or the volume of a point: accepted with its source, or sent with its state."""

    address: str
    month: date
    value: Decimal
    taken_on: date
    source: str
    state: str
    reason: str
    meter: Meter | None = None


@dataclass(frozen=True, slots=True)
class ArchivePart:
    """The lines of one contract, newest first."""

    contract: Contract
    lines: tuple[ArchiveLine, ...]


def archive_of(viewer: Viewer, query: ArchiveQuery) -> list[ArchivePart]:
    """Return the archive by contract; a taken submission is shown once, as the reading it became."""
    meters = {meter.pk: meter for meter in _meters(viewer, query)}
    lines: dict[UUID, list[ArchiveLine]] = defaultdict(list)
    for reading in _readings(meters.values(), query):
        meter = meters[reading.meter_id]  # type: ignore[attr-defined]
        line = accepted_line(reading, address=meter.point.address, meter=meter)
        lines[reading.contract_id].append(line)
    for submission in _submissions(meters.values(), query):
        meter = meters[submission.meter_id]  # type: ignore[attr-defined]
        line = sent_line(submission, address=meter.point.address, meter=meter)
        lines[submission.contract_id].append(line)
    return parts_of(viewer, lines)


def parts_of(viewer: Viewer, lines: Mapping[UUID, Sequence[ArchiveLine]]) -> list[ArchivePart]:
    """Put lines under the viewer's contracts; one without lines is left out."""
    return [
        ArchivePart(contract, tuple(sorted(lines[contract.pk], key=_newest_first)))
        for contract in contracts.contracts_of(viewer, action=Action.SEE_READINGS)
        if contract.pk in lines
    ]


def accepted_line(row: Reading | AcceptedVolume, *, address: str, meter: Meter | None = None) -> ArchiveLine:
    return ArchiveLine(address, row.month, row.value, row.taken_on, row.source, SubmissionState.TAKEN, "", meter)


def sent_line(row: Submission | SewageVolume, *, address: str, meter: Meter | None = None) -> ArchiveLine:
    return ArchiveLine(address, row.month, row.value, row.taken_on, "customer", row.state, row.reason, meter)


def points_of(viewer: Viewer) -> QuerySet[SupplyPoint]:
    """Return the supply points whose readings the viewer may see, for «Выбрать адрес»."""
    meters = contracts.meters_of(viewer, action=Action.SEE_READINGS)
    return SupplyPoint.objects.filter(pk__in=meters.order_by().values("point")).order_by("address", "code")


def _meters(viewer: Viewer, query: ArchiveQuery) -> QuerySet[Meter]:
    meters = contracts.meters_of(viewer, action=Action.SEE_READINGS)
    return meters.filter(point_id=query.point) if query.point else meters


def _readings(meters: Iterable[Meter], query: ArchiveQuery) -> QuerySet[Reading]:
    own = list(meters)
    readings = Reading.objects.filter(
        contract_id__in={meter.contract_id for meter in own},
        register__meter__in=own,
        taken_on__range=(query.since, query.until),
    )
    return standing(readings).annotate(meter_id=F("register__meter_id"))


def _submissions(meters: Iterable[Meter], query: ArchiveQuery) -> QuerySet[Submission]:
    own = list(meters)
    became = Reading.objects.filter(contract_id=OuterRef("contract_id"), submission_id=OuterRef("id"))
    return (
        Submission.objects.filter(
            contract_id__in={meter.contract_id for meter in own},
            register__meter__in=own,
            taken_on__range=(query.since, query.until),
        )
        .annotate(meter_id=F("register__meter_id"), reading_id=Subquery(became.values("id")[:1]))
        .filter(~Q(state=SubmissionState.TAKEN) | Q(reading_id=None))
    )


def _newest_first(line: ArchiveLine) -> tuple[int, str, str]:
    return -line.taken_on.toordinal(), line.address, line.meter.number if line.meter else ""
