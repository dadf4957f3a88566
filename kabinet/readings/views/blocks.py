"""A sheet as its page shows it: finished strings and dials."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kabinet.infra import ids
from kabinet.kernel.digits import pad
from kabinet.kernel.formats import format_day, format_month, format_number
from kabinet.readings.forms import TypedPage
from kabinet.readings.models import EFFECTIVE
from kabinet.readings.selectors.sheets import Line, Sheet
from kabinet.readings.values import Fate, Mistake, Outcome, WindowState
from kabinet.readings.views import words
from kabinet.web.components import Dial, DialDrawing


@dataclass(frozen=True, slots=True)
class Doubt:
    """A mistake that the sender may confirm."""

    code: Mistake
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One register of the page."""

    id: str
    meter_number: str
    address: str
    make: str
    verification_due: str
    is_unverified: bool
    replaces: str
    previous: str
    previous_on: str
    previous_source: str
    dial: Dial
    state: str
    state_reason: str
    fate: Fate | None
    doubts: tuple[Doubt, ...]
    suggestions: tuple[str, ...]


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
    usual_closes: str
    today: str
    closed: Mistake | None
    is_before: bool
    key: str
    rows: tuple[Row, ...]
    drawing: DialDrawing | None
    sent_count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """How a sending went as a whole (READ-03)."""

    sent: int
    unchanged: int
    not_sent: int


def summary_of(fates: Sequence[Fate]) -> Summary | None:
    if not fates:
        return None
    return Summary(
        sent=fates.count(Fate.SENT),
        unchanged=fates.count(Fate.UNCHANGED),
        not_sent=fates.count(Fate.TO_CONFIRM) + fates.count(Fate.REFUSED),
    )


def block_of(sheet: Sheet, *, today: date, typed: TypedPage | None, outcomes: Sequence[Outcome]) -> Block:
    """Return a contract's block; a typed value stays in its field whatever became of it."""
    window = sheet.window
    of_register = {outcome.register_id: outcome for outcome in outcomes}
    rows = tuple(
        _row(line, sheet=sheet, today=today, typed=typed, outcome=of_register.get(line.register.pk))
        for line in sheet.lines
    )
    return Block(
        id=str(sheet.contract.pk),
        customer_name=sheet.contract.customer_name,
        number=sheet.contract.customer_number,
        deadline_day=sheet.contract.deadline_day,
        period=format_month(window.month, _language()),
        deadline=_day(window.deadline),
        opens=_day(window.opens),
        closes=_day(window.closes),
        usual_closes=_day(window.usual_closes),
        today=_day(today),
        closed=sheet.closed,
        is_before=window.state_on(today) is WindowState.NOT_YET,
        key=str(ids.new()),
        rows=rows,
        drawing=_drawing(sheet),
        sent_count=sum(row.state in EFFECTIVE for row in rows),
    )


def _row(line: Line, *, sheet: Sheet, today: date, typed: TypedPage | None, outcome: Outcome | None) -> Row:
    replaced = next(iter(line.meter.replaces.all()), None)
    is_refused = outcome is not None and outcome.fate is Fate.REFUSED
    is_doubtful = outcome is not None and outcome.fate is Fate.TO_CONFIRM
    problems = outcome.problems if outcome else ()
    digits = line.register.integer_digits
    return Row(
        id=str(line.register.pk),
        meter_number=line.meter.number,
        address=line.meter.point.address,
        make=line.meter.make,
        verification_due=_day(line.meter.verification_due),
        is_unverified=line.is_unverified_on(today),
        replaces=replaced.number if replaced else "",
        previous=_shown(line.previous.value, line) if line.previous else "",
        previous_on=_day(line.previous.taken_on) if line.previous else "",
        previous_source=_source(line),
        dial=_dial(
            line,
            value=_value(line, typed, closed=sheet.closed),
            is_disabled=not (sheet.is_open and line.is_live),
            errors=tuple(words.refusal(code, digits=digits) for code in problems) if is_refused else (),
            hints=words.notes(outcome.notes) if outcome else _warnings(line),
        ),
        state=line.sent.state if line.sent else "",
        state_reason=line.sent.reason if line.sent else "",
        fate=outcome.fate if outcome else None,
        doubts=tuple(Doubt(code, words.doubt(code)) for code in problems) if is_doubtful else (),
        suggestions=outcome.suggestions if outcome and (is_refused or is_doubtful) else (),
    )


def _dial(line: Line, *, value: str, is_disabled: bool, errors: tuple[str, ...], hints: tuple[str, ...]) -> Dial:
    register = line.register
    return Dial(
        name=f"value-{register.pk}",
        label=_("Текущее показание прибора учёта"),
        whole=register.integer_digits,
        fraction=register.fraction_digits,
        value=value,
        unit="м³",
        previous_value=str(int(line.previous.value)) if line.previous else "",
        consumption=_consumption(line, value),
        limit=str(int(line.limits.physical)) if line.limits.physical is not None else "",
        usual=str(int(line.limits.usual)),
        errors=errors,
        hints=hints,
        is_disabled=is_disabled,
        is_label_shown=True,
    )


def _warnings(line: Line) -> tuple[str, ...]:
    """Say what is doubtful about a draft: it is kept all the same (READ-01)."""
    if not line.draft:
        return ()
    verdict = line.verdict_on(line.draft)
    wrong = (words.refusal(code, digits=line.register.integer_digits) for code in verdict.blocking)
    return (*wrong, *map(words.doubt, verdict.to_confirm))


def _drawing(sheet: Sheet) -> DialDrawing | None:
    """Draw the dial of the contract's first meter, with its own digits (READ-17)."""
    line = next((line for line in sheet.lines if line.register.fraction_digits), None)
    if line is None:
        return None
    whole = _shown(line.previous.value, line) if line.previous else "0" * line.register.integer_digits
    red = "417"[: line.register.fraction_digits]
    return DialDrawing(len(whole), len(red), f"{whole}{red}")


def _value(line: Line, typed: TypedPage | None, *, closed: Mistake | None) -> str:
    """Return what stands in the field: what was typed now, else the draft, else what was sent until the period ends."""
    raw = typed.raw_of(line.register.pk) if typed else None
    if raw is not None:
        return raw
    if closed is Mistake.PERIOD_CLOSED:
        return ""
    if line.draft or line.sent is None:
        return line.draft
    return _shown(line.sent.value, line) if line.sent.state in EFFECTIVE else line.sent.raw


def _shown(value: Decimal, line: Line) -> str:
    """Write a value as the dial does; one that the dial cannot show is written plainly."""
    try:
        return pad(value, line.register.integer_digits)
    except ValueError:
        return str(value.to_integral_value())


def _source(line: Line) -> str:
    if line.previous is None:
        return ""
    return words.source(line.previous.source if line.previous.is_accepted else "sent")


def _consumption(line: Line, raw: str) -> str:
    consumption = line.verdict_on(raw).consumption if raw else None
    if consumption is None or consumption < 0:
        return ""
    return _("Расход: %(amount)s м³") % {"amount": format_number(consumption, _language())}


def _day(day: date | None) -> str:
    return format_day(day, _language()) if day else ""


def _language() -> str:
    return get_language() or "ru"
