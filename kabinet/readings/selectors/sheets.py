"""The sheets on which readings are sent: one per contract, a line per register."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from kabinet.contracts.models import Contract, Meter, Register
from kabinet.contracts.rules import rights
from kabinet.contracts.values import Action, ContractKind, EntryStatus, Viewer
from kabinet.infra.statements import Row
from kabinet.kernel.periods import Month
from kabinet.providers.selectors import OpenProvider
from kabinet.providers.values import Resource
from kabinet.readings.models import SewageVolume, Submission
from kabinet.readings.rules import mistakes
from kabinet.readings.rules.fractions import takes_fraction
from kabinet.readings.selectors.history import limits_of
from kabinet.readings.selectors.lines import Asked, Found, FoundContract, found_by, found_in
from kabinet.readings.selectors.windows import why_closed_in, window_by_day
from kabinet.readings.values import Dial, Limits, Measured, Mistake, Previous, Verdict, Window
from kabinet.tariffs.selectors import norm_uses_of
from kabinet.tariffs.values import NormUse


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


# The statement's answer where it came beside the one that says who asks.
Rows = Sequence[Row] | None

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
    replaces: str
    previous: Previous | None
    newest: tuple[date, Decimal] | None
    limits: Limits
    draft: str
    sent: Submission | None
    is_live: bool
    past: tuple[Measured, ...] = ()
    takes_fraction: bool = False

    @property
    def row_id(self) -> UUID:
        return self.register.pk

    @property
    def dial(self) -> Dial:
        return Dial(self.register.integer_digits, self.register.fraction_digits, self.takes_fraction)

    def verdict_on(self, raw: str) -> Verdict:
        """Judge a typed reading against what is known of this register."""
        before: Decimal | None = self.previous.value if self.previous else None
        return mistakes.verdict(raw, dial=self.dial, previous=before, limits=self.limits)

    def is_unverified_on(self, day: date) -> bool:
        return self.meter.verification_due is not None and self.meter.verification_due <= day


def sheets_of(
    viewer: Viewer, provider: OpenProvider, *, resource: Resource | None, today: date, rows: Rows = None
) -> list[Sheet[Line]]:
    """Return a sheet for each contract on which the viewer may send: by one statement at the most."""
    allowed = [m.contract_id for m in viewer.memberships if rights.may(m.role, Action.SEND_READINGS)]
    return _sheets(viewer.user_id, allowed, Asked(provider, resource, today), rows) if allowed else []


def sheet_of(contract: Contract, user_id: UUID | None, *, asked: Asked) -> Sheet[Line]:
    """Return the sheet of one contract as a person who has the right to send finds it.

    Without a person the whole contract is found: whoever calls has asked by other means whether it may be shown. A
    LookupError where the right has gone meanwhile.
    """
    for sheet in _sheets(user_id, [contract.pk], replace(asked, contract_id=contract.pk)):
        return sheet
    raise LookupError(contract.pk)


def _sheets(user_id: UUID | None, allowed: Sequence[UUID], asked: Asked, rows: Rows = None) -> list[Sheet[Line]]:
    """Put sheets together; where the office gave contracts another window than their day does, ask once more."""
    found = found_by(user_id, allowed, asked) if rows is None else found_in(rows)
    windows = {one.contract.pk: _window(one, asked) for one in found}
    if any(windows[one.contract.pk].month != one.month for one in found):
        moved = tuple((of, window.month) for of, window in windows.items())
        found = found_by(user_id, allowed, replace(asked, moved=moved))
    norms = {} if user_id is None else _norms(windows, found, asked)
    return [_sheet(one, windows[one.contract.pk], asked, norms.get(one.contract.pk, {})) for one in found]


def _norms(
    windows: Mapping[UUID, Window], found: Sequence[FoundContract], asked: Asked
) -> Mapping[UUID, Mapping[Resource, NormUse]]:
    """Return what the norms give the people of each account; a firm's contract has none, and nothing is asked for it.

    Without a person none are read: whoever tried at what reading the doubt begins would learn how many live there.
    """
    accounts = [one.contract.pk for one in found if one.contract.kind == ContractKind.HOUSEHOLD]
    return norm_uses_of({of: windows[of].month for of in accounts}, provider_id=asked.provider.row.pk)


def _window(found: FoundContract, asked: Asked) -> Window:
    return window_by_day(
        found.contract.deadline_day,
        asked.provider,
        extensions=found.extensions,
        today=asked.today,
        closed=found.closed,
    )


def _sheet(found: FoundContract, window: Window, asked: Asked, norms: Mapping[Resource, NormUse]) -> Sheet[Line]:
    closed = why_closed_in(found.contract, asked.provider, window, closed=found.closed, today=asked.today)
    kind = ContractKind(found.contract.kind)
    lines = tuple(_line(one, kind=kind, asked=asked, month=window.month, norms=norms) for one in found.registers)
    return Sheet(found.contract, window, closed=closed, lines=lines)


def _line(found: Found, *, kind: ContractKind, asked: Asked, month: Month, norms: Mapping[Resource, NormUse]) -> Line:
    meter = found.meter
    resource = Resource(meter.resource)
    return Line(
        meter=meter,
        register=found.register,
        replaces=found.replaces,
        previous=found.known.previous,
        newest=found.newest,
        limits=_limits(found, asked=asked, month=month, norm=norms.get(resource)),
        draft=found.draft,
        sent=found.sent,
        is_live=EntryStatus.AWAITING == meter.entry_status == meter.point.entry_status,
        past=found.known.accepted,
        takes_fraction=takes_fraction(resource, kind),
    )


def _limits(found: Found, *, asked: Asked, month: Month, norm: NormUse | None) -> Limits:
    known = found.known
    days = (asked.today - known.previous.taken_on).days if known.previous else month.days
    return limits_of(
        known,
        month=month,
        resource=Resource(found.meter.resource),
        policy=asked.provider.policy.plausibility,
        physical_per_day=found.register.physical_limit_per_day,
        days=days,
        norm=norm,
    )
