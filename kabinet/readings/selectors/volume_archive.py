"""«Архив показаний», «Объёмы по стокам ГВС»: what was counted, and what was sent with its state (READ-04, READ-05)."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from kabinet.contracts import selectors as contracts
from kabinet.contracts.models import SupplyPoint
from kabinet.contracts.rules import rights
from kabinet.contracts.values import Action, Viewer
from kabinet.readings.models import AcceptedVolume, SewageVolume, SubmissionState
from kabinet.readings.selectors.archive import Archive, ArchiveLine, ArchivePart, ArchiveQuery, newest_first


def volume_archive_of(viewer: Viewer, query: ArchiveQuery) -> Archive:
    """Return the volumes by contract; a taken one is shown once, as what was counted of it."""
    own = list(_points_of(viewer))
    points = {point.pk: point for point in own if query.point in {None, point.pk}} or {point.pk: point for point in own}
    lines = defaultdict[UUID, list[ArchiveLine]](list)
    for row in _accepted(points.values(), query):
        address = points[row.point_id].address
        line = ArchiveLine(address, row.month, row.value, row.taken_on, row.source, SubmissionState.TAKEN, "")
        lines[row.contract_id].append(line)
    for sent in _sent(points.values(), query):
        address = points[sent.point_id].address
        line = ArchiveLine(address, sent.month, sent.value, sent.taken_on, "customer", sent.state, sent.reason)
        lines[sent.contract_id].append(line)
    parts = [
        ArchivePart(contract, tuple(sorted(lines[contract.pk], key=newest_first)))
        for contract in contracts.contracts_of(viewer, action=Action.SEE_READINGS)
        if contract.pk in lines
    ]
    return Archive(tuple(own), tuple(parts))


def _points_of(viewer: Viewer) -> QuerySet[SupplyPoint]:
    """Return the points of contracts with hot water whose volumes the viewer may see."""
    seen = Q(pk__in=[])
    for membership in viewer.memberships:
        if rights.may(membership.role, Action.SEE_READINGS):
            mine = Q(contract_id=membership.contract_id)
            seen |= mine if membership.points is None else mine & Q(pk__in=membership.points)
    return SupplyPoint.objects.filter(seen, provider_id=viewer.provider_id, contract__has_hot_water=True).order_by(
        "address", "code"
    )


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
