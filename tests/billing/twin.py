"""What the statements of a slip do, said once more in the ORM: slow, and easy to read."""

from kabinet.billing.models import Balance, Charge
from kabinet.billing.rules.slips import due_on
from kabinet.billing.selectors.months import accounts_of, in_order, lines_of, sums_of
from kabinet.billing.selectors.runs import meters_of
from kabinet.billing.selectors.slips import address_of, payee_of, payer_of
from kabinet.billing.values.slips import MeterRun, ResourceMonth, Slip
from kabinet.contracts.values import Action, Zone
from kabinet.providers.values import Resource
from kabinet.readings.models import Reading
from kabinet.readings.selectors.history import standing


def slip_of(viewer, contract_id, month):
    contract = accounts_of(viewer, action=Action.SEE_DOCUMENTS).filter(pk=contract_id).first()
    resources = _resources(viewer, contract_id, month)
    if contract is None or not any(each.lines for each in resources):
        return None
    payer = payer_of(contract, address=address_of(contract))
    runs = tuple(_runs(viewer, contract_id, month))
    return Slip(month, due_on(month), payee_of(contract.provider), payer, resources, runs)


def _resources(viewer, contract_id, month):
    asked = {"contract__in": accounts_of(viewer, action=Action.SEE_DEBT).filter(pk=contract_id), "month": month.first}
    lines = lines_of(Charge.objects.filter(**asked))
    balances = Balance.objects.filter(**asked)
    return in_order(ResourceMonth(Resource(row.resource), sums_of(row), lines[row.resource, month]) for row in balances)


def _runs(viewer, contract_id, month):
    for meter in meters_of(viewer, contract_id):
        for register in sorted(meter.registers.all(), key=lambda one: (one.quantity, one.tariff_number or 0, one.zone)):
            readings = standing(Reading.objects.filter(contract_id=contract_id, register=register))
            newest = readings.order_by("-taken_on", "-month")
            current = newest.filter(month=month.first).first()
            if current:
                yield _run(meter, register, current, newest.filter(month__lt=month.first).first())


def _run(meter, register, current, previous):
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
