"""The sheets on which readings are sent: one per contract, a line per register."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from kabinet.contracts import selectors as contracts
from kabinet.contracts.models import Contract, Meter, Register
from kabinet.contracts.values import Action, EntryStatus, Viewer
from kabinet.kernel.periods import Month
from kabinet.providers.selectors import OpenProvider
from kabinet.providers.values import Resource
from kabinet.readings.models import Draft, SewageVolume, Submission, SubmissionState
from kabinet.readings.rules import mistakes
from kabinet.readings.selectors.history import Known, known_in, limits_of, of_month
from kabinet.readings.selectors.windows import openings_of
from kabinet.readings.values import Dial, Limits, Mistake, Previous, Verdict, Window


class AnyLine(Protocol):
    """What lines of readings and of volumes share."""

    @property
    def row_id(self) -> UUID: ...
    @property
    def previous(self) -> Previous | None: ...
    @property
    def draft(self) -> str: ...
    @property
    def sent(self) -> Submission | SewageVolume | None: ...
    @property
    def is_live(self) -> bool: ...

    def verdict_on(self, raw: str) -> Verdict:
        """Judge what was typed against what is known."""

    def is_unverified_on(self, day: date) -> bool:
        """Say whether what measures is overdue for its verification."""


LineT_co = TypeVar("LineT_co", bound=AnyLine, covariant=True)


@dataclass(frozen=True, slots=True)
class Sheet(Generic[LineT_co]):
    """A contract's window and lines."""

    contract: Contract
    window: Window
    closed: Mistake | None
    lines: tuple[LineT_co, ...]

    @property
    def month(self) -> Month:
        return self.window.month

    @property
    def is_open(self) -> bool:
        return self.closed is None

    @property
    def row_ids(self) -> frozenset[UUID]:
        return frozenset(line.row_id for line in self.lines)


@dataclass(frozen=True, slots=True)
class Line:
    """A register of the sheet: what it showed, what was kept, what was sent."""

    meter: Meter
    register: Register
    previous: Previous | None
    limits: Limits
    draft: str
    sent: Submission | None
    is_live: bool

    @property
    def row_id(self) -> UUID:
        return self.register.pk

    @property
    def dial(self) -> Dial:
        return Dial(self.register.integer_digits, self.register.fraction_digits)

    def verdict_on(self, raw: str) -> Verdict:
        """Judge a typed reading against what is known of this register."""
        before: Decimal | None = self.previous.value if self.previous else None
        return mistakes.verdict(raw, dial=self.dial, previous=before, limits=self.limits)

    def is_unverified_on(self, day: date) -> bool:
        return self.meter.verification_due is not None and self.meter.verification_due <= day


def sheets_of(viewer: Viewer, provider: OpenProvider, *, resource: Resource, today: date) -> list[Sheet[Line]]:
    """Return a sheet for each contract on which the viewer may send."""
    allowed = contracts.contracts_of(viewer, action=Action.SEND_READINGS).current(today)
    meters: dict[UUID, list[Meter]] = defaultdict(list)
    for meter in _meters_of(viewer, resource=resource, today=today):
        meters[meter.contract_id].append(meter)
    return _sheets({contract: meters[contract.pk] for contract in allowed}, provider, today=today)


def sheet_of(contract: Contract, provider: OpenProvider, *, meters: Iterable[Meter], today: date) -> Sheet[Line]:
    """Return the sheet of one contract with these meters."""
    (sheet,) = _sheets({contract: list(meters)}, provider, today=today)
    return sheet


def _sheets(meters: Mapping[Contract, Sequence[Meter]], provider: OpenProvider, *, today: date) -> list[Sheet[Line]]:
    """Put sheets together: as many statements for all contracts as for one."""
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
                _line(meter, register, facts=facts, provider=provider, month=months[register.pk], today=today)
                for meter in own
                for register in meter.registers.all()
            ),
        )
        for contract, own in meters.items()
    ]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of registers, each by the month that is sent of it."""

    known: Mapping[UUID, Known]
    drafts: Mapping[UUID, str]
    sent: Mapping[UUID, Submission]


def _facts(contract_ids: Collection[UUID], months: Mapping[UUID, Month]) -> _Facts:
    now = of_month("register", months)
    sent = Submission.objects.filter(now, contract_id__in=contract_ids).exclude(state=SubmissionState.WITHDRAWN)
    return _Facts(
        known=known_in(contract_ids, months),
        drafts=dict(Draft.objects.filter(now).values_list("register_id", "raw")),
        sent={row.register_id: row for row in sent.order_by("register", "-sent_at", "-id").distinct("register")},
    )


def _line(
    meter: Meter, register: Register, *, facts: _Facts, provider: OpenProvider, month: Month, today: date
) -> Line:
    known = facts.known[register.pk]
    return Line(
        meter=meter,
        register=register,
        previous=known.previous,
        limits=_limits(known, meter, register, provider=provider, month=month, today=today),
        draft=facts.drafts.get(register.pk, ""),
        sent=facts.sent.get(register.pk),
        is_live=EntryStatus.AWAITING == meter.entry_status == meter.point.entry_status,
    )


def _meters_of(viewer: Viewer, *, resource: Resource, today: date) -> list[Meter]:
    return [
        meter
        for meter in contracts.meters_of(viewer, action=Action.SEND_READINGS).filter(resource=resource)
        if meter.valid_from <= today and (meter.valid_to is None or meter.valid_to > today)
    ]


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
