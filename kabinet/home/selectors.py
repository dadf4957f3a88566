"""What there is to do now, and what goes with an account, put together from the rooms below."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import Q

from kabinet.accounts import selectors as accounts
from kabinet.billing.models import ReconciliationAct
from kabinet.billing.selectors import acts_of
from kabinet.billing.selectors.debts import ToPay, to_pay_of
from kabinet.billing.values import ActState
from kabinet.contracts import selectors as contracts
from kabinet.contracts.models import Contract
from kabinet.contracts.rules import rights
from kabinet.contracts.values import Action, Viewer
from kabinet.providers.selectors import OpenProvider
from kabinet.providers.values import Resource, Section
from kabinet.readings.models import EFFECTIVE, SubmissionState
from kabinet.readings.selectors.drafts import drafts_of
from kabinet.readings.selectors.duties import SendingStand, stands_of_contracts
from kabinet.readings.selectors.household import sheets_of_flats
from kabinet.readings.selectors.sheets import AnyLine, Line, Sheet, sheets_of
from kabinet.readings.selectors.verification import DueOfContract, due_of_contracts
from kabinet.readings.selectors.volumes import volume_sheets_of
from kabinet.readings.values import Window
from kabinet.tickets.models import Ticket
from kabinet.tickets.selectors import unread_of

LineT = TypeVar("LineT", bound=AnyLine)

# A refusal that is older has been read, or asked about.
REFUSAL_IS_SHOWN: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that billing did not take: its meter's number, or of a volume its address."""

    section: Section
    name: str
    reason: str
    # The supply point at the page of the business portal.
    place: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """How far the sending of one contract's readings, or of its volumes, is."""

    section: Section
    contract: Contract
    window: Window
    is_open: bool
    total: int
    sent: int
    waiting: int
    refused: tuple[Refusal, ...]
    # Refusals that are counted alone.
    refused_beside: int = 0

    @property
    def name(self) -> str:
        """Tell contracts of one customer apart; a household's is its account."""
        if self.section is Section.HOUSEHOLD_READINGS:
            return self.contract.number
        if self.section is Section.POINT_READINGS:
            return f"{self.contract.customer_name}, №\N{NO-BREAK SPACE}{self.contract.number}"
        return f"{self.contract.customer_name}, №\N{NO-BREAK SPACE}{self.contract.customer_number}"

    @property
    def place(self) -> str:
        """Return what names the contract's block on its page."""
        return str(self.contract.pk)

    @property
    def left(self) -> int:
        return self.total - self.sent

    @property
    def is_done(self) -> bool:
        return self.total > 0 and self.left == 0


class Next(StrEnum):
    """What the person will read of next, when there is nothing to do."""

    WINDOW = "window"
    PERIOD = "period"
    CORRECTION = "correction"
    ACT = "act"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Todo:
    """The duties of the viewer, open windows first, the soonest to close at the top; and the acts he asked for.

    `answered` are his tickets with an answer that he has not read, `to_verify` the contracts with meters whose
    verification comes or is over, `to_pay` the accounts that owe something.
    """

    duties: tuple[Duty, ...] = ()
    acts: tuple[ReconciliationAct, ...] = ()
    answered: tuple[Ticket, ...] = ()
    to_verify: tuple[DueOfContract, ...] = ()
    to_pay: tuple[ToPay, ...] = ()
    next: Next = Next.WINDOW

    @property
    def has_troubles(self) -> bool:
        """Say whether something was refused, or a verification presses: then not everything is well."""
        return bool(self.refused or self.refused_acts) or any(due.presses for due in self.to_verify)

    @property
    def open_now(self) -> tuple[Duty, ...]:
        return tuple(duty for duty in self.duties if duty.is_open and not duty.is_done and duty.total)

    @property
    def done(self) -> tuple[Duty, ...]:
        return tuple(duty for duty in self.duties if duty.is_done)

    @property
    def refused(self) -> tuple[Refusal, ...]:
        return tuple(refusal for duty in self.duties for refusal in duty.refused)

    @property
    def with_more_refused(self) -> tuple[Duty, ...]:
        return tuple(duty for duty in self.duties if duty.refused_beside)

    @property
    def later(self) -> tuple[Duty, ...]:
        return tuple(duty for duty in self.duties if not duty.is_open and not duty.is_done and duty.total)

    @property
    def ready_acts(self) -> tuple[ReconciliationAct, ...]:
        return self._acts(ActState.PREPARED)

    @property
    def awaited_acts(self) -> tuple[ReconciliationAct, ...]:
        return self._acts(ActState.REQUESTED)

    @property
    def refused_acts(self) -> tuple[ReconciliationAct, ...]:
        return self._acts(ActState.REFUSED)

    def _acts(self, state: ActState) -> tuple[ReconciliationAct, ...]:
        return tuple(act for act in self.acts if act.state == state)


@dataclass(frozen=True, slots=True)
class Belongings:
    """What goes with an account, and what keeps the person from being erased with it."""

    contracts: tuple[Contract, ...]
    drafts: int
    elsewhere: tuple[str, ...]
    is_of_an_office: bool

    @property
    def is_last(self) -> bool:
        return not self.elsewhere and not self.is_of_an_office


def belongings_of(viewer: Viewer) -> Belongings:
    others = accounts.other_parts_of(viewer.user_id, than=viewer.provider_id)
    return Belongings(
        contracts=tuple(contracts.contracts_of(viewer)),
        drafts=drafts_of(viewer),
        elsewhere=tuple(part.provider.short_name for part in others),
        is_of_an_office=accounts.works_in_an_office(viewer.user_id),
    )


def todo_of(viewer: Viewer, provider: OpenProvider, *, today: date) -> Todo:
    """Return what the sections of the provider's policy leave to do, wait for, or mend."""
    sections = provider.policy.sections
    duties: list[Duty] = []
    if Section.READINGS in sections:
        cold = sheets_of(viewer, provider, resource=Resource.COLD_WATER, today=today)
        duties += [_duty(sheet, Section.READINGS, called=lambda line: line.meter.number) for sheet in cold]
    if Section.SEWAGE_VOLUMES in sections:
        hot = volume_sheets_of(viewer, provider, today=today)
        duties += [_duty(sheet, Section.SEWAGE_VOLUMES, called=lambda line: line.point.address) for sheet in hot]
    if Section.HOUSEHOLD_READINGS in sections:
        duties += [_duty_of_flat(sheet, today=today) for sheet in sheets_of_flats(viewer, provider, today=today)]
    to_verify: tuple[DueOfContract, ...] = ()
    if Section.POINT_READINGS in sections:
        duties += [_duty_of_points(stand) for stand in stands_of_contracts(viewer, provider, today=today)]
        to_verify = tuple(due_of_contracts(viewer, today=today))
    acts = _acts(viewer, provider, today=today) if Section.RECONCILIATION_ACTS in sections else ()
    has_tickets = not {Section.TICKETS, Section.REQUESTS}.isdisjoint(sections)
    answered = tuple(unread_of(viewer)) if has_tickets else ()
    to_pay = tuple(to_pay_of(viewer)) if Section.SLIP in sections else ()
    return Todo(tuple(sorted(duties, key=_soonest)), acts, answered, to_verify, to_pay, _next(viewer, sections, duties))


def _next(viewer: Viewer, sections: Collection[Section], duties: Iterable[Duty]) -> Next:
    """Return what concerns the person by his roles: whoever sends nothing is told of no window."""
    roles = {membership.role for membership in viewer.memberships}
    if any(rights.may(role, Action.SEND_READINGS) for role in roles):
        if Section.POINT_READINGS not in sections:
            return Next.WINDOW
        return Next.CORRECTION if any(duty.is_done and duty.is_open for duty in duties) else Next.PERIOD
    may_ask = any(rights.may(role, Action.ASK_FOR_RECONCILIATION) for role in roles)
    return Next.ACT if may_ask and Section.RECONCILIATION_ACTS in sections else Next.ANSWER


def _duty(sheet: Sheet[LineT], section: Section, *, called: Callable[[LineT], str]) -> Duty:
    live = [line for line in sheet.lines if line.is_live]
    return Duty(
        section=section,
        contract=sheet.contract,
        window=sheet.window,
        is_open=sheet.is_open,
        total=len(live),
        sent=_count(live, EFFECTIVE),
        waiting=_count(live, (SubmissionState.SENT, SubmissionState.PASSED)),
        refused=tuple(
            Refusal(section, called(line), line.sent.reason)
            for line in live
            if line.sent and line.sent.state == SubmissionState.REFUSED
        ),
    )


def _duty_of_flat(sheet: Sheet[Line], *, today: date) -> Duty:
    """Count meters, whose zones go together; on days outside of the window nothing presses."""
    meters: defaultdict[UUID, list[Line]] = defaultdict(list)
    for line in sheet.lines:
        if line.is_live:
            meters[line.meter.pk].append(line)
    of_registers = _duty(sheet, Section.HOUSEHOLD_READINGS, called=lambda line: line.meter.number)
    waiting = (SubmissionState.SENT, SubmissionState.PASSED)
    return replace(
        of_registers,
        is_open=sheet.is_open and sheet.window.holds(today),
        total=len(meters),
        sent=sum(_count(own, EFFECTIVE) == len(own) for own in meters.values()),
        waiting=sum(_count(own, waiting) > 0 for own in meters.values()),
    )


def _duty_of_points(stand: SendingStand) -> Duty:
    """Count the meters of a contract, whose registers go together (READ-11)."""
    section = Section.POINT_READINGS
    return Duty(
        section=section,
        contract=stand.contract,
        window=stand.opening.window,
        is_open=stand.opening.closed is None,
        total=stand.total,
        sent=stand.gone,
        waiting=stand.waiting,
        refused=tuple(Refusal(section, one.number, one.reason, str(one.point)) for one in stand.refused_meters),
        refused_beside=stand.refused - len(stand.refused_meters),
    )


def _count(lines: Sequence[AnyLine], states: Sequence[str]) -> int:
    return sum(line.sent is not None and line.sent.state in states for line in lines)


def _soonest(duty: Duty) -> tuple[bool, date]:
    return not duty.is_open, duty.window.closes or duty.window.opens


def _acts(viewer: Viewer, provider: OpenProvider, *, today: date) -> tuple[ReconciliationAct, ...]:
    """Return the newest act of each period that is not in the customer's hands; a refusal for a while."""
    since = datetime.combine(today - REFUSAL_IS_SHOWN, time.min, provider.row.zone)
    found = acts_of(viewer).filter(Q(state__in=[ActState.REQUESTED, ActState.PREPARED]) | Q(state_at__gte=since))
    newest: dict[tuple[UUID, date, date], ReconciliationAct] = {}
    for act in found:
        newest.setdefault((act.contract_id, act.since, act.until), act)
    return tuple(act for act in newest.values() if act.state != ActState.RECEIVED)
