"""«Архив показаний», «Объёмы по стокам ГВС»: what was counted, and what was sent with its state (READ-04, READ-05)."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from kabinet.contracts.models import SupplyPoint
from kabinet.contracts.rules import rights
from kabinet.contracts.values import Action, Viewer
from kabinet.readings.models import AcceptedVolume, SewageVolume, SubmissionState
from kabinet.readings.selectors.archive import (
    ArchiveLine,
    ArchivePart,
    ArchiveQuery,
    accepted_line,
    parts_of,
    sent_line,
)


def volume_archive_of(viewer: Viewer, query: ArchiveQuery) -> list[ArchivePart]:
    """Return the volumes by contract; a taken one is shown once, as what was counted of it."""
    points = {point.pk: point for point in _points(viewer, query)}
    lines = defaultdict[UUID, list[ArchiveLine]](list)
    for accepted in _accepted(points.values(), query):
        lines[accepted.contract_id].append(accepted_line(accepted, address=points[accepted.point_id].address))
    for sent in _sent(points.values(), query):
        lines[sent.contract_id].append(sent_line(sent, address=points[sent.point_id].address))
    return parts_of(viewer, lines)


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
