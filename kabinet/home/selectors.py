"""What there is to do now, and what goes with an account, put together from the rooms below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kabinet.accounts import selectors as accounts
from kabinet.contracts import selectors as contracts
from kabinet.contracts.models import Contract
from kabinet.contracts.values import Viewer
from kabinet.providers.selectors import OpenProvider
from kabinet.providers.values import Resource, Section
from kabinet.readings.models import EFFECTIVE, SubmissionState
from kabinet.readings.selectors.drafts import drafts_of
from kabinet.readings.selectors.sheets import Line, Sheet, sheets_of
from kabinet.readings.values import Window


@dataclass(frozen=True, slots=True)
class ReadingsDuty:
    """How far the sending of one contract's readings is."""

    contract: Contract
    window: Window
    is_open: bool
    days_left: int | None
    total: int
    sent: int
    waiting: int
    refused: tuple[Line, ...]

    @property
    def name(self) -> str:
        """Tell contracts of one customer apart."""
        return f"{self.contract.customer_name}, №\N{NO-BREAK SPACE}{self.contract.customer_number}"

    @property
    def place(self) -> str:
        """Return what names the contract's block on the page of readings."""
        return str(self.contract.pk)

    @property
    def left(self) -> int:
        return self.total - self.sent

    @property
    def is_done(self) -> bool:
        return self.total > 0 and self.left == 0


@dataclass(frozen=True, slots=True)
class Todo:
    """The duties of the viewer: open windows first, the soonest to close at the top."""

    duties: tuple[ReadingsDuty, ...]

    @property
    def open_now(self) -> tuple[ReadingsDuty, ...]:
        return tuple(duty for duty in self.duties if duty.is_open and not duty.is_done and duty.total)

    @property
    def done(self) -> tuple[ReadingsDuty, ...]:
        return tuple(duty for duty in self.duties if duty.is_done)

    @property
    def refused(self) -> tuple[Line, ...]:
        return tuple(line for duty in self.duties for line in duty.refused)

    @property
    def later(self) -> tuple[ReadingsDuty, ...]:
        return tuple(duty for duty in self.duties if not duty.is_open and not duty.is_done)


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
    if Section.READINGS not in provider.policy.sections:
        return Todo(())
    sheets = sheets_of(viewer, provider, resource=Resource.COLD_WATER, today=today)
    return Todo(tuple(sorted((_duty(sheet, today=today) for sheet in sheets), key=_soonest)))


def _duty(sheet: Sheet[Line], *, today: date) -> ReadingsDuty:
    live = [line for line in sheet.lines if line.is_live]
    return ReadingsDuty(
        contract=sheet.contract,
        window=sheet.window,
        is_open=sheet.is_open,
        days_left=(sheet.window.closes - today).days if sheet.window.closes else None,
        total=len(live),
        sent=_count(live, EFFECTIVE),
        waiting=_count(live, (SubmissionState.SENT, SubmissionState.PASSED)),
        refused=tuple(line for line in live if line.sent and line.sent.state == SubmissionState.REFUSED),
    )


def _count(lines: Sequence[Line], states: Sequence[str]) -> int:
    return sum(line.sent is not None and line.sent.state in states for line in lines)


def _soonest(duty: ReadingsDuty) -> tuple[bool, date]:
    return not duty.is_open, duty.window.closes or duty.window.opens
