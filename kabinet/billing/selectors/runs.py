"""What the dials of an account showed in a month, and what was sent of them over several."""

from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from kabinet.billing.values.personal import DialReading, Span
from kabinet.contracts import selectors as contracts
from kabinet.contracts.models import Meter
from kabinet.contracts.values import Action, Viewer, Zone
from kabinet.providers.values import Resource
from kabinet.readings.models import Reading, Submission, SubmissionState
from kabinet.readings.selectors.history import standing

CUSTOMER: Final = "customer"


def meters_of(viewer: Viewer, contract_id: UUID) -> QuerySet[Meter]:
    """Return the meters of an account that the viewer may see."""
    return contracts.meters_of(viewer, action=Action.SEE_READINGS).filter(contract_id=contract_id)


def readings_of(viewer: Viewer, contract_id: UUID, *, resource: Resource, span: Span) -> list[DialReading]:
    """Return what was accepted and sent of a resource in the months, the newest first.

    What was sent and has become an accepted reading is told once, as that.
    """
    meters = {meter.pk: meter for meter in meters_of(viewer, contract_id).filter(resource=resource)}
    asked = {
        "contract_id": contract_id,
        "register__meter__in": list(meters),
        "taken_on__range": (span.since.first, span.until.last),
    }
    accepted = standing(Reading.objects.filter(**asked)).select_related("register")
    became = Reading.objects.filter(contract_id=contract_id, submission_id=OuterRef("id"))
    sent = Submission.objects.filter(~(Q(state=SubmissionState.TAKEN) & Exists(became)), **asked)
    rows = [
        *(_told(row, meters[row.register.meter_id], row.source, SubmissionState.TAKEN) for row in accepted),
        *(
            _told(row, meters[row.register.meter_id], CUSTOMER, row.state, row.reason)
            for row in sent.select_related("register")
        ),
    ]
    return sorted(rows, key=lambda row: (-row.taken_on.toordinal(), row.meter, row.tariff_number or 0, row.zone))


def _told(row: Reading | Submission, meter: Meter, source: str, state: str, reason: str = "") -> DialReading:
    register = row.register
    return DialReading(
        meter=meter.number,
        place=meter.place,
        zone=Zone(register.zone),
        tariff_number=register.tariff_number,
        digits=register.integer_digits,
        value=row.value,
        taken_on=row.taken_on,
        source=source,
        state=state,
        reason=reason,
    )
