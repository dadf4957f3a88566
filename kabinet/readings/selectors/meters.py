"""One meter as its page tells it (READ-10, READ-19)."""

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from kabinet.contracts.models import Meter, Register
from kabinet.contracts.values import Action, Viewer
from kabinet.readings.selectors.points import seen_by


def meters_seen_by(viewer: Viewer) -> QuerySet[Meter]:
    """Return the meters whose readings the viewer may see, those that were taken away, too."""
    registers = Register.objects.order_by("quantity", "tariff_number", "zone", "valid_from", "pk")
    return (
        Meter.objects.filter(seen_by(viewer, action=Action.SEE_READINGS, point="point_id"))
        .select_related("point", "contract", "replaced_by")
        .prefetch_related(Prefetch("registers", registers), "replaces")
    )


def meter_of(viewer: Viewer, meter_id: UUID) -> Meter | None:
    return meters_seen_by(viewer).filter(pk=meter_id).first()
