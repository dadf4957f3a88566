"""What is known of the registers of some meters, of several contracts at once, in as many statements as for one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kabinet.contracts.models import Contract, Meter, Register
from kabinet.contracts.values import ContractKind, EntryStatus
from kabinet.kernel.periods import Month
from kabinet.providers.selectors import OpenProvider
from kabinet.providers.values import Resource
from kabinet.readings.models import Draft, Submission, SubmissionState
from kabinet.readings.rules.fractions import takes_fraction
from kabinet.readings.selectors.history import Known, known_in, limits_of, of_month
from kabinet.readings.selectors.sheets import Line, Sheet
from kabinet.readings.selectors.windows import openings_of
from kabinet.readings.values import Limits


def sheets_with(
    meters: Mapping[Contract, Sequence[Meter]], provider: OpenProvider, *, today: date
) -> list[Sheet[Line]]:
    """Put a sheet of each contract together, with these of its meters."""
    openings = openings_of(meters.keys(), provider, today=today)
    months = {
        register.pk: openings[contract.pk].window.month
        for contract, own in meters.items()
        for meter in own
        for register in meter.registers.all()
    }
    facts = _facts([contract.pk for contract in meters], months)
    return [
        Sheet(
            contract,
            openings[contract.pk].window,
            closed=openings[contract.pk].closed,
            lines=tuple(
                _line(meter, register, contract=contract, facts=facts, provider=provider, today=today)
                for meter in own
                for register in meter.registers.all()
            ),
        )
        for contract, own in meters.items()
    ]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of registers, each by the month that is sent of it."""

    months: Mapping[UUID, Month]
    known: Mapping[UUID, Known]
    drafts: Mapping[UUID, str]
    sent: Mapping[UUID, Submission]


def _facts(contract_ids: Collection[UUID], months: Mapping[UUID, Month]) -> _Facts:
    if not months:
        return _Facts(months, known={}, drafts={}, sent={})
    now = of_month("register", months)
    sent = Submission.objects.filter(now, contract_id__in=contract_ids).exclude(state=SubmissionState.WITHDRAWN)
    return _Facts(
        months,
        known=known_in(contract_ids, months),
        drafts=dict(Draft.objects.filter(now).values_list("register_id", "raw")),
        sent={row.register_id: row for row in sent.order_by("register", "-sent_at", "-id").distinct("register")},
    )


def _line(
    meter: Meter, register: Register, *, contract: Contract, facts: _Facts, provider: OpenProvider, today: date
) -> Line:
    known, month = facts.known[register.pk], facts.months[register.pk]
    replaced = next(iter(meter.replaces.all()), None)
    return Line(
        meter=meter,
        register=register,
        replaces=replaced.number if replaced else "",
        previous=known.previous,
        newest=None,
        limits=_limits(known, meter, register, provider=provider, month=month, today=today),
        draft=facts.drafts.get(register.pk, ""),
        sent=facts.sent.get(register.pk),
        is_live=EntryStatus.AWAITING == meter.entry_status == meter.point.entry_status,
        takes_fraction=takes_fraction(Resource(meter.resource), ContractKind(contract.kind)),
    )


def _limits(
    known: Known, meter: Meter, register: Register, *, provider: OpenProvider, month: Month, today: date
) -> Limits:
    days = (today - known.previous.taken_on).days if known.previous else month.days
    return limits_of(
        known,
        month=month,
        resource=Resource(meter.resource),
        policy=provider.policy.plausibility,
        physical_per_day=register.physical_limit_per_day,
        days=days,
    )
