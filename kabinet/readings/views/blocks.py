"""A sheet as its page shows it: finished strings, codes for the words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language

from kabinet.infra import ids
from kabinet.kernel.digits import pad
from kabinet.kernel.formats import format_day, format_month, format_number
from kabinet.readings.forms import TypedPage
from kabinet.readings.models import EFFECTIVE
from kabinet.readings.selectors.sheets import Line, Sheet
from kabinet.readings.values import Fate, Mistake, Outcome


@dataclass(frozen=True, slots=True)
class Row:
    """One register of the page."""

    id: str
    meter_number: str
    address: str
    make: str
    verification_due: str
    is_unverified: bool
    integer_digits: int
    fraction_digits: int
    previous: str
    previous_digits: str
    previous_on: str
    previous_source: str
    value: str
    usual_limit: str
    is_live: bool
    state: str
    state_reason: str
    consumption: str
    problems: tuple[Mistake, ...]
    to_confirm: tuple[Mistake, ...]
    notes: tuple[Mistake, ...]
    suggestions: tuple[str, ...]
    replaces: str


@dataclass(frozen=True, slots=True)
class Block:
    """One contract of the page."""

    id: str
    customer_name: str
    number: str
    deadline_day: int | None
    period: str
    deadline: str
    opens: str
    closes: str
    today: str
    closed: Mistake | None
    is_before: bool
    key: str
    rows: tuple[Row, ...]
    sent_count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """How a sending went as a whole (READ-03)."""

    sent: int
    unchanged: int
    to_confirm: int
    refused: int

    @property
    def not_sent(self) -> int:
        return self.to_confirm + self.refused


def summary_of(outcomes: Sequence[Outcome]) -> Summary | None:
    if not outcomes:
        return None
    fates = [outcome.fate for outcome in outcomes]
    return Summary(
        sent=fates.count(Fate.SENT),
        unchanged=fates.count(Fate.UNCHANGED),
        to_confirm=fates.count(Fate.TO_CONFIRM),
        refused=fates.count(Fate.REFUSED),
    )


def block_of(sheet: Sheet, *, today: date, typed: TypedPage | None, outcomes: Sequence[Outcome]) -> Block:
    """Return a contract's block; a typed value stays in its field whatever became of it."""
    language = get_language() or "ru"
    window = sheet.window
    of_register = {outcome.register_id: outcome for outcome in outcomes}
    rows = tuple(
        _row(line, today=today, typed=typed, outcome=of_register.get(line.register.pk)) for line in sheet.lines
    )
    return Block(
        id=str(sheet.contract.pk),
        customer_name=sheet.contract.customer_name,
        number=sheet.contract.number,
        deadline_day=sheet.contract.deadline_day,
        period=format_month(sheet.month, language),
        deadline=format_day(window.deadline, language) if window.deadline else "",
        opens=format_day(window.opens, language),
        closes=format_day(window.closes, language) if window.closes else "",
        today=format_day(today, language),
        closed=sheet.closed,
        is_before=today < window.opens,
        key=str(ids.new()),
        rows=rows,
        sent_count=sum(row.state in EFFECTIVE for row in rows),
    )


def _row(line: Line, *, today: date, typed: TypedPage | None, outcome: Outcome | None) -> Row:
    language = get_language() or "ru"
    previous = line.previous
    value = _value(line, typed)
    replaced = next(iter(line.meter.replaces.all()), None)
    return Row(
        id=str(line.register.pk),
        meter_number=line.meter.number,
        address=line.meter.point.address,
        make=line.meter.make,
        verification_due=format_day(line.meter.verification_due, language) if line.meter.verification_due else "",
        is_unverified=line.is_unverified_on(today),
        integer_digits=line.register.integer_digits,
        fraction_digits=line.register.fraction_digits,
        previous=_shown(previous.value, line) if previous else "",
        previous_digits=str(int(previous.value)) if previous else "",
        previous_on=format_day(previous.taken_on, language) if previous else "",
        previous_source=_source(line),
        value=value,
        usual_limit=format_number(line.limits.usual, language),
        is_live=line.is_live,
        state=line.sent.state if line.sent else "",
        state_reason=line.sent.reason if line.sent else "",
        consumption=_consumption(line, value, language),
        problems=outcome.problems if outcome and outcome.fate is Fate.REFUSED else (),
        to_confirm=outcome.problems if outcome and outcome.fate is Fate.TO_CONFIRM else (),
        notes=outcome.notes if outcome else (),
        suggestions=outcome.suggestions if outcome and outcome.fate is not Fate.SENT else (),
        replaces=replaced.number if replaced else "",
    )


def _value(line: Line, typed: TypedPage | None) -> str:
    """What stands in the field: what was typed now, else the draft, else what was sent."""
    raw = typed.raw_of(line.register.pk) if typed else None
    if raw is not None:
        return raw
    if line.draft or not line.sent or line.sent.state not in EFFECTIVE:
        return line.draft or (line.sent.raw if line.sent else "")
    return _shown(line.sent.value, line)


def _shown(value: Decimal, line: Line) -> str:
    """Write a value as the dial does; one that the dial cannot show is written plainly."""
    try:
        return pad(value, line.register.integer_digits)
    except ValueError:
        return str(value.to_integral_value())


def _source(line: Line) -> str:
    if line.previous is None:
        return ""
    return line.previous.source if line.previous.is_accepted else "sent"


def _consumption(line: Line, raw: str, language: str) -> str:
    if not raw or line.previous is None:
        return ""
    consumption = line.verdict_on(raw).consumption
    return "" if consumption is None else format_number(consumption, language)
