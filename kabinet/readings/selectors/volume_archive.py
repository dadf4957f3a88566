"""«Архив показаний», «Объёмы по стокам ГВС»: what was counted, and what was sent with its state (READ-04, READ-05)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from kabinet.contracts import selectors as contracts
from kabinet.contracts.models import Contract, SupplyPoint
from kabinet.contracts.rules import rights
from kabinet.contracts.values import Action, Viewer
from kabinet.readings.models import AcceptedVolume, SewageVolume, SubmissionState
from kabinet.readings.selectors.archive import ArchiveQuery


@dataclass(frozen=True, slots=True)
class VolumeLine:
    """A volume of a supply point: counted with its source, or sent with its state."""

    address: str
    month: date
    value: Decimal
    taken_on: date
    source: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class VolumePart:
    """The lines of one contract, newest first."""

    contract: Contract
    lines: tuple[VolumeLine, ...]


def volume_archive_of(viewer: Viewer, query: ArchiveQuery) -> list[VolumePart]:
    """Return the volumes by contract; a taken one is shown once, as what was counted of it."""
    points = {point.pk: point for point in _points(viewer, query)}
    lines = defaultdict[UUID, list[VolumeLine]](list)
    for accepted in _accepted(points.values(), query):
        lines[accepted.contract_id].append(
            _line(accepted, points[accepted.point_id], source=accepted.source, state=SubmissionState.TAKEN)
        )
    for sent in _sent(points.values(), query):
        lines[sent.contract_id].append(
            _line(sent, points[sent.point_id], source="customer", state=sent.state, reason=sent.reason)
        )
    return [
        VolumePart(contract, tuple(sorted(lines[contract.pk], key=_newest_first)))
        for contract in contracts.contracts_of(viewer, action=Action.SEE_READINGS)
        if lines[contract.pk]
    ]


def volume_points_of(viewer: Viewer) -> QuerySet[SupplyPoint]:
    """Return the points of contracts with hot water whose volumes the viewer may see."""
    seen = Q(pk__in=[])
    for membership in viewer.memberships:
        if rights.may(membership.role, Action.SEE_READINGS):
            mine = Q(contract_id=membership.contract_id)
            seen |= mine if membership.points is None else mine & Q(pk__in=membership.points)
    return SupplyPoint.objects.filter(seen, provider_id=viewer.provider_id, contract__has_hot_water=True).order_by(
        "address", "code"
    )


def _points(viewer: Viewer, query: ArchiveQuery) -> QuerySet[SupplyPoint]:
    points = volume_points_of(viewer)
    return points.filter(pk=query.point) if query.point else points


def _accepted(points: Iterable[SupplyPoint], query: ArchiveQuery) -> QuerySet[AcceptedVolume]:
    own = list(points)
    return AcceptedVolume.objects.filter(
        contract_id__in={point.contract_id for point in own},
        point__in=own,
        taken_on__range=(query.since, query.until),
    )


def _sent(points: Iterable[SupplyPoint], query: ArchiveQuery) -> QuerySet[SewageVolume]:
    own = list(points)
    became = AcceptedVolume.objects.filter(contract_id=OuterRef("contract_id"), submission_id=OuterRef("id"))
    rows = SewageVolume.objects.filter(
        contract_id__in={point.contract_id for point in own},
        point__in=own,
        taken_on__range=(query.since, query.until),
    ).annotate(accepted_id=Subquery(became.values("id")[:1]))
    return rows.filter(~Q(state=SubmissionState.TAKEN) | Q(accepted_id=None))


def _line(
    row: AcceptedVolume | SewageVolume, point: SupplyPoint, *, source: str, state: str, reason: str = ""
) -> VolumeLine:
    return VolumeLine(
        address=point.address,
        month=row.month,
        value=row.value,
        taken_on=row.taken_on,
        source=source,
        state=state,
        reason=reason,
    )


def _newest_first(line: VolumeLine) -> tuple[int, str]:
    return -line.taken_on.toordinal(), line.address
