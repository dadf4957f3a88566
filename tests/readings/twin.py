"""What the hand-written statements of sending do, said once more in the ORM: slow, and easy to read."""

from collections import defaultdict

from django.db.models import F, OuterRef, Prefetch, Q, Subquery

from kabinet.contracts import selectors as contracts
from kabinet.contracts.models import Contract, Register, SupplyPoint
from kabinet.contracts.values import Action, EntryStatus
from kabinet.infra import audit, events, idempotency
from kabinet.infra.db import use_case
from kabinet.providers.values import Resource
from kabinet.readings.models import Draft, Reading, Submission, SubmissionState
from kabinet.readings.rules import fates
from kabinet.readings.selectors.archive import Archive, ArchiveLine, ArchivePart, newest_first
from kabinet.readings.selectors.history import known_in, limits_of, of_month, standing
from kabinet.readings.selectors.sheets import Line, Sheet
from kabinet.readings.selectors.windows import openings_of
from kabinet.readings.services import rows


def sheets_of(viewer, provider, *, resource, today):
    allowed = contracts.contracts_of(viewer, action=Action.SEND_READINGS).current(today)
    meters = defaultdict(list)
    seen = contracts.meters_of(viewer, action=Action.SEND_READINGS).filter(resource=resource)
    lasting = Register.objects.filter(valid_from__lte=today).exclude(valid_to__lte=today)
    for meter in seen.prefetch_related(None).prefetch_related(Prefetch("registers", lasting), "replaces"):
        if meter.valid_from <= today and (meter.valid_to is None or meter.valid_to > today):
            meters[meter.contract_id].append(meter)
    return _sheets({contract: meters[contract.pk] for contract in allowed}, provider, today=today)


def _sheets(meters, provider, *, today):
    openings = openings_of(meters.keys(), provider, today=today)
    months = {
        register.pk: openings[contract.pk].window.month
        for contract, own in meters.items()
        for meter in own
        for register in meter.registers.all()
    }
    ids = [contract.pk for contract in meters]
    now = of_month("register", months)
    sent = Submission.objects.filter(now, contract_id__in=ids).exclude(state=SubmissionState.WITHDRAWN)
    facts = {
        "known": known_in(ids, months),
        "drafts": dict(Draft.objects.filter(now).values_list("register_id", "raw")),
        "sent": {row.register_id: row for row in sent.order_by("register", "-sent_at", "-id").distinct("register")},
    }
    return [
        Sheet(
            contract,
            openings[contract.pk].window,
            closed=openings[contract.pk].closed,
            lines=tuple(
                _line(meter, register, facts, provider=provider, month=months[register.pk], today=today)
                for meter in own
                for register in meter.registers.all()
            ),
        )
        for contract, own in meters.items()
    ]


def _line(meter, register, facts, *, provider, month, today):
    known = facts["known"][register.pk]
    limits = limits_of(
        known,
        month=month,
        resource=Resource(meter.resource),
        policy=provider.policy.plausibility,
        physical_per_day=register.physical_limit_per_day,
        days=(today - known.previous.taken_on).days if known.previous else month.days,
    )
    newest = Reading.objects.filter(register=register).order_by("-taken_on", "-value").first()
    return Line(
        meter=meter,
        register=register,
        replaces=next((old.number for old in meter.replaces.all()), ""),
        previous=known.previous,
        newest=(newest.taken_on, newest.value) if newest else None,
        limits=limits,
        draft=facts["drafts"].get(register.pk, ""),
        sent=facts["sent"].get(register.pk),
        is_live=EntryStatus.AWAITING == meter.entry_status == meter.point.entry_status,
    )


@use_case
def store(going, *, sending):
    """Write what `storing.store` writes, row by row."""
    contract = Contract.objects.get(pk=going.sheet.contract.pk)
    idempotency.once(
        sending.key,
        body=None,
        by=sending.by,
        act=lambda: {"outcomes": [fates.outcome_as_json(outcome) for outcome in going.outcomes]},
    )
    made = [_stored(going.sheet, line, outcome, sending=sending) for line, outcome in going.rows]
    audit.record(
        "readings.sent",
        contract,
        before=None,
        after={"month": str(going.sheet.month), "submissions": [str(row.id) for row in made]},
        by=sending.by,
        contract_id=contract.pk,
    )


def _stored(sheet, line, outcome, *, sending):
    facts = rows.facts_of(sheet, line, outcome, sending=sending)
    old = Submission.objects.filter(contract_id=sheet.contract.pk, id=facts["corrects"])
    old.update(state=SubmissionState.SUPERSEDED, state_at=sending.at)
    row = Submission.objects.create(
        register=line.register,
        rolls_over="rollover_suspected" in outcome.problems,
        remarks=list(outcome.notes),
        **facts,
    )
    Draft.objects.filter(register=line.register, month=sheet.month.first).delete()
    events.emit(
        "readings.sent",
        provider_id=sheet.contract.provider_id,
        contract_id=sheet.contract.pk,
        payload=rows.for_billing(row, contract=sheet.contract)
        | {"meter": line.meter.external_id, "register": line.register.external_id, "rolls_over": row.rolls_over},
        at=sending.at,
    )
    return row


def archive_of(viewer, query):
    seen = contracts.meters_of(viewer, action=Action.SEE_READINGS)
    points = SupplyPoint.objects.filter(pk__in=seen.order_by().values("point")).order_by("address", "code", "pk")
    meters = {meter.pk: meter for meter in seen if query.point in {None, meter.point_id}}
    lines = defaultdict(list)
    for row in _archived(Reading, meters, query):
        meter = meters[row.meter_id]
        facts = row.month, row.value, row.taken_on, row.source, SubmissionState.TAKEN, ""
        lines[row.contract_id].append(ArchiveLine(meter.point.address, *facts, meter))
    for row in _archived(Submission, meters, query):
        meter = meters[row.meter_id]
        facts = row.month, row.value, row.taken_on, "customer", row.state, row.reason
        lines[row.contract_id].append(ArchiveLine(meter.point.address, *facts, meter))
    own = contracts.contracts_of(viewer, action=Action.SEE_READINGS)
    parts = [ArchivePart(one, tuple(sorted(lines[one.pk], key=newest_first))) for one in own if one.pk in lines]
    return Archive(tuple(points), tuple(parts))


def _archived(model, meters, query):
    found = model.objects.filter(
        contract_id__in={meter.contract_id for meter in meters.values()},
        register__meter__in=meters.values(),
        taken_on__range=(query.since, query.until),
    ).annotate(meter_id=F("register__meter_id"))
    if model is Reading:
        return standing(found)
    became = Reading.objects.filter(contract_id=OuterRef("contract_id"), submission_id=OuterRef("id"))
    return found.annotate(reading_id=Subquery(became.values("id")[:1])).filter(
        ~Q(state=SubmissionState.TAKEN) | Q(reading_id=None)
    )
