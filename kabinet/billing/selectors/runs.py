"""What the dials of an account showed in a month, and what was sent of them over several."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from kabinet.billing.values.personal import DialReading, Span
from kabinet.billing.values.slips import MeterRun
from kabinet.contracts import selectors as contracts
from kabinet.contracts.models import Meter, Register
from kabinet.contracts.values import Action, Viewer, Zone
from kabinet.kernel.periods import Month
from kabinet.providers.values import Resource
from kabinet.readings.models import Reading, Submission, SubmissionState
from kabinet.readings.selectors.history import standing

CUSTOMER: Final = "customer"


def meters_of(viewer: Viewer, contract_id: UUID) -> QuerySet[Meter]:
    """Return the meters of an account that the viewer may see."""
    return contracts.meters_of(viewer, action=Action.SEE_READINGS).filter(contract_id=contract_id)


def runs_of(viewer: Viewer, contract_id: UUID, month: Month) -> tuple[MeterRun, ...]:
    """Return the accepted readings of a month, each with the one before it."""
    meters = list(meters_of(viewer, contract_id))
    readings = standing(
        Reading.objects.filter(contract_id=contract_id, register__meter__in=[meter.pk for meter in meters])
    ).order_by("register", "-taken_on", "-month")
    current = {row.register_id: row for row in readings.filter(month=month.first).distinct("register")}
    before = {row.register_id: row for row in readings.filter(month__lt=month.first).distinct("register")}
    return tuple(
        _run(meter, register, current[register.pk], before)
        for meter in meters
        for register in sorted(meter.registers.all(), key=_place)
        if register.pk in current
    )


def _place(register: Register) -> tuple[Any, ...]:
    return register.quantity, register.tariff_number or 0, register.zone


def _run(meter: Meter, register: Register, current: Reading, before: Mapping[UUID, Reading]) -> MeterRun:
    previous = before.get(register.pk)
    return MeterRun(
        resource=Resource(meter.resource),
        meter=meter.number,
        place=meter.place,
        zone=Zone(register.zone),
        tariff_number=register.tariff_number,
        digits=register.integer_digits,
        current=current.value,
        taken_on=current.taken_on,
        source=current.source,
        previous=previous.value if previous else None,
        ratio=meter.ratio,
    )


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
